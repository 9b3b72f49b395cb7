import { IPV4, IPV6 } from '../protocols.ts';
import { OP, type Instruction } from '../program.ts';
import type { Standpoint } from '../standpoint.ts';
import { plain, type Guard } from './relocate.ts';

/** Where a packet of a socket lies in an Ethernet frame of one kind. */
export interface Ground {
  /** What the frame must have for the socket to see its packet. */
  readonly guards: readonly Guard[];
  /** How much further an offset of the packet is in the frame; undefined where it is no place there. */
  readonly shift: (offset: number, size: number) => number | undefined;
  /** From here on the shift is the same for all offsets. */
  readonly evenFrom: number;
  /** Places count from behind the IPv4 header as well, whose length stands in X. */
  readonly behindHeader: boolean;
  /** Values of the packet that are no bytes of the frame, by offset and size. */
  readonly values: Readonly<Record<string, readonly Instruction[]>>;
  /** Leaves the length of the packet in A. */
  readonly length: readonly Instruction[];
  /** Where the EtherType stands in the frame. */
  readonly typeAt: number;
  /** Whether there is a VLAN tag in the frame, which the kernel takes out of it. */
  readonly tagged: boolean;
}

const ldh = (k: number): Instruction => plain(0x28, k);
const ldb = (k: number): Instruction => plain(0x30, k);
const LEN = plain(OP.ldLen);
const sub = (k: number): Instruction => plain(0x14, k);

const typed = (value: number, at = 12): Guard => ({ load: ldh(at), value });
const protocol4 = (value: number): Guard => ({ load: ldb(23), value });
/** The stack puts fragments together before sockets see them. */
const WHOLE: Guard = { load: ldh(20), mask: 0x3fff, value: 0 };
const NO_OPTIONS: Guard = { load: ldb(14), value: 0x45 };

const even = (by: number) => (): number => by;
const NONE: Ground = {
  guards: [],
  shift: even(0),
  evenFrom: 0,
  behindHeader: false,
  values: {},
  length: [LEN],
  typeAt: 12,
  tagged: false,
};

/** The EtherType, or what the kernel has in its place for frames with a length there (ETH_P_802_2). */
export const protocolAt = (typeAt: number): readonly Instruction[] => [
  ldh(typeAt),
  { code: 0x35, jt: 1, jf: 0, k: 0x600 },
  plain(OP.ldImm, 4),
];

/** PPP has its own numbers for network protocols. */
const PPP_TYPE: readonly Instruction[] = [
  ldh(12),
  { code: 0x15, jt: 0, jf: 2, k: IPV4 },
  plain(0x00, 0x21),
  plain(OP.ja, 3),
  { code: 0x15, jt: 1, jf: 0, k: IPV6 },
  plain(OP.retK),
  plain(0x00, 0x57),
];

const onNetwork = ({ boundTo, ipProtocol }: Standpoint, at: number): readonly Guard[] => [
  ...(boundTo !== undefined && boundTo > MOST_LENGTHS ? [typed(boundTo, at)] : []),
  ...(ipProtocol === undefined ? [] : [typed(IPV4, at), protocol4(ipProtocol), WHOLE]),
];

/** Up to here the number that a packet socket is bound to is no EtherType. */
export const MOST_LENGTHS = 1535;

/** The field that says which port a datagram goes to, where the socket has one. */
const toPort = (port: number | undefined, load: Instruction): readonly Guard[] =>
  port === undefined || port === 0 ? [] : [{ load, value: port }];

/**
 * The kinds of frames that the packets of a socket come in.
 *
 * @param tag The EtherType of the VLAN tag that the kernel has taken from the packets. Captures have it.
 * @param usesX Whether the program needs X for itself.
 */
export function groundsOf(standpoint: Standpoint, tag: number | undefined, usesX: boolean): readonly Ground[] {
  switch (standpoint.link) {
    case 'ethernet':
      if (tag !== undefined) return [behindTag(tag, 12, 4, onNetwork(standpoint, 16))];
      return [{ ...NONE, guards: onNetwork(standpoint, 12) }];
    case 'network':
      if (tag !== undefined) return [behindTag(tag, 0, 18, onNetwork(standpoint, 16))];
      return [{ ...NONE, guards: onNetwork(standpoint, 12), shift: even(14), length: [LEN, sub(14)] }];
    case 'udp-socket':
      return udpGrounds(standpoint, usesX);
    case 'icmp6-socket':
      return [{ ...NONE, guards: [typed(IPV6), { load: ldb(20), value: 58 }], shift: even(54), length: [ldh(18)] }];
    case 'ppp':
      return [
        {
          ...NONE,
          shift: (offset) => (offset >= 4 ? 10 : undefined),
          evenFrom: 4,
          values: { '0:2': [plain(0x00, 0xff03)], '2:2': PPP_TYPE },
          length: [LEN, sub(10)],
        },
      ];
    case 'linux_sll':
      return [
        {
          ...NONE,
          shift: (offset, size) => (offset >= 14 ? -2 : offset >= 6 && offset + size <= 12 ? 0 : undefined),
          evenFrom: 14,
          values: { '2:2': [plain(0x00, 1)], '4:2': [plain(0x00, 6)], '14:2': protocolAt(12) },
          length: [LEN, plain(0x04, 2)],
        },
      ];
    default:
      return [];
  }
}

const TAG_AT = 12;
const behindTag = (tag: number, evenFrom: number, by: number, guards: readonly Guard[]): Ground => ({
  ...NONE,
  guards: [typed(tag), ...guards],
  shift: (offset, size) => (evenFrom === 0 || offset >= TAG_AT ? by : offset + size <= TAG_AT ? 0 : undefined),
  evenFrom,
  length: [LEN, sub(by)],
  typeAt: 16,
  tagged: true,
});

/** Datagrams over IPv4 and over IPv6; where X is taken, over IPv4 without options. */
function udpGrounds({ port }: Standpoint, usesX: boolean): readonly Ground[] {
  const over4 = [typed(IPV4), protocol4(17), WHOLE];
  const header = usesX ? 20 : 0;
  return [
    {
      ...NONE,
      guards: usesX ? [...over4, NO_OPTIONS, ...toPort(port, ldh(36))] : over4,
      shift: even(14 + header),
      behindHeader: !usesX,
      length: [ldh(16), usesX ? sub(header) : plain(0x1c)],
    },
    {
      ...NONE,
      guards: [typed(IPV6), { load: ldb(20), value: 17 }, ...toPort(port, ldh(56))],
      shift: even(54),
      length: [ldh(18)],
    },
  ];
}

/** Packets that a socket sees and that lie in frames otherwise than `groundsOf` says. */
export function missedOn({ link, ipProtocol }: Standpoint, usesX: boolean): readonly string[] {
  const over4 = link === 'udp-socket' || (link === 'network' && ipProtocol !== undefined);
  const over6 = link === 'udp-socket' || link === 'icmp6-socket';
  return [
    ...(over4 || over6 ? ['fragments, which the socket sees put together'] : []),
    ...(over6 ? ['IPv6 packets with extension headers'] : []),
    ...(link === 'udp-socket' && usesX ? ['packets with IPv4 options'] : []),
  ];
}
