import { each, fieldsOf, oneOf, upTo, type Allowed, type Layout } from './layout.ts';
import { INNER_IP, shifted } from './inner.ts';
import { diameter } from './over-tcp.ts';

/** 224.0.0.0/4, or no address. */
const group: Allowed = ([first]) =>
  first === undefined || ((first.value ^ 0xe0) & first.mask & 0xf0) === 0 || (first.value & first.mask) === 0;

const isVersion =
  (version: number): Allowed =>
  (parts) =>
    parts.every((part) => part === undefined || part.mask < 0xf0 || part.value >> 4 === version);

const OSPF = fieldsOf([
  [0, 1, 'structure', oneOf('02', '03')],
  [1, 1, 'structure', upTo(5)],
  [2, 2, 'structure', upTo(1500)],
  [4, 8, 'identity'],
  [14, 2, 'structure', upTo(2)],
]);

const VRRP = fieldsOf([
  [0, 1, 'structure', oneOf('21', '31')],
  [1, 1, 'structure'],
  [2, 1, 'structure'],
  [3, 1, 'structure', upTo(32)],
  [4, 1, 'structure', upTo(2)],
  [5, 1, 'structure'],
  [8, 32, 'identity'],
]);

/** RFC 8200, 4.2, and RFC 2711: what comes next, length, router alert or padding; behind the shortest one, the next header. */
const IP6_OPTIONS: Layout = {
  name: 'ip6-ext',
  fields: fieldsOf([
    [0, 1, 'structure', upTo(143)],
    [1, 1, 'structure', upTo(32)],
    [2, 2, 'structure', oneOf('0502', '0104', '0100', '0000', '0200', '0400', 'c204', '0001')],
    [4, 2, 'structure', upTo(3)],
    [8, 2, 'structure', each((byte) => byte <= 15 || byte >= 128)],
  ]),
};

/** What IP carries, by its protocol number. Offsets are from the end of the IP header. */
export const OVER_IP: Readonly<Record<number, readonly Layout[]>> = {
  0: [IP6_OPTIONS],
  43: [IP6_OPTIONS],
  60: [IP6_OPTIONS],
  2: [
    {
      name: 'multicast',
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('11', '12', '13', '14', '16', '17', '22', '1e', '1f')],
        [1, 1, 'structure'],
        [4, 4, 'identity', group],
      ]),
    },
  ],
  4: [{ name: 'tunnel', fields: INNER_IP }],
  41: [
    {
      name: 'tunnel',
      fields: fieldsOf([
        [0, 1, 'structure', isVersion(6)],
        [6, 1, 'structure'],
        [8, 32, 'identity'],
        [40, 1, 'structure'],
      ]),
    },
  ],
  47: [
    {
      name: 'tunnel', // RFC 2784 and RFC 2637: flags and version, protocol; with a key: key
      fields: [
        ...fieldsOf([
          [0, 2, 'structure', each((byte) => byte <= 1 || (byte & 0x0f) <= 1 || byte === 0x81 || byte === 0x88)],
          [
            2,
            2,
            'structure',
            oneOf('0800', '86dd', '6558', '88be', '22eb', '880b', '8847', '8848', '2001', '0806', '8100', '883e'),
          ],
          [
            4,
            4,
            'selector',
            (parts) =>
              upTo(0xffff)(parts) || isVersion(4)(parts.slice(0, 1)) || parts.every((part) => part !== undefined),
          ],
        ]),
      ],
    },
    {
      name: 'tunnel',
      fields: [
        ...fieldsOf([
          [0, 2, 'structure', oneOf('0000')],
          [2, 2, 'structure', oneOf('0800')],
        ]),
        ...shifted(INNER_IP, 4),
      ],
    },
    {
      name: 'tunnel', // ERSPAN, behind a number of the packet: version and VLAN, session
      fields: fieldsOf([
        [0, 2, 'structure', oneOf('1000')],
        [2, 2, 'structure', oneOf('88be', '22eb')],
        [4, 4, 'selector'],
        [8, 2, 'structure', ([first]) => first === undefined || [0x10, 0x20].includes(first.value & first.mask & 0xf0)],
        [10, 2, 'selector'],
      ]),
    },
  ],
  50: [{ name: 'ipsec', fields: fieldsOf([[0, 4, 'selector']]) }],
  51: [
    {
      name: 'ipsec',
      fields: fieldsOf([
        [0, 1, 'structure'],
        [1, 1, 'structure', upTo(16)],
        [4, 4, 'selector'],
      ]),
    },
  ],
  88: [
    {
      name: 'routing',
      fields: fieldsOf([
        [0, 1, 'structure', oneOf('02')],
        [1, 1, 'structure', upTo(11)],
        [16, 4, 'structure', upTo(0xffff)],
      ]),
    },
  ],
  89: [{ name: 'routing', fields: OSPF }],
  103: [
    {
      name: 'routing',
      fields: fieldsOf([
        [
          0,
          1,
          'structure',
          (parts) => parts.every((part) => part === undefined || ((part.value ^ 0x20) & part.mask & 0xf0) === 0),
        ],
        [1, 1, 'structure', upTo(1)],
        [4, 4, 'identity', group],
      ]),
    },
  ],
  112: [{ name: 'vrrp', fields: VRRP }],
  115: [{ name: 'tunnel', fields: fieldsOf([[0, 4, 'selector']]) }],
};

/** What SCTP carries: chunks, RFC 9260. Offsets are from the end of the common header. */
const CHUNK = fieldsOf([
  [
    0,
    1,
    'structure',
    oneOf(
      '00',
      '01',
      '02',
      '03',
      '04',
      '05',
      '06',
      '07',
      '08',
      '09',
      '0a',
      '0b',
      '0c',
      '0d',
      '0e',
      '40',
      '80',
      '81',
      '82',
      '84',
      'c0',
      'c1',
    ),
  ],
  [1, 1, 'structure', upTo(15)],
  [2, 2, 'structure', upTo(9000)],
]);
const DATA = [
  ...CHUNK,
  ...fieldsOf([
    [8, 2, 'selector', upTo(1024)],
    [12, 4, 'structure', upTo(100)],
  ]),
];

/** RFC 4666, 3.1, and its sisters: version, class, type, length */
const ADAPTATION = fieldsOf([
  [16, 1, 'structure', oneOf('01')],
  [17, 1, 'structure', oneOf('00')],
  [18, 1, 'structure', upTo(12)],
  [19, 1, 'structure', upTo(24)],
  [20, 4, 'structure', upTo(9000)],
  [24, 2, 'structure', oneOf('0200', '0210', '0006', '0011', '0109')],
  [28, 4, 'selector', upTo(0xffffff)],
  [32, 4, 'selector', upTo(0xffffff)],
]);

export const OVER_SCTP: readonly Layout[] = [
  { name: 'telecom', ports: [2905, 2904, 14001, 2944, 2945, 9900, 3565], fields: [...DATA, ...ADAPTATION] },
  { name: 'telecom', ports: [3868, 3869, 5868], fields: [...DATA, ...shifted(diameter('telecom', []).fields, 16)] },
  {
    name: 'telecom', // S1AP, X2AP, NGAP, XnAP, SGsAP, F1AP, E1AP: kind of message, procedure
    ports: [36412, 36422, 38412, 38422, 38462, 38472, 29118, 36443],
    fields: [
      ...DATA,
      ...fieldsOf([
        [16, 1, 'structure', oneOf('00', '20', '40', '01', '02', '05', '06', '08', '09', '0a', '0b', '0c')],
        [17, 1, 'structure', upTo(80)],
        [18, 1, 'structure'],
      ]),
    ],
  },
  { name: 'sctp', marked: true, fields: DATA },
];
