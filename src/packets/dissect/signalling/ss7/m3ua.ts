import { u32 } from '../../../../lib/endian.ts';
import { adaptationMessage, adaptationParameters, type AdaptationMessage } from './adaptation.ts';

const ROUTING_CONTEXT = 0x0006;
const PROTOCOL_DATA = 0x0210;

/** A message of the user of MTP 3, from `at` to `end`. */
export interface M3uaData {
  /** Point codes it comes from and goes to. */
  readonly origin: number;
  readonly destination: number;
  readonly service: number;
  readonly network: number;
  readonly priority: number;
  readonly link: number;
  readonly at: number;
  readonly end: number;
}

export interface M3ua extends Pick<AdaptationMessage, 'version' | 'class' | 'type' | 'length'> {
  readonly routingContexts: readonly number[];
  readonly data: M3uaData | undefined;
}

/**
 * MTP 3 for users elsewhere.
 *
 * @see RFC 4666, 3.3.1
 */
export function m3ua(bytes: Uint8Array, at: number, end: number): M3ua | undefined {
  const message = adaptationMessage(bytes, at, end);
  if (message === undefined) return undefined;
  const routingContexts: number[] = [];
  let data: M3uaData | undefined;
  for (const parameter of adaptationParameters(bytes, message.at, end)) {
    if (parameter.tag === ROUTING_CONTEXT) {
      for (let from = parameter.at; from + 4 <= parameter.end; from += 4) routingContexts.push(u32(bytes, from));
    }
    if (parameter.tag === PROTOCOL_DATA) data ??= protocolData(bytes, parameter.at, parameter.end);
  }
  const { version, class: family, type, length } = message;
  return { version, class: family, type, length, routingContexts, data };
}

function protocolData(bytes: Uint8Array, at: number, end: number): M3uaData | undefined {
  if (at + 12 > end) return undefined;
  return {
    origin: u32(bytes, at),
    destination: u32(bytes, at + 4),
    service: bytes[at + 8]!,
    network: bytes[at + 9]!,
    priority: bytes[at + 10]!,
    link: bytes[at + 11]!,
    at: at + 12,
    end,
  };
}
