import { describe, expect, it } from 'vitest';
import { bpfCorpus } from '../testing/bpf-corpus.ts';
import { askKernel, type Question } from '../testing/kernel-oracle.ts';
import { damagedProgram, randomPacket, randomProgram } from '../testing/random-program.ts';
import { randomFrom } from '../testing/random.ts';
import { NETWORK_AREA } from './ancillary.ts';
import type { Program } from './program.ts';
import { machineOf, run } from './run.ts';
import { refusalOf } from './validate.ts';

const canAsk = askKernel([{ program: [{ code: 0x06, jt: 0, jf: 0, k: 1 }], packets: [] }]) !== undefined;

interface Difference {
  readonly program: Program;
  readonly packet: Uint8Array | undefined;
  readonly ours: unknown;
  readonly kernel: unknown;
}

/** What arrives at a socket whose filter we run ourselves. */
function arrives(program: Program, packet: Uint8Array): number | null {
  const kept = run(machineOf(program), packet);
  return kept === 0 ? null : Math.min(kept, packet.length);
}

/** Header areas are another matter on a Unix socket: such runs are not compared. */
function readsHeaderAreas(program: Program, packet: Uint8Array): boolean {
  const outside = run(machineOf(program), packet, { network_offset: 2 ** 31 - 1 });
  const inside = run(machineOf(program), packet, { network_offset: 0 });
  const fixed = program.some(
    ({ code, k }) => (code & 7) <= 1 && (code & 0xe0) !== 0 && (code & 0xe0) !== 0x40 && k >= NETWORK_AREA - 2 ** 20,
  );
  return fixed || outside !== inside || outside !== run(machineOf(program), packet);
}

describe.skipIf(!canAsk)('the running kernel', () => {
  it('agrees with our machine on random programs and packets', () => {
    const random = randomFrom(20260101);
    const questions: Question[] = Array.from({ length: 3000 }, () => ({
      program: randomProgram(random, random.pick([6, 12, 25, 60])),
      packets: Array.from({ length: 6 }, () => randomPacket(random)),
    }));
    const answers = askKernel(questions) ?? [];

    let compared = 0;
    const differing = questions.flatMap(({ program, packets }, index): Difference[] => {
      const answer = answers[index];
      if (answer?.takes !== true) return [{ program, packet: undefined, ours: 'taken', kernel: 'refused' }];
      return packets.flatMap((packet, number) => {
        if (readsHeaderAreas(program, packet)) return [];
        compared++;
        const ours = arrives(program, packet);
        return ours === answer.lengths[number] ? [] : [{ program, packet, ours, kernel: answer.lengths[number] }];
      });
    });

    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });

  it('takes and refuses the same damaged programs', () => {
    const random = randomFrom(20260102);
    const seeds = bpfCorpus()?.map(({ program }) => program) ?? [];
    const programs = Array.from({ length: 4000 }, () =>
      damagedProgram(
        random,
        seeds.length > 0 && random.below(2) === 0 ? random.pick(seeds) : randomProgram(random, random.pick([3, 8, 20])),
      ),
    );
    const answers = askKernel(programs.map((program) => ({ program, packets: [] }))) ?? [];

    const differing = programs.flatMap((program, index) => {
      const refusal = refusalOf(program);
      return answers[index]?.takes === (refusal === undefined) ? [] : [{ program, refusal }];
    });

    expect(differing).toEqual([]);
    expect(answers.filter(({ takes }) => takes).length).toBeGreaterThan(500);
    expect(answers.filter(({ takes }) => !takes).length).toBeGreaterThan(500);
  });

  it('refuses 4,097 instructions and none', () => {
    const ret = { code: 0x06, jt: 0, jf: 0, k: 1 };
    const programs = [0, 1, 4096, 4097].map((length) => Array.from({ length }, () => ret));

    const answers = askKernel(programs.map((program) => ({ program, packets: [] })));

    expect(answers?.map(({ takes }) => takes)).toEqual([false, true, true, false]);
    expect(programs.map((program) => refusalOf(program) === undefined)).toEqual([false, true, true, false]);
  });
});
