import { u32 } from '../../../../lib/endian.ts';
import { adaptationMessage, adaptationParameters, type AdaptationMessage } from './adaptation.ts';

const INTERFACE = 0x0001;
const PROTOCOL_DATA = 0x0300;
/** As in Japan: the length indicator, with the priority in it, stands before the message. */
const PROTOCOL_DATA_TTC = 0x0301;

export interface M2ua extends Pick<AdaptationMessage, 'version' | 'class' | 'type' | 'length'> {
  /** Number of the link, where it is told by number. */
  readonly interface: number | undefined;
  /** Where a message of MTP 3 lies. */
  readonly data: { readonly at: number; readonly end: number } | undefined;
}

/**
 * MTP 2 for users elsewhere.
 *
 * @see RFC 3331, 3.3.1
 */
export function m2ua(bytes: Uint8Array, at: number, end: number): M2ua | undefined {
  const message = adaptationMessage(bytes, at, end);
  if (message === undefined) return undefined;
  let number: number | undefined;
  let data: M2ua['data'];
  for (const { tag, at: from, end: to } of adaptationParameters(bytes, message.at, end)) {
    if (tag === INTERFACE && from + 4 <= to) number ??= u32(bytes, from);
    if (tag === PROTOCOL_DATA) data ??= { at: from, end: to };
    if (tag === PROTOCOL_DATA_TTC && from < to) data ??= { at: from + 1, end: to };
  }
  const { version, class: family, type, length } = message;
  return { version, class: family, type, length, interface: number, data };
}
