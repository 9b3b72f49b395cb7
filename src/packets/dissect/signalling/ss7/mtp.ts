import { u32le } from '../../../../lib/endian.ts';

/** A signal unit of a link; the message of MTP 3, if it has one, lies from `at` to `end`. */
export interface Mtp2 {
  readonly backward: number;
  readonly forward: number;
  /** Bytes that follow, 63 standing for all longer ones: 0 fills the link, 1 and 2 tell its state. */
  readonly length: number;
  readonly at: number;
  readonly end: number;
}

/** @see ITU-T Q.703, 2.2 */
export function mtp2(bytes: Uint8Array, at: number, end: number): Mtp2 | undefined {
  if (at + 3 > end) return undefined;
  return {
    backward: bytes[at]! & 0x7f,
    forward: bytes[at + 1]! & 0x7f,
    length: bytes[at + 2]! & 0x3f,
    at: at + 3,
    end,
  };
}

/** How point codes are written: 14 bits and a link of 4 bits, or 24 bits and a link of 8. */
export type Mtp3Variant = 'itu' | 'ansi';

/** A message between signalling points; that of its user lies from `at` to `end`. */
export interface Mtp3 {
  readonly service: number;
  readonly network: number;
  readonly destination: number;
  readonly origin: number;
  readonly link: number;
  readonly at: number;
  readonly end: number;
}

/** @see ITU-T Q.704, 2.2 and 14.2; ANSI T1.111.4 */
export function mtp3(bytes: Uint8Array, at: number, end: number, variant: Mtp3Variant): Mtp3 | undefined {
  const header = variant === 'itu' ? 5 : 8;
  if (at + header > end) return undefined;
  const service = bytes[at]! & 0x0f;
  const network = bytes[at]! >> 6;
  const rest = { at: at + header, end };
  if (variant === 'itu') {
    const label = u32le(bytes, at + 1);
    return {
      service,
      network,
      destination: label & 0x3fff,
      origin: (label >>> 14) & 0x3fff,
      link: label >>> 28,
      ...rest,
    };
  }
  const code = (from: number): number => u32le(bytes, from) & 0xffffff;
  return { service, network, destination: code(at + 1), origin: code(at + 4), link: bytes[at + 7]!, ...rest };
}
