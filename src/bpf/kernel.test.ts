import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programOf } from '../testing/bpf-corpus.ts';
import {
  damagedPrograms,
  differencesFrom,
  differentialSeeds,
  randomQuestions,
  type TestedMachine,
} from '../testing/kernel-differential.ts';
import { askKernel, type Answer, type Question } from '../testing/kernel-oracle.ts';
import { randomFrom } from '../testing/random.ts';
import { VALID_CODES } from './program.ts';
import { machineOf, run } from './run.ts';
import { refusalOf } from './validate.ts';

const PAIRS = 240_000;
const PROGRAMS = 120_000;
const RET = { code: 0x06, jt: 0, jf: 0, k: 1 };

const EINVAL = 22;

const canAsk = askKernel([{ program: [RET], packets: [] }]) !== undefined;

/** Faults put into our machine on purpose: what is wrong, a piece of its source, and what stands there instead. */
const FAULTS = [
  ['adds with saturation', 'a = (a + x) | 0', 'a = Math.min((a >>> 0) + (x >>> 0), 0xffffffff) | 0'],
  ['subtracts the wrong way round', 'a = (a - k) | 0', 'a = (k - a) | 0'],
  ['multiplies with the rounding of floating point', 'a = Math.imul(a, x)', 'a = (a * x) | 0'],
  ['divides signed numbers', 'a = ((a >>> 0) / (x >>> 0)) | 0', 'a = (a / x) | 0'],
  ['goes on after a division by zero', 'if (x === 0) return 0', 'if (x === 0) break'],
  ['takes the remainder of signed numbers', 'a = ((a >>> 0) % (k >>> 0)) | 0', 'a = (a % k) | 0'],
  ['shifts left by a count that is not modulo 32', 'a <<= x', 'a = (x >>> 0) > 31 ? 0 : a << x'],
  ['shifts right by a count that is not modulo 32', 'a = (a >>> x) | 0', 'a = (x >>> 0) > 31 ? 0 : (a >>> x) | 0'],
  ['shifts right with the sign', 'a >>>= k', 'a >>= k'],
  ['complements instead of negating', 'a = -a | 0', 'a = ~a'],
  ['compares signed numbers', 'a >>> 0 > k >>> 0', 'a > k'],
  ['takes greater for greater or equal', 'a >>> 0 > x >>> 0', 'a >>> 0 >= x >>> 0'],
  ['tests for all bits instead of any', '(a & k) !== 0', '(a & k) === k'],
  [
    'loads words in the other order',
    '(packet[o + 2]! << 8) | packet[o + 3]!',
    '(packet[o + 3]! << 8) | packet[o + 2]!',
  ],
  ['loads beyond the end', 'if (o + 2 > size) return 0', 'if (o + 1 > size) return 0'],
  ['adds the index without wrapping', 'o = (x + k) >>> 0', 'o = (x >>> 0) + (k >>> 0)'],
  ['takes the wrong half of the IPv4 header length', '(packet[o]! & 15) << 2', '(packet[o]! >> 4) << 2'],
  ['mixes up the scratch words', 'x = scratch[k & 15]!', 'x = scratch[(k + 1) & 15]!'],
  ['mixes up the registers', 'a = x;', 'x = a;'],
  ['returns signed lengths', 'return a >>> 0', 'return a'],
  ['jumps one too far', 'Math.min(pc + 1 + skip, end)', 'Math.min(pc + 2 + skip, end)'],
  ['counts network offsets from elsewhere', 'offset - NETWORK_AREA +', 'offset - NETWORK_AREA + 1 +'],
  ['xors with the wrong register', 'a ^= x;\n        break;\n    }', 'a ^= k;\n        break;\n    }'],
] as const;

/** Our machine with one piece of its source replaced. */
async function machineWith(folder: string, right: string, wrong: string): Promise<TestedMachine> {
  const here = new URL('./run.ts', import.meta.url);
  const source = readFileSync(fileURLToPath(here), 'utf8');
  expect(source).toContain(right);
  const file = join(folder, `run-${String(FAULTS.findIndex(([, piece]) => piece === right))}.ts`);
  const imports = (text: string) =>
    text.replaceAll(/from '(\.[^']*)'/g, (_, path: string) => `from '${new URL(path, here).href}'`);
  writeFileSync(file, imports(source.replace(right, () => wrong)));
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as TestedMachine;
}

describe.skipIf(!canAsk)('the running kernel [needs python3]', () => {
  let questions: Question[] = [];
  let answers: readonly Answer[] = [];

  beforeAll(() => {
    questions = randomQuestions(randomFrom(20260101), differentialSeeds(), PAIRS);
    answers = askKernel(questions) ?? [];
  });

  it('agrees with our machine on random and real programs', () => {
    const lengths = answers.flatMap((answer) => [...answer.lengths]);
    const codes = new Set(questions.flatMap(({ program }) => program.map(({ code }) => code)));

    expect(differencesFrom(questions, answers, { machineOf, run }).take(3).toArray()).toEqual([]);
    expect(lengths).toHaveLength(PAIRS);
    expect(lengths.filter((length) => length === -1).length).toBeGreaterThan(PAIRS / 10);
    expect(lengths.filter((length) => length > 0).length).toBeGreaterThan(PAIRS / 10);
    expect(codes).toEqual(VALID_CODES);
  });

  describe('parts from a machine with a fault', () => {
    const folder = mkdtempSync(join(tmpdir(), 'faulty-machine-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each(FAULTS)('%s', async (_, right, wrong) => {
      const faulty = await machineWith(folder, right, wrong);

      expect(differencesFrom(questions, answers, faulty).take(1).toArray()).toHaveLength(1);
    });
  });

  it('takes and refuses the same damaged programs', () => {
    const programs = damagedPrograms(randomFrom(20260102), differentialSeeds(), PROGRAMS);
    const errors = askKernel(programs.map((program) => ({ program, packets: [] }))) ?? [];

    const differing = programs.filter((program, index) => {
      return (errors[index]?.errno === 0) !== (refusalOf(program) === undefined);
    });

    expect(differing.slice(0, 3)).toEqual([]);
    expect(errors).toHaveLength(PROGRAMS);
    expect(errors.filter(({ errno }) => errno === 0).length).toBeGreaterThan(PROGRAMS / 10);
    expect(errors.filter(({ errno }) => errno === EINVAL).length).toBeGreaterThan(PROGRAMS / 10);
  });

  it('ends a run with A where a packet has no device', () => {
    const rows = [
      [0x00, 0, 0, 7],
      [0x20, 0, 0, 0xfffff008],
      [0x06, 0, 0, 0],
    ] as const;

    const answers = askKernel([{ program: programOf(rows), packets: [new Uint8Array(60)] }]);

    expect(answers).toEqual([{ errno: 0, lengths: Int32Array.of(7) }]);
  });
});
