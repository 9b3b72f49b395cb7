import { NETWORK_HEADER, type Link } from './link.ts';
import {
  FRAGMENT,
  FRAGMENT_HEADER,
  IPV6,
  IPV6_HEADER,
  PPP_TYPES,
  PPPOE,
  PPPOE_HEADER,
  PPPOE_TYPE,
  VLAN,
} from './protocols.ts';

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

/** After the EtherType came out equal, or unequal; undefined when what was known before excludes it. */
export function learnType(headers: Headers, type: number, equal: boolean): Headers | undefined {
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

/** Within a PPPoE session, whose protocol has the number `value` of PPP. */
export function insidePppoe(headers: Headers, value: number): Headers {
  return {
    ...headers,
    type: PPP_TYPES.get(value) ?? value,
    networkAt: headers.networkAt + PPPOE_HEADER,
    typeAt: undefined,
    transportAt: PPP_TYPES.get(value) === IPV6 ? IPV6_HEADER : undefined,
  };
}

/** After the IP protocol, or next header, came out equal, or unequal; undefined when what was known before excludes it. */
export function learnProtocol(headers: Headers, protocol: number, equal: boolean): Headers | undefined {
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
