import { u16 } from '../../lib/endian.ts';
import type { Addresses } from '../../packets/flows/addresses.ts';

/** Header of INIT and INIT ACK before their parameters. */
const FIXED = 20;
const IPV4 = 5;
const IPV6 = 6;
/** More addresses than a node of several networks has. */
const MOST = 8;

/**
 * The addresses that a side of an association says it has, besides the one that it sends from.
 *
 * @param chunk Where an INIT or INIT ACK begins; what it holds ends before `limit`.
 * @see RFC 9260, 3.3.2.1
 */
export function listedAddresses(
  bytes: Uint8Array,
  chunk: number,
  limit: number,
  addresses: Addresses,
): readonly number[] {
  const end = Math.min(limit, chunk + u16(bytes, chunk + 2));
  const listed: number[] = [];
  for (let at = chunk + FIXED; at + 4 <= end && listed.length < MOST;) {
    const [type, length] = [u16(bytes, at), u16(bytes, at + 2)];
    if (length < 4 || at + length > end) break;
    if (type === IPV4 && length === 8) listed.push(addresses.at(bytes, at + 4, 4));
    else if (type === IPV6 && length === 20) listed.push(addresses.at(bytes, at + 4, 16));
    at += (length + 3) & ~3;
  }
  return listed;
}
