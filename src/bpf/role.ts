import type { Ancillary, Load } from './formula.ts';
import type { Headers } from './headers.ts';
import { placeOf } from './place.ts';
import {
  ARP,
  ARP_BODY,
  FRAGMENT,
  IPV4,
  IPV4_HEADER,
  IPV6,
  IPV6_HEADER,
  PORT_PROTOCOLS,
  PPPOE,
  PPPOE_TYPE,
  RARP,
  TRANSPORTS,
  transportName,
} from './protocols.ts';

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
    if (mayHavePorts && size === 2 && offset < IPV4_HEADER + 4) {
      return { kind: 'port', protocol: protocolName(headers), at, offset: offset - IPV4_HEADER };
    }
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
