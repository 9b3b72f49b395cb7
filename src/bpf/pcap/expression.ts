/**
 * An expression of the pcap-filter language, as plain data.
 *
 * Numbers are unsigned and in host order. What is left out is not restricted: a `host` without `network` is looked for in
 * IPv4, ARP and RARP, a `port` without `protocol` in TCP, UDP and SCTP, and without `direction` either end may match.
 *
 * The order of `of` matters: `vlan`, `mpls`, `pppoes` and `geneve` move the headers of everything written after them.
 *
 * @see pcap-filter(7) of libpcap 1.10.3
 * @example
 * and({ kind: 'protocol', name: 'udp' }, { kind: 'relation', op: '=', left: load('udp', 8, 2), right: 0x7255 });
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | Relation
  | Primitive;

export type Primitive =
  | { readonly kind: 'protocol'; readonly name: ProtocolName }
  /** A protocol by its number; without `within` it is an IP protocol of either version. */
  | { readonly kind: 'proto'; readonly within?: Encapsulating | undefined; readonly number: number }
  | (Addressed & { readonly kind: 'host'; readonly address: Address })
  | (Addressed & { readonly kind: 'net'; readonly address: Address; readonly prefix: number })
  /** An IPv4 network whose mask is no prefix. */
  | (Addressed & { readonly kind: 'masked'; readonly address: number; readonly mask: number })
  /** A hardware address, 48 bits in one number. */
  | { readonly kind: 'ether'; readonly direction?: Direction | undefined; readonly address: number }
  /** A DECnet address: area in the upper 6 bits, node in the lower 10. */
  | { readonly kind: 'decnet'; readonly direction?: Direction | undefined; readonly address: number }
  | (OnTransport & { readonly kind: 'port'; readonly port: number })
  /** Both ends belong to the range. */
  | (OnTransport & { readonly kind: 'portrange'; readonly from: number; readonly to: number })
  | { readonly kind: 'broadcast'; readonly on: 'ether' | 'ip' }
  | { readonly kind: 'multicast'; readonly on: 'ether' | 'ip' | 'ip6' }
  | { readonly kind: 'vlan'; readonly id?: number | undefined }
  | { readonly kind: 'mpls'; readonly label?: number | undefined }
  | { readonly kind: 'pppoes'; readonly session?: number | undefined }
  | { readonly kind: 'geneve'; readonly vni?: number | undefined }
  | { readonly kind: 'llc'; readonly type?: LlcType | undefined }
  | { readonly kind: 'inbound' | 'outbound' }
  | { readonly kind: 'ifindex'; readonly index: number };

interface Addressed {
  readonly network?: 'ip' | 'ip6' | 'arp' | 'rarp' | undefined;
  readonly direction?: Direction | undefined;
}

interface OnTransport {
  readonly protocol?: 'tcp' | 'udp' | 'sctp' | undefined;
  readonly direction?: Direction | undefined;
}

export type Direction = 'src' | 'dst' | 'src and dst';

/** An IPv4 address is one number, an IPv6 address four, the first bytes first. */
export type Address = number | Ip6Address;

export type Ip6Address = readonly [number, number, number, number];

export type Encapsulating = 'ether' | 'ip' | 'ip6' | 'iso' | 'isis';

/** The keywords that by themselves ask for a protocol. */
export const PROTOCOL_NAMES = [
  ...(['ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'sctp', 'icmp', 'icmp6', 'igmp', 'igrp', 'pim', 'vrrp'] as const),
  ...(['carp', 'ah', 'esp', 'atalk', 'aarp', 'decnet', 'lat', 'sca', 'moprc', 'mopdl', 'pppoed', 'iso'] as const),
  ...(['clnp', 'esis', 'isis', 'l1', 'l2', 'iih', 'lsp', 'snp', 'csnp', 'psnp', 'stp', 'ipx', 'netbeui'] as const),
] as const;

export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

/** The types of LLC frames: information, supervisory and unnumbered, and single ones of the latter two. */
export const LLC_TYPES = [
  ...(['i', 's', 'u', 'rr', 'rnr', 'rej', 'ui', 'ua', 'disc', 'sabme', 'test', 'xid', 'frmr', 'dm'] as const),
] as const;

export type LlcType = (typeof LLC_TYPES)[number];

/** A comparison, unsigned; a packet without the protocols that its terms load from does not match, whatever `op` is. */
export interface Relation {
  readonly kind: 'relation';
  readonly op: RelationOperator;
  readonly left: Term;
  readonly right: Term;
}

export type RelationOperator = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** A number, or the length of the packet in bytes, or what is made of such; arithmetic is modulo 2^32. */
export type Term = number | 'len' | Load | Arithmetic | { readonly kind: 'negative'; readonly of: Term };

/** Bytes of a packet, big-endian; `index` counts from the header of `protocol`. */
export interface Load {
  readonly kind: 'load';
  readonly protocol: LoadProtocol;
  readonly index: Term;
  readonly size: 1 | 2 | 4;
}

/** What has an index: `ether` is the link-layer header, whatever the link. */
export const LOAD_PROTOCOLS = [
  ...(['ether', 'ip', 'ip6', 'arp', 'rarp', 'atalk', 'decnet', 'lat', 'sca', 'moprc', 'mopdl'] as const),
  ...(['tcp', 'udp', 'sctp', 'icmp', 'igmp', 'igrp', 'pim', 'vrrp', 'carp', 'icmp6'] as const),
] as const;

export type LoadProtocol = (typeof LOAD_PROTOCOLS)[number];

export interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly op: ArithmeticOperator;
  readonly left: Term;
  readonly right: Term;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';

/** All of these; of none, every packet. What is already such a list becomes part of it. */
export function and(...of: readonly Expression[]): Expression {
  return listOf('and', of);
}

/** One of these; of none, no packet. */
export function or(...of: readonly Expression[]): Expression {
  return listOf('or', of);
}

export function not(of: Expression): Expression {
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

export function load(protocol: LoadProtocol, index: Term, size: Load['size'] = 1): Load {
  return { kind: 'load', protocol, index, size };
}

/** What two constants make is a constant; what libpcap would refuse to compute is left as it stands. */
export function arithmetic(op: ArithmeticOperator, left: Term, right: Term): Term {
  if (typeof left !== 'number' || typeof right !== 'number' || isRefused(op, right)) {
    return { kind: 'arithmetic', op, left, right };
  }
  return FOLD[op](left, right) >>> 0;
}

export function negative(of: Term): Term {
  return typeof of === 'number' ? -of >>> 0 : { kind: 'negative', of };
}

/** Whether libpcap takes no such constant as the right operand. */
export function isRefused(op: ArithmeticOperator, right: number): boolean {
  return op === '/' || op === '%' ? right === 0 : (op === '<<' || op === '>>') && right > 31;
}

const FOLD: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': Math.imul,
  '/': (left, right) => Math.floor(left / right),
  '%': (left, right) => left % right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => left << right,
  '>>': (left, right) => left >>> right,
};

function listOf(kind: 'and' | 'or', of: readonly Expression[]): Expression {
  const flat = of.flatMap((part) => (part.kind === kind ? part.of : [part]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, of: flat };
}
