import { expect, it } from 'vitest';
import { programOf } from '../../testing/bpf-corpus.ts';
import type { Link } from '../link.ts';
import { analyse } from './analysis.ts';
import { sentenceOf } from './sentence.ts';

type Rows = Parameters<typeof programOf>[0];

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;

const say = (rows: Rows, link: Link = 'network'): string => sentenceOf(analyse(programOf(rows), { link }));

it.each<[string, Rows, Link?]>([
  ['Lets nothing through.', [drop]],
  ['Lets everything through that reaches its socket.', [pass]],
  ['Lets through ARP.', [[0x28, 0, 0, 12], [0x15, 0, 1, 0x0806], pass, drop], 'ethernet'],
  ['Lets through packets of at least 64 bytes.', [[0x80, 0, 0, 0], [0x35, 0, 1, 64], pass, drop]],
  ['Lets through packets of 64 bytes.', [[0x80, 0, 0, 0], [0x15, 0, 1, 64], pass, drop]],
  [
    'Lets through IPv4 UDP with udp.dstport = 53; or IPv4 UDP with udp.srcport = 53.',
    [
      [0x30, 0, 0, 9],
      [0x15, 0, 6, 17],
      [0xb1, 0, 0, 0],
      [0x48, 0, 0, 0],
      [0x15, 2, 0, 53],
      [0x48, 0, 0, 2],
      [0x15, 0, 1, 53],
      pass,
      drop,
    ],
  ],
  [
    'Lets through IPv4 TCP with tcp.dstport 8000 to 8080.',
    [
      [0x30, 0, 0, 9],
      [0x15, 0, 5, 6],
      [0xb1, 0, 0, 0],
      [0x48, 0, 0, 2],
      [0x35, 0, 2, 8000],
      [0x25, 1, 0, 8080],
      pass,
      drop,
    ],
  ],
  ['Lets through IPv4 with ip.src not 192.0.2.1.', [[0x20, 0, 0, 12], [0x15, 1, 0, 0xc0000201], pass, drop]],
  [
    'Lets through UDP with udp payload+0:4 = udp payload+4:4.',
    [[0x20, 0, 0, 8], [0x07, 0, 0, 0], [0x20, 0, 0, 12], [0x1d, 0, 1, 0], pass, drop],
    'udp-socket',
  ],
])('says %j', (sentence, rows, link) => {
  expect(say(rows, link)).toBe(sentence);
});

it('says when it did not follow all ways', () => {
  const rows: (readonly [number, number, number, number])[] = [
    [0, 0, 0, 0],
    [2, 0, 0, 0],
  ];
  for (let bit = 0; bit < 40; bit++) {
    rows.push(
      [0x30, 0, 0, bit >> 3],
      [0x45, 0, 3, 1 << (bit & 7)],
      [0x60, 0, 0, 0],
      [0x04, 0, 0, (3 ** bit % 2 ** 32) | 0],
      [2, 0, 0, 0],
    );
  }
  rows.push([0x60, 0, 0, 0], [0x15, 0, 1, 12345], [6, 0, 0, 1], [6, 0, 0, 0]);
  const program = programOf(rows.map(([code, jt, jf, k]) => [code, jt, jf, k >>> 0]));

  expect(sentenceOf(analyse(program, { link: 'network' }))).toContain('too entangled to be followed in all its ways');
});
