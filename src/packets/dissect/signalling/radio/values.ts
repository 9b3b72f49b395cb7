import { u32 } from '../../../../lib/endian.ts';
import { Per } from '../asn1/per.ts';
import { addressText } from '../gtp/values.ts';
import type { PartElement } from './application-part.ts';

/** One end of a tunnel of a user. */
export interface Endpoint {
  readonly address: string | undefined;
  readonly teid: number;
}

/** A network, as `262-01`: country and network. */
export function network(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (at + 3 > end) return undefined;
  const [a, b, c] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
  const third = b >> 4 === 15 ? '' : (b >> 4).toString(16);
  const country = [a & 15, a >> 4, b & 15].map((digit) => digit.toString(16)).join('');
  return `${country}-${(c & 15).toString(16)}${(c >> 4).toString(16)}${third}`;
}

/** The first network that elements of these kinds name: it stands behind some bits, at their first whole byte. */
export function networkIn(
  bytes: Uint8Array,
  elements: readonly PartElement[],
  kinds: ReadonlySet<number>,
): string | undefined {
  const named = elements.find((element) => kinds.has(element.id));
  return named && network(bytes, named.at + 1, named.end);
}

/**
 * The number of a base station, behind the network that it is of.
 *
 * @param sized Whether the number says of how many bits it is, from 22 to 32; otherwise it has 20.
 */
export function station(bytes: Uint8Array, { at, end }: PartElement, sized: boolean): number | undefined {
  const per = new Per(bytes, at + 4, end);
  // A kind of base station that has no such number, or is no such station.
  if (per.bits(sized ? 1 : 2) !== 0) return undefined;
  const size = sized ? 22 + per.bits(4) : 20;
  const whole = per.number(Math.ceil(size / 8));
  return per.failed || size > 32 ? undefined : Math.floor(whole / 2 ** (8 * Math.ceil(size / 8) - size));
}

/** The number of a user that an element of this kind holds, of as many bytes as stand before it, at most `most`. */
export function userIn(
  bytes: Uint8Array,
  elements: readonly PartElement[],
  kind: number,
  most: number,
): number | undefined {
  const element = elements.find((one) => one.id === kind);
  if (element === undefined) return undefined;
  const per = new Per(bytes, element.at, element.end);
  const value = per.counted(most);
  return per.failed ? undefined : value;
}

/** An address of a transport layer, and the number of the tunnel. Two addresses, of IPv4 and IPv6, may stand in one. */
export function endpoint(bytes: Uint8Array, per: Per): Endpoint | undefined {
  if (per.flag()) return undefined; // longer than any that is known
  const size = Math.ceil((per.bits(8) + 1) / 8);
  const address = per.octets(size);
  const teid = per.octets(4);
  if (per.failed) return undefined;
  const both = size === 20 ? address.at + 4 : address.end;
  return { address: addressText(bytes, address.at, both), teid: u32(bytes, teid.at) };
}

/** Goes past the quality of a bearer: class, priority and, if told, four bit rates. False where it has extensions. */
export function passQuality(per: Per): boolean {
  const [extended, rates, more] = [per.flag(), per.flag(), per.flag()];
  per.number(1);
  const [priorityExtended, priorityMore] = [per.flag(), per.flag()];
  per.bits(6);
  if (extended || more || priorityExtended || priorityMore) return false;
  if (!rates) return true;
  const [ratesExtended, ratesMore] = [per.flag(), per.flag()];
  for (let rate = 0; rate < 4; rate++) per.counted(5);
  return !ratesExtended && !ratesMore;
}
