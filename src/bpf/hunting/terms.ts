import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import type { Buffer } from './layers.ts';
import { lowestBit, type Term } from './rule.ts';

/** Where the bits of a fact begin, counted from a part of the packet that Suricata has a name for. */
interface Spot {
  readonly buffer: Buffer;
  readonly bit: number;
}

/** Bytes of headers that are always there. */
const SIZES: Readonly<Record<number, { readonly buffer?: Buffer; readonly bytes: number }>> = {
  1: { buffer: 'icmpv4.hdr', bytes: 8 },
  17: { buffer: 'udp.hdr', bytes: 8 },
  58: { buffer: 'icmpv6.hdr', bytes: 8 },
  132: { bytes: 12 },
};

/**
 * What a Suricata rule asks for a fact.
 *
 * @param protocol The IP protocol of the rule.
 * @returns undefined where the rule language has no words for it.
 */
export function termsOf(
  fact: Fact,
  protocol: number | undefined,
  region: DescribedRegion,
): readonly Term[] | undefined {
  if (fact.width === 0 || fact.bit === undefined) return undefined;
  const label = labelOf(fact);
  if (label === 'end') return protocol === undefined ? undefined : endingOf(fact);
  const spot = spotOf({ label, bit: fact.bit, width: fact.width, of: fact.protocol }, protocol, region);
  return spot === undefined ? undefined : bitsAt(spot, fact);
}

const labelOf = ({ at }: Fact): string => at.replace(/[+-]\d+$/, '');

/** Some bits of a layer, as facts have them. */
interface Bits {
  readonly label: string;
  readonly bit: number;
  readonly width: number;
  /** The protocol whose header the layer is, where that is known. */
  readonly of?: string | undefined;
}

/** @param protocol The IP protocol of the rule. */
export function spotOf(
  { label, bit, width, of }: Bits,
  protocol: number | undefined,
  region: DescribedRegion,
): Spot | undefined {
  switch (label) {
    case 'payload':
      return { buffer: 'payload', bit };
    case 'icmp':
    case 'icmpv6':
    case 'transport':
      if (protocol === 6) return inTcp(bit, width, region);
      return protocol === undefined ? undefined : behind(bit, SIZES[protocol]);
    case 'network':
      if (of === 'ipv6') return bit < 320 ? { buffer: 'ipv6.hdr', bit } : undefined;
      if (of !== 'ip') return undefined;
      return bit + width <= 32 * Math.max(5, leastWords(region, 'network', 4))
        ? { buffer: 'ipv4.hdr', bit }
        : undefined;
    default:
      return undefined;
  }
}

function behind(bit: number, header: (typeof SIZES)[number] | undefined): Spot | undefined {
  if (header === undefined || bit < 0) return undefined;
  if (bit >= 8 * header.bytes) return { buffer: 'payload', bit: bit - 8 * header.bytes };
  return header.buffer === undefined ? undefined : { buffer: header.buffer, bit };
}

/** What lies behind the fixed part is option or content, by the length of the header. */
function inTcp(bit: number, width: number, region: DescribedRegion): Spot | undefined {
  const least = leastWords(region, 'transport', 96);
  if (bit >= 0 && bit + width <= 32 * Math.max(5, least)) return { buffer: 'tcp.hdr', bit };
  const only = region.facts.find((fact) => labelOf(fact) === 'transport' && fact.bit === 96);
  return only?.value === undefined || bit < 32 * least ? undefined : { buffer: 'payload', bit: bit - 32 * least };
}

/** The fewest 32-bit words that a header has, by four bits of it; 0 where nothing is asked of them. */
function leastWords({ facts }: DescribedRegion, label: string, bit: number): number {
  const fact = facts.find(
    (one) => labelOf(one) === label && one.bit === bit && one.width >= 4 && one.mask === undefined,
  );
  const first = fact?.intervals[0]?.[0];
  return fact === undefined || first === undefined || fact.width > 8 ? 0 : Math.floor(first / 2 ** (fact.width - 4));
}

function bitsAt({ buffer, bit }: Spot, fact: Fact): readonly Term[] | undefined {
  const { width, value, mask, intervals } = fact;
  const offset = Math.floor(bit / 8);
  if (offset < 0) return undefined;
  const size = Math.ceil((bit + width) / 8) - offset;
  const after = 8 * (offset + size) - bit - width;
  const ones = 2n ** BigInt(width) - 1n;
  if (value !== undefined) {
    const masked = (mask ?? ones) << BigInt(after);
    const bytes = bytesOf(value << BigInt(after), size);
    const masks = bytesOf(masked, size);
    if (masks.every((byte) => byte === 0xff)) return [{ kind: 'content', buffer, offset, bytes }];
    if (size <= 4) return [numberTerm(buffer, offset, size, Number(masked), Number(value << BigInt(after)))];
    return [...masks].flatMap((byte, at) => (byte === 0 ? [] : [numberTerm(buffer, offset + at, 1, byte, bytes[at]!)]));
  }
  if (size > 4 || intervals.length === 0) return undefined;
  return [{ kind: 'number', buffer, offset, size, mask: Number(ones << BigInt(after)), intervals }];
}

function numberTerm(buffer: Buffer, offset: number, size: number, mask: number, bits: number): Term {
  const value = bits / lowestBit(mask);
  return { kind: 'number', buffer, offset, size, mask, intervals: [[value, value]] };
}

function bytesOf(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Number((value >> BigInt(8 * (size - 1 - at))) & 0xffn));
}

/** The last bytes of the packet, which are the last of its content as long as nothing is padded. */
function endingOf({ bit, width, value, mask }: Fact): readonly Term[] | undefined {
  if (value === undefined || mask !== undefined || bit === undefined || width % 8 !== 0 || bit + width !== 0)
    return undefined;
  return [{ kind: 'ending', bytes: bytesOf(value, width / 8) }];
}
