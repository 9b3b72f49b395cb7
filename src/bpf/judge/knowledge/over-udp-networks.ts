import { fieldsOf, oneOf, upTo, words, type Allowed, type Layout } from './layout.ts';
import { INNER_IP, shifted } from './inner.ts';

/** What UDP carries between the parts of a network: tunnels, user and control plane of mobile networks, routing. By port. */
export const UDP_OF_NETWORKS: readonly Layout[] = [
  {
    name: 'l2tp', // RFC 2661: flags and version, length, tunnel, session
    ports: [1701],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('c802', '4002', '0002', 'c803', '0202', '4802', '8003', '0003')],
      [2, 2, 'structure', upTo(1500)],
      [4, 4, 'selector'],
    ]),
  },
  {
    name: 'l2tp', // without a length
    ports: [1701],
    fields: fieldsOf([
      [0, 2, 'structure', oneOf('0002', '0202')],
      [2, 4, 'selector'],
    ]),
  },
  {
    name: 'gtp', // 3GPP TS 29.060 and TS 29.274
    ports: [2123],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('30', '32', '33', '34', '36', '40', '48', '50', '58')],
      [1, 1, 'structure'],
      [2, 2, 'structure', upTo(2048)],
      [4, 4, 'selector'],
    ]),
  },
  {
    name: 'gtp', // 3GPP TS 29.281, with the packet that it carries
    ports: [2152],
    fields: [
      ...fieldsOf([
        [
          0,
          1,
          'structure',
          (parts) => parts.every((part) => part === undefined || ((part.value ^ 0x30) & part.mask & 0xf0) === 0),
        ],
        [1, 1, 'structure', oneOf('ff', '01', '02', '1a', '1f', 'fe')],
        [2, 2, 'structure', upTo(2048)],
        [4, 4, 'selector'],
      ]),
      ...shifted(INNER_IP, 8),
    ],
  },
  gtpWithMore(12),
  gtpWithMore(16),
  {
    name: 'pfcp', // 3GPP TS 29.244
    ports: [8805],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('20', '21', '22', '23', '24')],
      [1, 1, 'structure', upTo(60)],
      [2, 2, 'structure', upTo(2048)],
      [4, 8, 'selector'],
    ]),
  },
  {
    name: 'overlay', // RFC 7348, with the frame that it carries
    ports: [4789, 8472],
    fields: [
      ...fieldsOf([
        [0, 1, 'structure', oneOf('08', '0c', '88', '00')],
        [1, 3, 'structure', oneOf('000000', '000003', '000001', '000004')],
        [4, 3, 'selector'],
        [7, 1, 'structure'],
        [8, 12, 'identity'],
        [20, 2, 'structure', oneOf('0800', '86dd', '0806', '8100')],
      ]),
      ...shifted(INNER_IP, 22),
    ],
  },
  {
    name: 'overlay', // RFC 8926; options come before what it carries
    ports: [6081],
    fields: fieldsOf([
      [0, 1, 'structure'],
      [
        1,
        1,
        'structure',
        (parts) => parts.every((part) => part === undefined || (part.value & part.mask & 0x3f) === 0),
      ],
      [2, 2, 'structure', oneOf('6558', '0800', '86dd', '0806', '8847', '880b', '8864', '894f')],
      [4, 3, 'selector'],
      [7, 1, 'structure'],
    ]),
  },
  {
    name: 'routing', // BFD, RFC 5880
    ports: [3784, 3785, 4784, 6784],
    fields: fieldsOf([
      [
        0,
        1,
        'structure',
        (parts) => parts.every((part) => part === undefined || ((part.value ^ 0x20) & part.mask & 0xe0) === 0),
      ],
      [1, 1, 'structure'],
      [2, 1, 'structure', upTo(50)],
      [3, 1, 'structure', oneOf('18', '1a', '28', '2c', '34')],
      [4, 4, 'selector', upTo(0xffff)],
      [8, 4, 'selector', upTo(0xffff)],
    ]),
  },
  {
    name: 'routing', // RIP, RFC 2453
    ports: [520, 521],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('01', '02', '09', '0a', '0b')],
      [1, 1, 'structure', oneOf('01', '02')],
      [2, 4, 'structure', oneOf('00000000', '00000002', '0000ffff')],
    ]),
  },
  {
    name: 'hsrp', // RFC 2281
    ports: [1985, 2029],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('00', '01', '02')],
      [1, 1, 'structure', upTo(40)],
      [2, 1, 'structure'],
      [5, 1, 'structure'],
      [6, 1, 'selector'],
      [8, 8, 'structure', words('cisco')],
      [16, 4, 'identity'],
    ]),
  },
];

/** 3GPP TS 29.281, 5.1: with a number of the packet, or an extension; filters that count past those ask for whole addresses. */
function gtpWithMore(header: number): Layout {
  const whole: Allowed = (parts) => parts.every((part) => part?.mask === 0xff);
  return {
    name: 'gtp',
    ports: [2152],
    fields: fieldsOf([
      [0, 1, 'structure', oneOf('31', '32', '33', '34', '35', '36', '37')],
      [1, 1, 'structure', oneOf('ff')],
      [4, 4, 'selector'],
      [header + 9, 1, 'structure', oneOf('01', '06', '11', '84')],
      [header + 12, 4, 'identity', whole],
      [header + 16, 4, 'identity', whole],
    ]),
  };
}
