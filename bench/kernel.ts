// Whether the machine and the running kernel agree, on many millions of pairs of a program and a packet, and on what loads.
// node bench/kernel.ts [PAIRS [PROGRAMS]]: 20 million and 1 million unless given. Ends with 1 when anything differs.
import { VALID_CODES } from '../src/bpf/program.ts';
import { machineOf, run } from '../src/bpf/run.ts';
import { refusalOf } from '../src/bpf/validate.ts';
import {
  damagedPrograms,
  differencesFrom,
  differentialSeeds,
  randomQuestions,
} from '../src/testing/kernel-differential.ts';
import { askKernel, type Answer, type Question } from '../src/testing/kernel-oracle.ts';
import { randomFrom } from '../src/testing/random.ts';

const ROUND_PAIRS = 200_000;
const ROUND_PROGRAMS = 100_000;
/** So many differences are shown. */
const SHOWN = 3;

const [pairs = 20_000_000, programs = 1_000_000] = process.argv.slice(2).map(Number);
const seeds = differentialSeeds();
const random = randomFrom(20260105);

for (const figures of [runs(), loads()]) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (figures.differences > 0) process.exitCode = 1;
}

function runs() {
  const codes = new Set<number>();
  let [compared, accepted, differences, kernelMs] = [0, 0, 0, 0];
  const start = performance.now();
  for (let round = 0; round < pairs / ROUND_PAIRS; round++) {
    const questions = randomQuestions(random, seeds, ROUND_PAIRS);
    const asked = performance.now();
    const answers = asking(questions);
    kernelMs += performance.now() - asked;
    for (const difference of differencesFrom(questions, answers, { machineOf, run })) {
      if (differences++ < SHOWN) console.error(difference);
    }
    for (const { program } of questions) for (const { code } of program) codes.add(code);
    for (const { lengths } of answers) {
      compared += lengths.length;
      for (const length of lengths) accepted += Number(length > 0);
    }
  }
  return {
    what: 'runs',
    compared,
    differences,
    accepted,
    opcodes: [...codes].filter((code) => VALID_CODES.has(code)).length,
    ...paceOf(compared, performance.now() - start, kernelMs),
  };
}

function loads() {
  let [compared, taken, differences, kernelMs] = [0, 0, 0, 0];
  const start = performance.now();
  for (let round = 0; round < programs / ROUND_PROGRAMS; round++) {
    const questions = damagedPrograms(random, seeds, ROUND_PROGRAMS).map((program) => ({ program, packets: [] }));
    const asked = performance.now();
    const answers = asking(questions);
    kernelMs += performance.now() - asked;
    for (const [index, { program }] of questions.entries()) {
      const takes = answers[index]?.errno === 0;
      taken += Number(takes);
      if (takes !== (refusalOf(program) === undefined) && differences++ < SHOWN) console.error({ program, takes });
    }
    compared += answers.length;
  }
  return {
    what: 'load decisions',
    compared,
    differences,
    taken,
    ...paceOf(compared, performance.now() - start, kernelMs),
  };
}

function asking(questions: readonly Question[]): readonly Answer[] {
  const answers = askKernel(questions);
  if (answers === undefined) throw new Error('the kernel cannot be asked: this takes Linux and python3');
  return answers;
}

function paceOf(compared: number, ms: number, kernelMs: number) {
  return {
    perSecond: Math.round((1000 * compared) / ms),
    seconds: Math.round(ms / 1000),
    kernelSeconds: Math.round(kernelMs / 1000),
  };
}
