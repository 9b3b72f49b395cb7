import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../testing/bpf-corpus.ts';
import { askKernel } from '../testing/kernel-oracle.ts';
import { refusalOf } from './validate.ts';

const RET = [0x06, 0, 0, 1] as const;

type Rows = Parameters<typeof programOf>[0];

type RefusedRow = readonly [name: string, rows: Rows, reason: string];

/** Every reason for which Linux refuses a program. */
const REFUSED: readonly RefusedRow[] = [
  ['an empty program', [], 'the program is empty'],
  ['4,097 instructions', Array.from({ length: 4097 }, () => RET), 'the program has 4097 instructions, more than 4096'],
  ['an unknown opcode', [[0xff, 0, 0, 0], RET], 'instruction 0: unknown opcode 0xff'],
  ['a code above a byte', [[0x106, 0, 0, 0], RET], 'instruction 0: unknown opcode 0x106'],
  ['a return of X', [RET, [0x0e, 0, 0, 0]], 'instruction 1: unknown opcode 0x0e'],
  ['half a word from scratch memory', [[0x68, 0, 0, 0], RET], 'instruction 0: unknown opcode 0x68'],
  ['a division by zero', [[0x34, 0, 0, 0], RET], 'instruction 0: division by zero'],
  ['a modulo by zero', [[0x94, 0, 0, 0], RET], 'instruction 0: division by zero'],
  ['a shift left by 32', [[0x64, 0, 0, 32], RET], 'instruction 0: shift by 32'],
  ['a shift right by 33', [[0x74, 0, 0, 33], RET], 'instruction 0: shift by 33'],
  ...[0x60, 0x61, 0x02, 0x03].map((code): RefusedRow => [
    `scratch word 16 by 0x${code.toString(16)}`,
    [[code, 0, 0, 16], RET],
    'instruction 0: there is no scratch word 16',
  ]),
  ['a jump past the end', [[0x05, 0, 0, 1], RET], 'instruction 0: jump past the end'],
  ['a jump backwards', [RET, [0x05, 0, 0, 0xfffffffe], RET], 'instruction 1: jump backwards'],
  ['a test that jumps past the end where it holds', [[0x15, 1, 0, 7], RET], 'instruction 0: jump past the end'],
  ['a test that jumps past the end where it fails', [[0x4d, 0, 255, 0], RET], 'instruction 0: jump past the end'],
  ['a jump from the last instruction', [RET, [0x05, 0, 0, 0]], 'instruction 1: jump past the end'],
  ...[0x20, 0x28, 0x30].flatMap((code) =>
    [0xfffff040, 0xfffff001, 0xffffffff].map((k): RefusedRow => [
      `the ancillary offset 0x${k.toString(16)} by 0x${code.toString(16)}`,
      [[code, 0, 0, k], RET],
      `instruction 0: unknown ancillary offset 0x${k.toString(16)}`,
    ]),
  ),
  ['no return at the end', [RET, [0x00, 0, 0, 1]], 'instruction 1: the last one is no return'],
  [
    'a scratch word that is never set',
    [[0x60, 0, 0, 3], RET],
    'instruction 0: scratch word 3 is read before it is set',
  ],
  [
    'another scratch word than the one that is set',
    [[0x03, 0, 0, 2], [0x61, 0, 0, 3], RET],
    'instruction 1: scratch word 3 is read before it is set',
  ],
  [
    'a scratch word that one way does not set',
    [[0x15, 0, 1, 1], [0x02, 0, 0, 3], [0x60, 0, 0, 3], RET],
    'instruction 2: scratch word 3 is read before it is set',
  ],
  [
    'a scratch word that a jump goes around',
    [[0x05, 0, 0, 1], [0x02, 0, 0, 3], [0x60, 0, 0, 3], RET],
    'instruction 2: scratch word 3 is read before it is set',
  ],
];

const TAKEN: readonly (readonly [name: string, rows: Rows])[] = [
  ['4,096 instructions', Array.from({ length: 4096 }, () => RET)],
  ['indexed loads at any offset', [[0x40, 0, 0, 0xfffff040], RET]],
  ['the length of a header at any offset', [[0xb1, 0, 0, 0xffffffff], RET]],
  ['offsets from the network header', [[0x20, 0, 0, 0xfff00009], RET]],
  ['offsets below every header', [[0x20, 0, 0, 0x80000000], RET]],
  ['the last ancillary offset', [[0x30, 0, 0, 0xfffff03c], RET]],
  ['a scratch word that only a dead way does not set', [[0x02, 0, 0, 3], [0x15, 0, 1, 1], RET, [0x60, 0, 0, 3], RET]],
  [
    'a scratch word that every way sets',
    [[0x15, 0, 2, 1], [0x02, 0, 0, 3], [0x05, 0, 0, 1], [0x03, 0, 0, 3], [0x60, 0, 0, 3], RET],
  ],
  ['a register shift, whatever its count', [[0x6c, 0, 0, 99], RET]],
  ['a division by X, whatever k', [[0x3c, 0, 0, 0], RET]],
  ['skips and a k that have no meaning', [[0x87, 255, 255, 0xffffffff], RET]],
];

it.each(REFUSED)('refuses %s', (_, rows, reason) => {
  expect(refusalOf(programOf(rows))).toBe(reason);
});

it.each(TAKEN)('takes %s', (_, rows) => {
  expect(refusalOf(programOf(rows))).toBeUndefined();
});

const answers = askKernel([...REFUSED, ...TAKEN].map(([, rows]) => ({ program: programOf(rows), packets: [] })));

describe.skipIf(answers === undefined)('the running kernel [needs python3]', () => {
  it('does the same', () => {
    const EINVAL = 22;

    expect(answers?.map(({ errno }) => errno)).toEqual([...REFUSED.map(() => EINVAL), ...TAKEN.map(() => 0)]);
  });
});

const corpus = bpfCorpus();

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('takes what Linux takes', () => {
    const wrong = corpus?.filter(({ program, kernelLoads }) => (refusalOf(program) === undefined) !== kernelLoads);

    expect(wrong).toEqual([]);
  });
});
