import { each, fieldsOf, oneOf, words, type Layout, type Part } from './layout.ts';
import { INNER_IP, shifted } from './inner.ts';

/** What every `ping` of common systems fills its packets with: letters, or rising bytes. */
const FILLING = fieldsOf([
  [8, 24, 'structure', words('abcdefghijklmnopqrstuvw')],
  [
    16,
    48,
    'structure',
    (parts) => parts.every((part, at) => part === undefined || ((part.value ^ (at + 8)) & part.mask) === 0),
  ],
]);

/** Behind the header of ICMP errors lies the packet that was in error. RFC 792 */
const ERROR: Layout = { name: 'icmp', fields: [...fieldsOf([[4, 4, 'structure']]), ...shifted(INNER_IP, 8)] };

const ping = (...fields: Layout['fields']): Layout => ({ name: 'icmp', fields });

/** By type. Offsets are from the beginning of the ICMP header. */
export const OVER_ICMP: Readonly<Record<number, readonly Layout[]>> = {
  0: FILLING.map((field) => ping(field)),
  8: FILLING.map((field) => ping(field)),
  3: [ERROR],
  4: [ERROR],
  5: [{ name: 'icmp', fields: [...fieldsOf([[4, 4, 'identity']]), ...shifted(INNER_IP, 8)] }],
  9: [
    {
      name: 'icmp',
      fields: fieldsOf([
        [4, 1, 'structure'],
        [8, 4, 'identity'],
      ]),
    },
  ],
  11: [ERROR],
  12: [ERROR],
  13: [],
};

const TARGET: Layout = {
  name: 'nd',
  fields: fieldsOf([
    [4, 4, 'structure', each((byte) => (byte & 0x1f) === 0)],
    [8, 16, 'identity'],
    [24, 2, 'structure', oneOf('0101', '0201')],
    [26, 6, 'identity'],
  ]),
};
const INNER_IP6: Layout = {
  name: 'icmp',
  fields: fieldsOf([
    [4, 4, 'structure'],
    [8, 1, 'structure', oneOf('60')],
    [14, 1, 'structure'],
    [16, 32, 'identity'],
  ]),
};
const GROUP: Layout = {
  name: 'multicast',
  fields: fieldsOf([
    [4, 4, 'structure'],
    [8, 16, 'identity'],
  ]),
};

export const OVER_ICMP6: Readonly<Record<number, readonly Layout[]>> = {
  1: [INNER_IP6], 2: [INNER_IP6], 3: [INNER_IP6], 4: [INNER_IP6],
  128: FILLING.map((field) => ping(field)),
  129: FILLING.map((field) => ping(field)),
  130: [GROUP], 131: [GROUP], 132: [GROUP],
  133: [{ name: 'nd', fields: fieldsOf([[8, 2, 'structure', oneOf('0101')], [10, 6, 'identity']]) }],
  134: [{ name: 'nd', fields: fieldsOf([[4, 1, 'structure'], [5, 1, 'structure'], [6, 2, 'structure']]) }],
  135: [TARGET], 136: [TARGET], 137: [TARGET],
  143: [{ name: 'multicast', fields: fieldsOf([[4, 4, 'structure'], [8, 1, 'structure'], [12, 16, 'identity']]) }],
}; // prettier-ignore

/** Options that stand behind the TCP header. RFC 9293, 3.2 */
export const TCP_OPTIONS: readonly Layout[] = [
  {
    name: 'tcp-flags',
    fields: fieldsOf([
      [
        20,
        2,
        'structure',
        oneOf('0204', '0303', '0402', '080a', '0101', '1312', '1e04', '1e08', '1e0c', '220a', '2202'),
      ],
      [22, 2, 'structure', oneOf('0101', '080a', '0103', '0402')],
    ]),
  },
  {
    name: 'tcp-flags', // RFC 9293, 3.7.1
    fields: fieldsOf([
      [
        20,
        4,
        'structure',
        ([kind, length, ...size]) => oneOf('0204')([kind, length]) && kind !== undefined && isSegmentSize(size),
      ],
    ]),
  },
  {
    name: 'tcp-flags',
    fields: fieldsOf([[24, 4, 'structure', oneOf('0402080a', '0101080a', '01030300', '01010402')]]),
  },
];

/** Between what IPv4 asks of every host and a jumbo frame. */
function isSegmentSize(parts: readonly (Part | undefined)[]): boolean {
  if (parts.every((part) => part === undefined)) return true;
  const size = parts.reduce((sum, part) => sum * 256 + (part?.value ?? 0), 0);
  return size >= 256 && size <= 9216;
}
