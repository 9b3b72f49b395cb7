import { VALID_CODES, type Instruction, type Program } from '../bpf/program.ts';
import type { Random } from './random.ts';

const VALID = [...VALID_CODES];
const RETURNS: readonly number[] = [0x06, 0x16];

/** A value that finds the borders of 32-bit arithmetic. */
export function randomWord(random: Random): number {
  return random.pick([
    () => random.below(4),
    () => random.below(256),
    () => random.below(65536),
    () => random.word(),
    () => 0xffffffff,
    () => 0x80000000,
    () => (1 << random.below(32)) >>> 0,
  ])();
}

/** A program that Linux takes, over all opcodes but those that read ancillary values; loads stay mostly inside short packets. */
export function randomProgram(random: Random, length: number): Program {
  const program: Instruction[] = [0, 1, 2].map((k) => ({ code: 0x02 + (k & 1), jt: 0, jf: 0, k }));
  while (program.length < length - 1) {
    const left = length - program.length - 2;
    const code = random.pick(VALID);
    const kind = code & 7;
    const instruction: Instruction = { code, jt: 0, jf: 0, k: randomWord(random) };
    if (RETURNS.includes(code)) {
      if (random.below(8) === 0) program.push({ ...instruction, k: random.below(50) });
    } else if (code === 0x05) program.push({ ...instruction, k: random.below(Math.min(left + 1, 6)) });
    else if (kind === 5) {
      const skip = () => random.below(Math.min(left + 1, random.pick([2, 8, 256])));
      program.push({ ...instruction, jt: skip(), jf: skip() });
    } else if (code === 0x60 || code === 0x61 || kind === 2 || kind === 3)
      program.push({ ...instruction, k: random.below(3) });
    else if (code === 0x64 || code === 0x74) program.push({ ...instruction, k: random.below(32) });
    else if (code === 0x34 || code === 0x94) program.push({ ...instruction, k: instruction.k || 1 });
    else if (kind <= 1 && (code & 0xe0) !== 0) {
      const wraps = (code & 0xe0) === 0x40 && random.below(4) === 0;
      program.push({ ...instruction, k: wraps ? 0xfffffff0 + random.below(16) : random.below(70) });
    } else program.push(instruction);
  }
  return [...program, { code: random.pick(RETURNS), jt: 0, jf: 0, k: 65535 }];
}

/** A damaged copy of a program, which may or may not load. */
export function damagedProgram(random: Random, program: Program): Program {
  const rows = [...program];
  for (let times = 1 + random.below(2); times > 0; times--) {
    const at = random.below(rows.length);
    const old = rows[at];
    if (old === undefined) break;
    const damage: readonly (() => void)[] = [
      () =>
        (rows[at] = {
          ...old,
          code: random.pick([random.below(256), random.word() & 0xffff, old.code ^ (1 << random.below(8))]),
        }),
      () =>
        (rows[at] = { ...old, k: random.pick([randomWord(random), 0xfffff000 + random.below(80), 15, 16, 31, 32, 0]) }),
      () => (rows[at] = { ...old, jt: random.below(256) }),
      () => (rows[at] = { ...old, jf: random.below(256) }),
      () => rows.splice(at, rows.length > 1 ? 1 : 0),
      () => rows.splice(at, 0, { code: random.pick(VALID), jt: 0, jf: 0, k: random.below(40) }),
      () => rows.splice(at, 0, { code: random.pick([0x60, 0x61, 0x02, 0x03]), jt: 0, jf: 0, k: random.below(18) }),
    ];
    random.pick(damage)();
  }
  return rows;
}

/** Bytes that are all different, or all the same. */
export function randomPacket(random: Random, longest = 90): Uint8Array {
  const same = random.below(256);
  const mixed = random.below(2) === 0;
  return Uint8Array.from({ length: random.pick([0, 1, 3, 14, 42, random.below(longest)]) }, () =>
    mixed ? random.below(256) : same,
  );
}
