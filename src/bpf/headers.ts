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
  /** The value (id of its formula) that `type` and `notTypes` were read from: only its own comparisons can contradict them. */
  readonly typeSource: number | undefined;
  /** The IP protocol, once it is known. */
  readonly protocol: number | undefined;
  readonly notProtocols: readonly number[];
  readonly protocolSource: number | undefined;
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
  const network = NETWORK_HEADER[link];
  const headers: Headers = {
    link,
    typeAt: network?.typeAt,
    networkAt: network?.at ?? 0,
    type: undefined,
    notTypes: [],
    typeSource: undefined,
    protocol: link === 'udp-socket' ? 17 : link === 'icmp6-socket' ? 58 : undefined,
    notProtocols: [],
    protocolSource: undefined,
    transportAt: undefined,
  };
  return (boundTo !== undefined && boundTo > MOST_LENGTHS && learnType(headers, undefined, boundTo, true)) || headers;
}

/**
 * After the EtherType, or what stands for it, came out equal, or unequal. Packets may contradict themselves (an EtherType of
 * IPv4 before a header of version 6), so only what was read from the same value before can exclude anything.
 *
 * @param source Id of the value that was compared; undefined where the kernel itself vouches for it.
 * @returns undefined when it cannot be.
 */
export function learnType(
  headers: Headers,
  source: number | undefined,
  type: number,
  equal: boolean,
): Headers | undefined {
  const { networkAt, typeSource } = headers;
  if (source !== undefined && source === typeSource) {
    if (headers.type !== undefined) return (headers.type === type) === equal ? headers : undefined;
    if (headers.notTypes.includes(type)) return equal ? undefined : headers;
  }
  if (!equal) {
    if (headers.type !== undefined) return headers;
    const others = source === typeSource ? headers.notTypes : [];
    return { ...headers, typeSource: source, notTypes: including(others, type) };
  }
  const learned = { ...headers, type, typeSource: source, notTypes: [] };
  if (headers.typeAt !== undefined && VLAN.includes(type)) {
    return { ...learned, type: undefined, typeSource: undefined, typeAt: networkAt + 2, networkAt: networkAt + 4 };
  }
  if (type === PPPOE) return { ...learned, typeAt: networkAt + PPPOE_TYPE };
  return { ...learned, transportAt: type === IPV6 ? IPV6_HEADER : headers.transportAt };
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
    typeSource: undefined,
    transportAt: PPP_TYPES.get(value) === IPV6 ? IPV6_HEADER : undefined,
  };
}

/** After the IP protocol, or the next header, came out equal, or unequal; as `learnType`. */
export function learnProtocol(headers: Headers, source: number, protocol: number, equal: boolean): Headers | undefined {
  if (source === headers.protocolSource) {
    if (headers.protocol !== undefined) return (headers.protocol === protocol) === equal ? headers : undefined;
    if (headers.notProtocols.includes(protocol)) return equal ? undefined : headers;
  }
  if (!equal) {
    if (headers.protocol !== undefined) return headers;
    const others = source === headers.protocolSource ? headers.notProtocols : [];
    return { ...headers, protocolSource: source, notProtocols: including(others, protocol) };
  }
  const fragment = protocol === FRAGMENT && headers.type === IPV6;
  return {
    ...headers,
    protocol,
    protocolSource: source,
    notProtocols: [],
    transportAt: fragment ? IPV6_HEADER + FRAGMENT_HEADER : headers.transportAt,
  };
}
