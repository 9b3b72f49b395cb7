import { expect, it } from 'vitest';
import { programOf } from '../../testing/bpf-corpus.ts';
import { bpfCorpus } from '../../testing/bpf-corpus.ts';
import { machineOf, run } from '../run.ts';
import { refusalOf } from '../validate.ts';
import { relate } from './relate.ts';

type Rows = Parameters<typeof programOf>[0];

const test = (code: number, k: number, ...before: Rows): Rows => [
  ...before,
  [code, 0, 1, k],
  [6, 0, 0, 1],
  [6, 0, 0, 0],
];
const BYTE: Rows = [[0x30, 0, 0, 9]];
const LENGTH: Rows = [[0x80, 0, 0, 0]];
const PORT: Rows = [
  [0xb1, 0, 0, 14],
  [0x48, 0, 0, 16],
];
const ALL: Rows = [[6, 0, 0, 1]];
const NOTHING: Rows = [[6, 0, 0, 0]];

it.each<[string, Rows, Rows, string]>([
  ['two values of a byte', test(0x15, 17, ...BYTE), test(0x15, 6, ...BYTE), 'disjoint'],
  ['at least, and equal', test(0x35, 6, ...BYTE), test(0x15, 6, ...BYTE), 'superset'],
  ['one of four bits, and any', test(0x45, 1, ...BYTE), test(0x45, 15, ...BYTE), 'subset'],
  ['two lengths', test(0x25, 60, ...LENGTH), test(0x25, 100, ...LENGTH), 'superset'],
  ['two ports behind a header of any length', test(0x15, 53, ...PORT), test(0x15, 54, ...PORT), 'disjoint'],
  ['a port, and the same', test(0x15, 53, ...PORT), test(0x15, 53, ...PORT), 'equal'],
  ['two places', test(0x15, 17, ...BYTE), test(0x15, 17, [0x30, 0, 0, 10]), 'overlap'],
  ['everything, and what is long enough', ALL, [[0x20, 0, 0, 0], ...ALL], 'superset'],
  ['nothing, and nothing', NOTHING, [[0x28, 0, 0, 0], [0x24, 0, 0, 2], ...test(0x45, 1)], 'equal'],
  ['nothing, and everything', NOTHING, ALL, 'subset'],
])('tells %s', (_, left, right, relation) => {
  const programs = [programOf(left), programOf(right)] as const;
  const comparison = relate(...programs, 'ethernet');
  const decided = (packet: Uint8Array) => programs.map((program) => run(machineOf(program), packet) > 0);

  expect(comparison).toMatchObject({ relation, proved: true });
  if (comparison.onlyLeft) expect(decided(comparison.onlyLeft.packet)).toEqual([true, false]);
  if (comparison.onlyRight) expect(decided(comparison.onlyRight.packet)).toEqual([false, true]);
  if (comparison.both) expect(decided(comparison.both.packet)).toEqual([true, true]);
  expect(comparison.onlyLeft === undefined).toBe(['equal', 'subset'].includes(relation));
  expect(comparison.onlyRight === undefined).toBe(['equal', 'superset'].includes(relation));
});

it('proves that places never fall together where they would have to', () => {
  // The header length is 20 bytes and the port is read behind it: byte 36 is its first byte, which cannot be two things.
  const plain: Rows = [
    [0x30, 0, 0, 14],
    [0x15, 0, 6, 0x45],
    [0x30, 0, 0, 36],
    [0x15, 0, 4, 7],
    ...PORT,
    [0x15, 0, 1, 0x0801],
  ];
  const contradiction = programOf([...plain, [6, 0, 0, 1], [6, 0, 0, 0]]);

  expect(relate(contradiction, programOf(NOTHING), 'ethernet')).toEqual({ relation: 'equal', proved: true });
});

it('says when it could not prove what it says', () => {
  // A product of two words that is one less than a square: found by no inversion, excluded by no bound.
  const rows: Rows = [
    [0x20, 0, 0, 0],
    [0x07, 0, 0, 0],
    [0x20, 0, 0, 0],
    [0x2c, 0, 0, 0],
    [0x15, 0, 1, 3],
    [6, 0, 0, 1],
    [6, 0, 0, 0],
  ];

  // No square is 3 modulo 4.
  expect(relate(programOf(rows), programOf(NOTHING), 'network')).toEqual({ relation: 'equal', proved: false });
});

const corpus = bpfCorpus(['malicious'])?.filter(({ program }) => refusalOf(program) === undefined);

it.skipIf(corpus === undefined)('finds the optimised and the unoptimised compilation of a line equal', () => {
  const [one, other] = (corpus ?? []).filter(({ name }) => name.includes('network offsets'));

  expect(one && other && relate(one.program, other.program, 'network')).toMatchObject({
    relation: 'equal',
    proved: true,
  });
  expect(one?.program.length).not.toBe(other?.program.length);
});
