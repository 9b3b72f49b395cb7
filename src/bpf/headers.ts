import { LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import type { Ancillary, Formula, Load } from './formula.ts';
import { NETWORK_HEADER, type Link } from './link.ts';
import type { Bits } from './solve.ts';

/** What one way through a program has learned about the headers of the packet. */
export interface Headers {
  readonly link: Link;
  /** Where the number of the network protocol stands; undefined where the link has none. */
  readonly typeAt: number | undefined;
  readonly networkAt: number;
  /** The network protocol as an EtherType, once it is known. */
  readonly type: number | undefined;
  readonly notTypes: readonly number[];
  /** The IP protocol, once it is known. */
  readonly protocol: number | undefined;
  readonly notProtocols: readonly number[];
  /** Where the transport header begins in the network header, once that is the same for all packets of this way. */
  readonly transportAt: number | undefined;
}

/** Up to here the number that stands for an EtherType is the length of a frame, or means something else to the kernel. */
const MOST_LENGTHS = 1535;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ARP = 0x0806;
const RARP = 0x8035;
const PPPOE = 0x8864;
const VLAN: readonly number[] = [0x8100, 0x88a8, 0x9100];
const PPP_TYPES = new Map([
  [0x21, IPV4],
  [0x57, IPV6],
]);
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** The header of a fragment of an IPv6 packet: its first byte says which header comes next. */
const FRAGMENT = 44;
const FRAGMENT_HEADER = 8;
const ARP_BODY = 28;

/** IP protocols that we name, with the length of the header that is no payload yet. */
const TRANSPORTS: Readonly<Record<number, { readonly name: string; readonly header: number }>> = {
  1: { name: 'icmp', header: 8 },
  2: { name: 'igmp', header: 0 },
  6: { name: 'tcp', header: 20 },
  17: { name: 'udp', header: 8 },
  47: { name: 'gre', header: 0 },
  50: { name: 'esp', header: 0 },
  51: { name: 'ah', header: 0 },
  58: { name: 'icmp6', header: 8 },
  89: { name: 'ospf', header: 0 },
  112: { name: 'vrrp', header: 0 },
  132: { name: 'sctp', header: 12 },
};

/** The transport protocols that have ports. */
export type PortProtocol = 'tcp' | 'udp' | 'sctp';

const PORT_PROTOCOLS: Readonly<Record<number, PortProtocol>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };

export function transportName(protocol: number): string {
  return TRANSPORTS[protocol]?.name ?? `IP protocol ${protocol}`;
}

/**
 * What is known before the first instruction.
 *
 * @param boundTo EtherType that the socket is bound to: it sees nothing else.
 */
export function headersOf(link: Exclude<Link, 'any'>, boundTo?: number): Headers {
  const { at = 0, typeAt = undefined } = NETWORK_HEADER[link] ?? {};
  const headers: Headers = {
    link,
    typeAt,
    networkAt: at,
    type: undefined,
    notTypes: [],
    protocol: link === 'udp-socket' ? 17 : link === 'icmp6-socket' ? 58 : undefined,
    notProtocols: [],
    transportAt: undefined,
  };
  return (boundTo !== undefined && boundTo > MOST_LENGTHS && learnType(headers, boundTo, true)) || headers;
}

/** A place in a packet: an offset within a layer. `variable` offsets depend on the packet in a way that has no name. */
export interface Place {
  readonly layer: 'link' | 'network' | 'transport' | 'payload' | 'end' | 'variable' | 'message';
  readonly offset: number;
}

/** Where a load reads. */
export function placeOf({ index }: Load, headers: Headers): Place {
  const { constant, terms } = sumOf(index);
  if (terms.length === 0) return fixedPlace(constant, headers);
  const header = terms.find((term) => headerStart(term) !== undefined);
  const start = header === undefined ? undefined : headerStart(header);
  const rest = terms.filter((term) => term !== header);
  const offset = (constant - (start ?? 0)) | 0;
  if (rest.length === 0) return { layer: 'transport', offset };
  const [only] = rest;
  if (rest.length === 1 && only !== undefined && isTcpHeaderLength(only, headers)) {
    if (start !== undefined) return { layer: 'payload', offset };
    const within = fixedPlace(constant, headers);
    if (within.layer === 'transport') return { layer: 'payload', offset: within.offset };
  }
  if (rest.length === 1 && only?.kind === 'length' && header === undefined)
    return { layer: 'end', offset: constant | 0 };
  return { layer: 'variable', offset };
}

function fixedPlace(constant: number, headers: Headers): Place {
  const { link, networkAt, transportAt = Infinity } = headers;
  if (link === 'netlink') return { layer: 'message', offset: constant };
  if (link === 'udp-socket' || link === 'icmp6-socket') return { layer: 'transport', offset: constant };
  if (constant >= LINK_AREA && constant < NETWORK_AREA) return { layer: 'link', offset: constant - LINK_AREA };
  const offset = constant >= NETWORK_AREA ? constant - NETWORK_AREA : constant - networkAt;
  if (offset < 0) return { layer: 'link', offset: constant };
  return offset >= transportAt ? { layer: 'transport', offset: offset - transportAt } : { layer: 'network', offset };
}

/** A sum taken apart. */
function sumOf(formula: Formula): { readonly constant: number; readonly terms: readonly Formula[] } {
  if (formula.kind === 'constant') return { constant: formula.value, terms: [] };
  if (formula.kind !== 'operation' || formula.operator !== 'add') return { constant: 0, terms: [formula] };
  const left = sumOf(formula.left);
  const right = sumOf(formula.right);
  return { constant: (left.constant + right.constant) >>> 0, terms: [...left.terms, ...right.terms] };
}

/** Where the IPv4 header begins whose length in bytes a formula is: `4 * ([14] & 0xf)`. */
function headerStart(formula: Formula): number | undefined {
  const field = fieldOf(formula);
  if (field === undefined || field.mask !== 0x0f || field.shift !== 2 || field.load.size !== 1) return undefined;
  return field.load.index.kind === 'constant' ? field.load.index.value : undefined;
}

/** Whether a formula is the length in bytes of the TCP header. */
function isTcpHeaderLength(formula: Formula, headers: Headers): boolean {
  const field = fieldOf(formula);
  if (field === undefined || field.mask !== 0xf0 || field.shift !== -2 || field.load.size !== 1) return false;
  const { layer, offset } = placeOf(field.load, headers);
  return layer === 'transport' && offset === 12;
}

/** A part of a load, moved: `mask` applies to the load, a positive `shift` is to the left. */
function fieldOf(formula: Formula): { readonly load: Load; readonly mask: number; readonly shift: number } | undefined {
  if (formula.kind === 'load') return { load: formula, mask: formula.bits, shift: 0 };
  if (formula.kind !== 'operation' || formula.right.kind !== 'constant') return undefined;
  const inner = fieldOf(formula.left);
  if (inner === undefined) return undefined;
  const { load, mask, shift } = inner;
  const c = formula.right.value;
  const back = (bits: number) => (shift > 0 ? bits >>> shift : bits << -shift);
  switch (formula.operator) {
    case 'and':
      return { load, mask: (mask & back(c)) >>> 0, shift };
    case 'lsh':
      return { load, mask, shift: shift + c };
    case 'rsh':
      return { load, mask: (mask & back(-1 << c)) >>> 0, shift: shift - c };
    default:
      return undefined;
  }
}

/** What a value is in the packet, told by where it lies and by what is known of the headers before it. */
export interface Role {
  readonly kind: 'etherType' | 'version' | 'ipProtocol' | 'port' | 'field' | 'payload';
  /** The protocol that it belongs to; undefined where the program has not looked. */
  readonly protocol: string | undefined;
  /** Layer and offset in words: `payload+0`, `icmp+8`. */
  readonly at: string;
  /** Offset of a port in the transport header. */
  readonly offset?: number;
}

export function roleOf(value: Load | Ancillary, headers: Headers): Role {
  if (value.kind === 'ancillary') {
    const kind = value.name === 'protocol' ? 'etherType' : 'field';
    return { kind, protocol: 'socket', at: value.name };
  }
  const { size } = value;
  const { layer, offset } = placeOf(value, headers);
  const at = `${layer}+${offset}`;
  switch (layer) {
    case 'link':
      return { kind: offset === headers.typeAt && size === 2 ? 'etherType' : 'field', protocol: 'link', at };
    case 'message':
      return { kind: offset < NETLINK_HEADER ? 'field' : 'payload', protocol: 'netlink', at };
    case 'network':
      return networkRole(offset, size, headers);
    case 'transport':
      return transportRole(offset, size, headers);
    case 'payload':
      return { kind: 'payload', protocol: 'tcp', at };
    case 'end':
      return { kind: 'payload', protocol: protocolName(headers), at: offset < 0 ? `end${offset}` : at };
    case 'variable':
      return { kind: 'payload', protocol: protocolName(headers), at: `variable${offset < 0 ? '' : '+'}${offset}` };
  }
}

/** struct nlmsghdr */
const NETLINK_HEADER = 16;

function networkRole(offset: number, size: number, headers: Headers): Role {
  const { type, protocol } = headers;
  const at = `network+${offset}`;
  if (type === ARP || type === RARP) return { kind: offset < ARP_BODY ? 'field' : 'payload', protocol: 'arp', at };
  if (type === PPPOE && headers.typeAt === headers.networkAt + PPPOE_TYPE && offset === PPPOE_TYPE && size === 2) {
    return { kind: 'etherType', protocol: 'pppoe', at };
  }
  if (type === IPV6) {
    const nextHeader = offset === 6 || (offset === IPV6_HEADER && protocol === FRAGMENT);
    const kind = nextHeader && size === 1 ? 'ipProtocol' : offset === 0 && size === 1 ? 'version' : 'field';
    return { kind, protocol: 'ip6', at };
  }
  if (type !== undefined && type !== IPV4) return { kind: 'payload', protocol: undefined, at };
  const name = type === IPV4 ? 'ip' : undefined;
  if (offset >= IPV4_HEADER) {
    const mayHavePorts = protocol === undefined || protocol in PORT_PROTOCOLS;
    if (mayHavePorts && size === 2 && offset < IPV4_HEADER + 4)
      return { kind: 'port', protocol: protocolName(headers), at, offset: offset - IPV4_HEADER };
    return { kind: 'payload', protocol: protocolName(headers) ?? name, at };
  }
  if (size === 1 && offset === 0) return { kind: 'version', protocol: name, at };
  if (size === 1 && (offset === 9 || (offset === 6 && type === undefined && headers.notTypes.includes(IPV4)))) {
    return { kind: 'ipProtocol', protocol: name, at };
  }
  return { kind: 'field', protocol: name, at };
}

function transportRole(offset: number, size: number, headers: Headers): Role {
  const { protocol } = headers;
  const name = protocolName(headers);
  const hasPorts = protocol === undefined || protocol in PORT_PROTOCOLS;
  if (hasPorts && offset >= 0 && offset + size <= 4 && size > 1) {
    return { kind: 'port', protocol: name, at: `transport+${offset}`, offset };
  }
  const header = protocol === undefined ? 0 : (TRANSPORTS[protocol]?.header ?? 0);
  const kind = offset < header ? 'field' : 'payload';
  if (protocol === 1 || protocol === 58) return { kind, protocol: name, at: `${name}+${offset}` };
  if (kind === 'payload' && (protocol === 17 || protocol === 132)) {
    return { kind, protocol: name, at: `payload+${offset - header}` };
  }
  return { kind, protocol: name, at: `transport${offset < 0 ? '' : '+'}${offset}` };
}

function protocolName({ protocol }: Headers): string | undefined {
  return protocol === undefined ? undefined : transportName(protocol);
}

/** The name of a transport protocol, where it is one that has ports. */
export function portProtocolOf({ protocol }: Headers): PortProtocol | undefined {
  return protocol === undefined ? undefined : PORT_PROTOCOLS[protocol];
}

const PPPOE_TYPE = 6;
const PPPOE_HEADER = 8;

/**
 * What is known after a comparison came out equal, or unequal.
 *
 * @returns undefined when what was known before excludes it.
 */
export function learn(headers: Headers, { of, value, mask }: Bits, equal: boolean): Headers | undefined {
  const role = roleOf(of, headers);
  switch (role.kind) {
    case 'etherType':
      if (mask !== 0xffff && of.kind === 'load') return headers;
      if (role.protocol === 'pppoe') return equal ? insidePppoe(headers, value) : headers;
      return learnType(headers, headers.link === 'ppp' ? (PPP_TYPES.get(value) ?? value) : value, equal);
    case 'version': {
      if ((mask & 0xf0) !== 0xf0) return headers;
      const type = value >> 4 === 4 ? IPV4 : value >> 4 === 6 ? IPV6 : undefined;
      if (type === undefined || (!equal && mask !== 0xf0)) return headers;
      const learned = learnType(headers, type, equal);
      const plain = type === IPV4 && equal && (mask & 0x0f) === 0x0f && (value & 0x0f) === IPV4_HEADER / 4;
      return learned && plain ? { ...learned, transportAt: IPV4_HEADER } : learned;
    }
    case 'ipProtocol':
      return mask === 0xff ? learnProtocol(headers, value, equal) : headers;
    default:
      return headers;
  }
}

function learnType(headers: Headers, type: number, equal: boolean): Headers | undefined {
  const { notTypes, networkAt } = headers;
  if (headers.type !== undefined) return (headers.type === type) === equal ? headers : undefined;
  if (notTypes.includes(type)) return equal ? undefined : headers;
  if (!equal) return { ...headers, notTypes: including(notTypes, type) };
  if (headers.typeAt !== undefined && VLAN.includes(type)) {
    return { ...headers, typeAt: networkAt + 2, networkAt: networkAt + 4, notTypes: [] };
  }
  if (type === IPV6) return { ...headers, type, notTypes: [], transportAt: IPV6_HEADER };
  if (type === PPPOE) return { ...headers, type, notTypes: [], typeAt: networkAt + PPPOE_TYPE };
  return { ...headers, type, notTypes: [] };
}

/** More exclusions than this say nothing more about a path. */
const MOST_EXCLUSIONS = 32;

function including(values: readonly number[], value: number): readonly number[] {
  return values.length < MOST_EXCLUSIONS ? [...values, value].sort((a, b) => a - b) : values;
}

function insidePppoe(headers: Headers, value: number): Headers {
  return {
    ...headers,
    type: PPP_TYPES.get(value) ?? value,
    networkAt: headers.networkAt + PPPOE_HEADER,
    typeAt: undefined,
    transportAt: PPP_TYPES.get(value) === IPV6 ? IPV6_HEADER : undefined,
  };
}

function learnProtocol(headers: Headers, protocol: number, equal: boolean): Headers | undefined {
  const { notProtocols } = headers;
  if (headers.protocol === FRAGMENT) return equal ? { ...headers, protocol } : headers;
  if (headers.protocol !== undefined) return (headers.protocol === protocol) === equal ? headers : undefined;
  if (notProtocols.includes(protocol)) return equal ? undefined : headers;
  if (equal && protocol === FRAGMENT && headers.type === IPV6) {
    return { ...headers, protocol, notProtocols: [], transportAt: IPV6_HEADER + FRAGMENT_HEADER };
  }
  if (equal) return { ...headers, protocol, notProtocols: [] };
  return { ...headers, notProtocols: including(notProtocols, protocol) };
}

/** What two ways have in common where they meet. */
export function meet(one: Headers, other: Headers): Headers {
  if (one === other) return one;
  const shared = (a: readonly number[], b: readonly number[]) => a.filter((value) => b.includes(value));
  const sameLevel = one.networkAt === other.networkAt && one.typeAt === other.typeAt;
  return {
    link: one.link,
    typeAt: sameLevel ? one.typeAt : undefined,
    networkAt: sameLevel ? one.networkAt : Math.min(one.networkAt, other.networkAt),
    type: one.type === other.type ? one.type : undefined,
    notTypes: sameLevel ? shared(one.notTypes, other.notTypes) : [],
    protocol: one.protocol === other.protocol ? one.protocol : undefined,
    notProtocols: shared(one.notProtocols, other.notProtocols),
    transportAt: one.transportAt === other.transportAt ? one.transportAt : undefined,
  };
}

const KEYS = new WeakMap<Headers, string>();

/** A text that is equal for equal knowledge. */
export function keyOfHeaders(headers: Headers): string {
  const known = KEYS.get(headers);
  if (known !== undefined) return known;
  const { typeAt, networkAt, type, notTypes, protocol, notProtocols, transportAt } = headers;
  const key = `${typeAt} ${networkAt} ${type} ${notTypes.join()} ${protocol} ${notProtocols.join()} ${transportAt}`;
  KEYS.set(headers, key);
  return key;
}
