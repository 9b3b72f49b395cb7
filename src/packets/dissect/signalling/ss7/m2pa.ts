import { u32 } from '../../../../lib/endian.ts';
import { adaptationMessage, type AdaptationMessage } from './adaptation.ts';

const USER_DATA = 1;
const LINK_STATUS = 2;

export interface M2pa extends Pick<AdaptationMessage, 'version' | 'class' | 'type' | 'length'> {
  /** Backward and forward sequence number, 24 bits each. */
  readonly backward: number;
  readonly forward: number;
  readonly priority: number | undefined;
  readonly status: number | undefined;
  /** Where a message of MTP 3 lies. */
  readonly data: { readonly at: number; readonly end: number } | undefined;
}

/**
 * MTP 2 between two nodes.
 *
 * @see RFC 4165, 2
 */
export function m2pa(bytes: Uint8Array, at: number, end: number): M2pa | undefined {
  const message = adaptationMessage(bytes, at, end);
  if (message === undefined || message.at + 8 > end) return undefined;
  const { version, class: family, type, length } = message;
  const from = message.at + 8;
  const to = Math.min(at + length, end);
  return {
    version,
    class: family,
    type,
    length,
    backward: u32(bytes, message.at) & 0xffffff,
    forward: u32(bytes, message.at + 4) & 0xffffff,
    priority: type === USER_DATA && from < to ? bytes[from]! >> 6 : undefined,
    status: type === LINK_STATUS && from + 4 <= to ? u32(bytes, from) : undefined,
    data: type === USER_DATA && from < to ? { at: from + 1, end: to } : undefined,
  };
}
