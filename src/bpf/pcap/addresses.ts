import { ipText } from '../../lib/ip-address.ts';
import type { Address, Ip6Address } from './expression.ts';

const ETHER =
  /^(?:[0-9A-Fa-f]{1,2}([-:.])[0-9A-Fa-f]{1,2}(?:\1[0-9A-Fa-f]{1,2}){4}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}|[0-9A-Fa-f]{12})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

/** Reads a hardware address in any of the spellings of libpcap, as one number of 48 bits. */
export function ethernetAddress(text: string): number | undefined {
  if (text.length < 11 || text.length > 17 || !ETHER.test(text)) return undefined;
  const pairs = text.length === 12 || /^.{4}\./.test(text);
  const digits = pairs
    ? text.replaceAll('.', '')
    : text
        .split(/[-:.]/)
        .map((byte) => byte.padStart(2, '0'))
        .join('');
  return Number.parseInt(digits, 16);
}

export function ethernetText(address: number): string {
  return (address.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
}

/**
 * Reads the numbers of an IPv4 address or of a network written short (`10.1`), in decimal.
 *
 * @returns The address with zeros for what is left out, and how many bits are there.
 */
export function dottedAddress(text: string): { readonly address: number; readonly bits: number } | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length > 4 || !parts.every((part) => part <= 255)) return undefined;
  const bits = 8 * parts.length;
  return { address: parts.reduce((sum, part) => sum * 256 + part, 0) * 2 ** (32 - bits), bits };
}

/** Reads an IPv6 address without a zone. */
export function ip6Address(text: string): Ip6Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail] = halves.map((half) => (half === '' ? [] : groupsOf(half)));
  if (head.includes(undefined) || tail?.includes(undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: tail === undefined ? 0 : missing }, () => 0), ...(tail ?? [])];
  const word = (index: number): number => (groups[2 * index] ?? 0) * 65536 + (groups[2 * index + 1] ?? 0);
  return [word(0), word(1), word(2), word(3)];
}

export function addressText(address: Address): string {
  const words = typeof address === 'number' ? [address] : address;
  return ipText(words.flatMap((word) => [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff)));
}

/** A word of 32 bits with the first `count` set; all for 32 and more, none for 0 and less. */
export function prefixMask(count: number): number {
  return count <= 0 ? 0 : (0xffffffff << (32 - Math.min(count, 32))) >>> 0;
}

/** The length of the prefix that a mask is; undefined when it is none. */
export function prefixOf(mask: number): number | undefined {
  const prefix = Math.clz32(~mask >>> 0);
  return prefixMask(prefix) === mask ? prefix : undefined;
}

function groupsOf(half: string): (number | undefined)[] {
  return half.split(':').flatMap((group, index, all): (number | undefined)[] => {
    if (GROUP.test(group)) return [Number.parseInt(group, 16)];
    const dotted = index === all.length - 1 && /^\d+\.\d+\.\d+\.\d+$/.test(group) ? dottedAddress(group) : undefined;
    return dotted === undefined ? [undefined] : [dotted.address >>> 16, dotted.address & 0xffff];
  });
}
