import { fieldsOf, oneOf, upTo, type Layout } from './layout.ts';
import { INNER_IP, shifted } from './inner.ts';
import { PTP } from './ptp.ts';

const ARP: Layout = {
  name: 'arp-watch', // RFC 826
  marked: true,
  fields: fieldsOf([
    [0, 2, 'structure', oneOf('0001', '0006', '0018')],
    [2, 2, 'structure', oneOf('0800', '86dd')],
    [4, 1, 'structure', oneOf('06')],
    [5, 1, 'structure', oneOf('04')],
    [6, 2, 'structure', upTo(25)],
    [8, 20, 'identity'],
  ]),
};

const PPPOE = fieldsOf([
  [0, 1, 'structure', oneOf('11')],
  [1, 1, 'structure', oneOf('00', '07', '09', '19', '65', 'a7')],
  [2, 2, 'selector'],
  [4, 2, 'structure', upTo(1500)],
  [6, 2, 'structure', oneOf('0021', '0057', 'c021', 'c023', 'c223', '8021', '8057', '0101', '0103', '0102', '0110')],
]);

const MPLS: Layout = {
  name: 'capture-l2', // RFC 3032: labels, and a packet behind the last one
  fields: [
    ...fieldsOf([
      [0, 3, 'selector'],
      [3, 1, 'structure'],
      [4, 3, 'selector'],
      [7, 1, 'structure'],
    ]),
    ...shifted(INNER_IP, 8),
  ],
};

/** Behind one tag the next one: its number, and the type that follows. IEEE 802.1Q */
const TAG: Layout = {
  name: 'capture-l2',
  fields: fieldsOf([
    [0, 2, 'selector'],
    [2, 2, 'structure', oneOf('0800', '86dd', '0806', '8100', '88a8', '8847', '8864', '8863')],
  ]),
};

/** Whatever a type or an address of an old protocol is. */
const whole = (name: string, ...rows: readonly (readonly [number, number])[]): Layout => ({
  name,
  fields: fieldsOf(rows.map(([at, size]) => [at, size, 'structure'] as const)),
});

/** What link layers carry, by EtherType. Offsets are from the end of the link header, tags and all. */
export const OVER_LINK: Readonly<Record<number, readonly Layout[]>> = {
  0x0806: [ARP],
  0x8035: [ARP],
  0x0842: [
    {
      name: 'wol',
      fields: fieldsOf([
        [0, 6, 'structure', oneOf('ffffffffffff')],
        [6, 96, 'identity'],
      ]),
    },
  ],
  0x6003: [
    {
      name: 'capture-l2',
      fields: fieldsOf([
        [0, 3, 'structure'],
        [3, 24, 'identity'],
      ]),
    },
  ],
  0x8809: [
    {
      name: 'lacp',
      fields: fieldsOf([
        [0, 1, 'structure', upTo(10)],
        [1, 1, 'structure', upTo(3)],
        [2, 2, 'structure', oneOf('0114')],
        [4, 16, 'identity'],
      ]),
    },
    {
      name: 'oam',
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('03')],
        [1, 2, 'structure'],
        [3, 1, 'structure', oneOf('00', '01', '02', '03', '04', 'fe')],
      ]),
    },
  ],
  0x8100: [TAG],
  0x88a8: [TAG],
  0x9100: [TAG],
  0x88e7: [whole('capture-l2', [0, 1], [1, 3])],
  0x8847: [MPLS],
  0x8848: [MPLS],
  0x8863: [{ name: 'capture-l2', fields: PPPOE }],
  0x8864: [{ name: 'capture-l2', fields: [...PPPOE, ...shifted(INNER_IP, 8)] }],
  0x888e: [
    {
      name: 'eapol', // IEEE 802.1X
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('01', '02', '03')],
        [1, 1, 'structure', upTo(8)],
        [2, 2, 'structure', upTo(1500)],
        [4, 1, 'structure', oneOf('01', '02', '03', '04', '05', '06', 'fe')],
        [5, 1, 'selector'],
        [8, 1, 'structure'],
      ]),
    },
  ],
  0x8892: [{ name: 'ics', fields: fieldsOf([[0, 2, 'selector']]) }],
  0x88b8: [
    {
      name: 'ics',
      fields: fieldsOf([
        [0, 2, 'selector'],
        [2, 2, 'structure', upTo(1500)],
      ]),
    },
  ],
  0x88ba: [
    {
      name: 'ics',
      fields: fieldsOf([
        [0, 2, 'selector'],
        [2, 2, 'structure', upTo(1500)],
      ]),
    },
  ],
  0x88cc: [
    {
      name: 'lldp',
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('02')],
        [1, 1, 'structure', upTo(64)],
        [2, 1, 'structure', upTo(8)],
        [3, 6, 'identity'],
      ]),
    },
  ],
  0x88e1: [whole('capture-l2', [0, 1], [1, 2])],
  0x88e5: [
    {
      name: 'capture-l2',
      fields: fieldsOf([
        [0, 1, 'structure'],
        [1, 1, 'structure'],
        [2, 4, 'selector'],
        [6, 8, 'identity'],
      ]),
    },
  ],
  0x88f5: [whole('capture-l2', [0, 2])],
  0x88f7: [{ name: 'ptp', fields: PTP }],
  0x8902: [
    {
      name: 'oam',
      fields: fieldsOf([
        [0, 1, 'structure'],
        [1, 1, 'structure', upTo(60)],
        [2, 1, 'structure'],
        [3, 1, 'structure', upTo(80)],
      ]),
    },
  ],
  0x8906: [whole('capture-l2', [13, 1])],
  0x890d: [whole('capture-l2', [0, 2])],
  0x8914: [
    {
      name: 'fip',
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('10', '20')],
        [2, 2, 'structure', upTo(5)],
        [5, 1, 'structure', upTo(4)],
      ]),
    },
  ],
  0x9000: [whole('capture-l2', [0, 2], [2, 2])],
};

/** What shows by itself, whatever stands for the type: ARP; SNAP, a bridge's message and ISO protocols behind IEEE 802.2. */
export const ANY_LINK: readonly Layout[] = [
  ARP,
  {
    name: 'cdp', // SNAP: organisation and protocol
    marked: true,
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('aaaa')],
      [2, 1, 'structure', oneOf('03')],
      [3, 3, 'structure', oneOf('000000', '00000c', '0080c2', '00e02b', '00e052', '000081', '000e2b', '080007')],
      [
        6,
        2,
        'structure',
        // Of Cisco, of bridges, of neighbours of other makers, and EtherTypes.
        oneOf(
          '2000',
          '2001',
          '2003',
          '2004',
          '0104',
          '010b',
          '0111',
          '00bb',
          '01a2',
          '01a1',
          '0007',
          '0800',
          '0806',
          '86dd',
          '8035',
          '8137',
          '809b',
          '80f3',
          '88cc',
        ),
      ],
      [8, 1, 'structure', upTo(4)],
      [9, 1, 'structure'],
      [16, 8, 'identity'],
    ]),
  },
  {
    name: 'stp', // IEEE 802.1D
    marked: true,
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('4242')],
      [2, 1, 'structure', oneOf('03')],
      [3, 2, 'structure', oneOf('0000')],
      [5, 1, 'structure', upTo(4)],
      [6, 1, 'structure', oneOf('00', '02', '80')],
      [7, 1, 'structure'],
      [8, 8, 'identity'],
      [20, 8, 'identity'],
    ]),
  },
  {
    name: 'routing', // ISO 10589: discriminator, and type of the message
    marked: true,
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('fefe')],
      [2, 1, 'structure', oneOf('03')],
      [3, 1, 'structure', oneOf('81', '82', '83', '00', '01')],
      [4, 1, 'structure', upTo(33)],
      [5, 2, 'structure', upTo(0x106)],
      [7, 1, 'structure'],
    ]),
  },
];

/** Service access points that are assigned, each with its neighbour for groups or answers. IEEE, standard group MAC addresses. */
const ACCESS_POINTS: ReadonlySet<number> = new Set(
  [0x00, 0x02, 0x04, 0x06, 0x08, 0x0c, 0x0e, 0x10, 0x14, 0x18, 0x42, 0x4e, 0x7e, 0x80, 0x86, 0x8e, 0x98, 0xaa, 0xbc, 0xe0, 0xec, 0xf0, 0xf4, 0xf8, 0xfc, 0xfe]
    .flatMap((point) => [point, point + 1]),
); // prettier-ignore

/** IEEE 802.2 in frames with a length for a type: service access points, control. */
export const LLC: readonly Layout[] = [
  {
    name: 'capture-l2',
    marked: true,
    fields: fieldsOf([
      [0, 2, 'structure', (points) => points.every((part) => part === undefined || ACCESS_POINTS.has(part.value))],
      [2, 1, 'structure'],
      [3, 1, 'structure'],
    ]),
  },
];
