/** An IP address as bits. An IPv6 address that only wraps an IPv4 one (`::ffff:10.1.2.3`) is the IPv4 one. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** All addresses that share the first `prefix` bits of `bits`. */
export interface Network extends Address {
  readonly prefix: number;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const MAPPED = 0xffffn;

/**
 * Reads an address in any spelling of its family. A zone (`fe80::1%eth0`) is ignored. Octets with leading zeros, ports and
 * prefixes make it no address: undefined.
 */
export function addressOf(text: string): Address | undefined {
  if (text.length > 100) return undefined;
  if (!text.includes(':')) return ipv4(text);
  const zone = text.indexOf('%');
  if (zone === text.length - 1) return undefined;
  const bits = ipv6(zone === -1 ? text : text.slice(0, zone));
  if (bits === undefined) return undefined;
  return bits >> 32n === MAPPED ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

/**
 * Reads a network, `10.0.0.0/8` or `fe80::/10`; a lone address is a network of its own. Bits set behind the prefix make it
 * no network: undefined.
 */
export function networkOf(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = addressOf(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined || text.includes('%')) return undefined;
  const width = address.family === 4 ? 32 : 128;
  // The prefix counts the bits as written: of ::ffff:10.0.0.0/104, 96 belong to the wrapping.
  const wrapped = address.family === 4 && text.includes(':') ? 96 : 0;
  const digits = slash === -1 ? String(width + wrapped) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits)) return undefined;
  const prefix = Number(digits) - wrapped;
  if (prefix < 0 || prefix > width) return undefined;
  const rest = BigInt(width - prefix);
  return (address.bits >> rest) << rest === address.bits ? { ...address, prefix } : undefined;
}

/** Whether an address lies in a network. The two families never meet. */
export function contains(network: Network, address: Address): boolean {
  if (network.family !== address.family) return false;
  const rest = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
  return network.bits >> rest === address.bits >> rest;
}

function ipv4(text: string): Address | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) return undefined;
  return { family: 4, bits: octets.reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n) };
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (head === undefined || groups.includes(undefined)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])];
  return all.reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The 16-bit groups of one side of `::`; only the last may end as IPv4 is written. */
function groupsOf(half: string, last: boolean): bigint[] | undefined {
  if (half === '') return [];
  const words = half.split(':');
  const groups: bigint[] = [];
  for (const [index, word] of words.entries()) {
    if (GROUP.test(word)) {
      groups.push(BigInt(`0x${word}`));
      continue;
    }
    const tail = last && index === words.length - 1 ? ipv4(word) : undefined;
    if (tail === undefined) return undefined;
    groups.push(tail.bits >> 16n, tail.bits & 0xffffn);
  }
  return groups;
}
