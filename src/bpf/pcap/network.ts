import { prefixMask } from './addresses.ts';
import { allOf, anyOf, noneOf, type Block } from './block.ts';
import type { Direction, Ip6Address, Primitive } from './expression.ts';
import { at, behindIp4, networkOf, type Frame } from './frame.ts';
import { ETHERTYPE, hasLinkHeader, linkType, SAP } from './link-type.ts';
import { Refusal } from './refusal.ts';

type Of<Kind extends Primitive['kind']> = Extract<Primitive, { kind: Kind }>;

/** The header of a later fragment of IPv6; libpcap looks behind it for the protocol alone. */
const FRAGMENT = 44;
export const IP6_HEADER = 40;

/** Joins what is asked of the two ends. */
export function ends(direction: Direction | undefined, end: (which: 'src' | 'dst') => Block): Block {
  if (direction === 'src' || direction === 'dst') return end(direction);
  const join = direction === 'src and dst' ? allOf : anyOf;
  return join(end('src'), end('dst'));
}

/** An IP protocol by number, in IPv4 or IPv6. */
export function ipProtocol(frame: Frame, number: number): Block {
  return anyOf(ip4Protocol(frame, number), ip6Protocol(frame, number));
}

export function ip4Protocol(frame: Frame, number: number): Block {
  return allOf(linkType(frame, ETHERTYPE.ip), at(networkOf(frame), 9, 1, '=', number));
}

export function ip6Protocol(frame: Frame, number: number): Block {
  const place = networkOf(frame);
  const behindFragment = allOf(at(place, 6, 1, '=', FRAGMENT), at(place, IP6_HEADER, 1, '=', number));
  return allOf(linkType(frame, ETHERTYPE.ip6), anyOf(at(place, 6, 1, '=', number), behindFragment));
}

/** An OSI protocol by number. */
export function osiProtocol(frame: Frame, number: number): Block {
  return allOf(linkType(frame, SAP.osi), at(osiOf(frame), 0, 1, '=', number));
}

/** IS-IS, a PDU of one type. */
export function isisType(frame: Frame, type: number): Block {
  return allOf(osiProtocol(frame, 0x83), at(osiOf(frame), 4, 1, '=', type));
}

function osiOf({ payload, osi }: Frame): { at: number; word: number | undefined } {
  return { at: payload.at + osi, word: payload.word };
}

export function isNoFragment(frame: Frame): Block {
  return noneOf(at(networkOf(frame), 6, 2, '&', 0x1fff));
}

/** Offsets of the two addresses in the headers that have IPv4 addresses. */
export const ADDRESSES_AT = {
  ip: { src: 12, dst: 16 },
  arp: { src: 14, dst: 24 },
  rarp: { src: 14, dst: 24 },
} as const;

export function addressBlock(frame: Frame, primitive: Of<'host' | 'net' | 'masked'>): Block {
  const { network, direction, address } = primitive;
  if (typeof address !== 'number') {
    if (network !== undefined && network !== 'ip6') throw new Refusal(`${network} has no IPv6 address`);
    return ip6Block(frame, direction, address, primitive.kind === 'net' ? primitive.prefix : 128);
  }
  if (network === 'ip6') throw new Refusal('ip6 has no IPv4 address');
  const mask =
    primitive.kind === 'masked' ? primitive.mask : primitive.kind === 'net' ? prefixMask(primitive.prefix) : 0xffffffff;
  const within = (name: keyof typeof ADDRESSES_AT): Block =>
    ends(direction, (end) =>
      allOf(linkType(frame, ETHERTYPE[name]), at(networkOf(frame), ADDRESSES_AT[name][end], 4, '=', address, mask)),
    );
  if (network !== undefined) return within(network);
  return frame.labels > 0 ? within('ip') : anyOf(within('ip'), within('arp'), within('rarp'));
}

function ip6Block(frame: Frame, direction: Direction | undefined, address: Ip6Address, prefix: number): Block {
  return ends(direction, (end) =>
    allOf(
      linkType(frame, ETHERTYPE.ip6),
      ...address.map((word, index) =>
        at(networkOf(frame), (end === 'src' ? 8 : 24) + 4 * index, 4, '=', word, prefixMask(prefix - 32 * index)),
      ),
    ),
  );
}

/** Tests that the port at an offset of the transport header must pass. */
type PortTests = (test: (comparison: '=' | '>=' | '>', value: number) => Block) => Block;

export function portBlock(frame: Frame, primitive: Of<'port' | 'portrange'>): Block {
  const tests: PortTests =
    primitive.kind === 'port'
      ? (test) => test('=', primitive.port)
      : (test) => allOf(test('>=', primitive.from), noneOf(test('>', primitive.to)));
  const numbers = primitive.protocol === undefined ? TRANSPORTS : [TRANSPORT[primitive.protocol]];
  return anyOf(
    allOf(
      linkType(frame, ETHERTYPE.ip6),
      anyOf(...numbers.map((number) => allOf(ip6Transport(frame, number), ports6(frame, primitive.direction, tests)))),
    ),
    allOf(
      linkType(frame, ETHERTYPE.ip),
      anyOf(...numbers.map((number) => allOf(ip4Transport(frame, number), ports4(frame, primitive.direction, tests)))),
    ),
  );
}

export const TRANSPORT = { tcp: 6, udp: 17, sctp: 132 } as const;

/** The protocols that have ports, in the order in which libpcap asks for them. */
export const TRANSPORTS: readonly number[] = [TRANSPORT.sctp, TRANSPORT.tcp, TRANSPORT.udp];

/** A protocol that IPv6 carries in the first place, where the packet is known to be IPv6. */
export function ip6Transport(frame: Frame, number: number): Block {
  return at(networkOf(frame), 6, 1, '=', number);
}

/** A protocol that IPv4 carries, in no later fragment, where the packet is known to be IPv4. */
export function ip4Transport(frame: Frame, number: number): Block {
  return allOf(at(networkOf(frame), 9, 1, '=', number), isNoFragment(frame));
}

export const PORT_AT = { src: 0, dst: 2 } as const;

function ports6(frame: Frame, direction: Direction | undefined, tests: PortTests): Block {
  return ends(direction, (end) =>
    tests((comparison, value) => at(networkOf(frame), IP6_HEADER + PORT_AT[end], 2, comparison, value)),
  );
}

function ports4(frame: Frame, direction: Direction | undefined, tests: PortTests): Block {
  return ends(direction, (end) => tests((comparison, value) => behindIp4(frame, PORT_AT[end], 2, comparison, value)));
}

/** Hardware addresses, 48 bits: the last 32 are compared first. */
export function hardwareAddress(frame: Frame, direction: Direction | undefined, address: number): Block {
  if (frame.link !== 'ethernet') throw new Refusal('there are hardware addresses on Ethernet alone');
  return allOf(
    ...hasLinkHeader(frame),
    ends(direction, (end) => {
      const offset = end === 'src' ? 6 : 0;
      return allOf(
        at(frame.header, offset + 2, 4, '=', address % 2 ** 32),
        at(frame.header, offset, 2, '=', Math.floor(address / 2 ** 32)),
      );
    }),
  );
}

export function broadcastBlock(frame: Frame, { on }: Of<'broadcast'>): Block {
  if (on === 'ether') return hardwareAddress(frame, 'dst', 0xffffffffffff);
  const place = networkOf(frame);
  return allOf(linkType(frame, ETHERTYPE.ip), anyOf(at(place, 16, 4, '=', 0), at(place, 16, 4, '=', 0xffffffff)));
}

export function multicastBlock(frame: Frame, { on }: Of<'multicast'>): Block {
  const place = networkOf(frame);
  switch (on) {
    case 'ether':
      if (frame.link !== 'ethernet') throw new Refusal('there are hardware addresses on Ethernet alone');
      return allOf(...hasLinkHeader(frame), at(frame.header, 0, 1, '&', 1));
    case 'ip':
      return allOf(linkType(frame, ETHERTYPE.ip), at(place, 16, 1, '>=', 0xe0));
    case 'ip6':
      return allOf(linkType(frame, ETHERTYPE.ip6), at(place, 24, 1, '=', 0xff));
  }
}

/** The four forms of a DECnet header: mask and value of its flags, and where the two addresses are. */
const DECNET_FORMS = [
  { size: 1, mask: 0x07, flags: 0x02, src: 5, dst: 3 },
  { size: 2, mask: 0xff07, flags: 0x8102, src: 6, dst: 4 },
  { size: 1, mask: 0x07, flags: 0x06, src: 17, dst: 9 },
  { size: 2, mask: 0xff07, flags: 0x8106, src: 18, dst: 10 },
] as const;

/** DECnet addresses are little-endian. */
export function decnetBlock(frame: Frame, { direction, address }: Of<'decnet'>): Block {
  const place = networkOf(frame);
  const swapped = ((address & 0xff) << 8) | (address >>> 8);
  return ends(direction, (end) =>
    allOf(
      linkType(frame, ETHERTYPE.decnet),
      anyOf(
        ...DECNET_FORMS.map((form) =>
          allOf(at(place, 2, form.size, '=', form.flags, form.mask), at(place, form[end], 2, '=', swapped)),
        ),
      ),
    ),
  );
}
