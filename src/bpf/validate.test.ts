import { describe, expect, it } from 'vitest';
import { bpfCorpus, programOf } from '../testing/bpf-corpus.ts';
import { refusalOf } from './validate.ts';

const RET = [0x06, 0, 0, 1] as const;

it.each([
  ['an empty program', [], 'the program is empty'],
  ['an unknown opcode', [[0xff, 0, 0, 0], RET], 'instruction 0: unknown opcode 0xff'],
  ['a code above a byte', [[0x106, 0, 0, 0], RET], 'instruction 0: unknown opcode 0x106'],
  ['a division by zero', [[0x34, 0, 0, 0], RET], 'instruction 0: division by zero'],
  ['a modulo by zero', [[0x94, 0, 0, 0], RET], 'instruction 0: division by zero'],
  ['a shift by 32', [[0x64, 0, 0, 32], RET], 'instruction 0: shift by 32'],
  ['scratch word 16', [[0x60, 0, 0, 16], RET], 'instruction 0: there is no scratch word 16'],
  ['a jump past the end', [[0x05, 0, 0, 1], RET], 'instruction 0: jump past the end'],
  ['a jump backwards', [RET, [0x05, 0, 0, 0xfffffffe], RET], 'instruction 1: jump backwards'],
  ['a test that jumps past the end', [[0x15, 0, 1, 7], RET], 'instruction 0: jump past the end'],
  [
    'an unknown ancillary offset',
    [[0x20, 0, 0, 0xfffff040], RET],
    'instruction 0: unknown ancillary offset 0xfffff040',
  ],
  ['no return at the end', [RET, [0x00, 0, 0, 1]], 'instruction 1: the last one is no return'],
  [
    'a scratch word that is never set',
    [[0x60, 0, 0, 3], RET],
    'instruction 0: scratch word 3 is read before it is set',
  ],
  [
    'a scratch word that one way does not set',
    [[0x15, 0, 1, 1], [0x02, 0, 0, 3], [0x60, 0, 0, 3], RET],
    'instruction 2: scratch word 3 is read before it is set',
  ],
] as const)('refuses %s', (_, rows, reason) => {
  expect(refusalOf(programOf(rows))).toBe(reason);
});

it.each([
  ['indexed loads at any offset', [[0x40, 0, 0, 0xfffff040], RET]],
  ['offsets from the network header', [[0x20, 0, 0, 0xfff00009], RET]],
  ['a scratch word that only a dead way does not set', [[0x02, 0, 0, 3], [0x15, 0, 1, 1], RET, [0x60, 0, 0, 3], RET]],
  ['a register shift, whatever its count', [[0x6c, 0, 0, 99], RET]],
] as const)('takes %s', (_, rows) => {
  expect(refusalOf(programOf(rows))).toBeUndefined();
});

const corpus = bpfCorpus();

describe.skipIf(corpus === undefined)('over the filter corpus', () => {
  it('takes what Linux takes', () => {
    const wrong = corpus?.filter(({ program, kernelLoads }) => (refusalOf(program) === undefined) !== kernelLoads);

    expect(wrong).toEqual([]);
  });
});
