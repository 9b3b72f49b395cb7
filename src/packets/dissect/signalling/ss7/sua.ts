import { u16, u32 } from '../../../../lib/endian.ts';
import { adaptationMessage, adaptationParameters, type AdaptationMessage } from './adaptation.ts';

const SOURCE = 0x0102;
const DESTINATION = 0x0103;
const DATA = 0x010b;
const POINT_CODE = 0x8002;
const SUBSYSTEM = 0x8003;

export interface SuaAddress {
  readonly pointCode: number | undefined;
  readonly subsystem: number | undefined;
}

export interface Sua extends Pick<AdaptationMessage, 'version' | 'class' | 'type' | 'length'> {
  readonly source: SuaAddress | undefined;
  readonly destination: SuaAddress | undefined;
  /** Where the message of the user of SCCP lies. */
  readonly data: { readonly at: number; readonly end: number } | undefined;
}

/**
 * SCCP for users elsewhere.
 *
 * @see RFC 3868, 3.10
 */
export function sua(bytes: Uint8Array, at: number, end: number): Sua | undefined {
  const message = adaptationMessage(bytes, at, end);
  if (message === undefined) return undefined;
  let source: SuaAddress | undefined;
  let destination: SuaAddress | undefined;
  let data: Sua['data'];
  for (const { tag, at: from, end: to } of adaptationParameters(bytes, message.at, end)) {
    if (tag === SOURCE) source ??= address(bytes, from, to);
    if (tag === DESTINATION) destination ??= address(bytes, from, to);
    if (tag === DATA) data ??= { at: from, end: to };
  }
  const { version, class: family, type, length } = message;
  return { version, class: family, type, length, source, destination, data };
}

/** Two indicators, then parameters. */
function address(bytes: Uint8Array, at: number, end: number): SuaAddress {
  let pointCode: number | undefined;
  let subsystem: number | undefined;
  for (const { tag, at: from, end: to } of adaptationParameters(bytes, at + 4, end)) {
    if (from + 4 > to) continue;
    if (tag === POINT_CODE) pointCode ??= u32(bytes, from);
    if (tag === SUBSYSTEM) subsystem ??= u16(bytes, from + 2) & 0xff;
  }
  return { pointCode, subsystem };
}
