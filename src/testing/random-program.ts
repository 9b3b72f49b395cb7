import { LINK_AREA, NETWORK_AREA } from '../bpf/ancillary.ts';
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

/** Returns a number below 64 in which every bit of A has a part: so a short packet shows when any of them is wrong. */
const FOLDING: Program = [
  [0x07, 0],
  [0x74, 16],
  [0xac, 0],
  [0x07, 0],
  [0x74, 7],
  [0xac, 0],
  [0x54, 63],
  [0x16, 0],
].map(([code = 0, k = 0]) => ({ code, jt: 0, jf: 0, k }));

/**
 * A program that Linux takes, over all opcodes; loads stay mostly inside short packets.
 *
 * @param ancillary Offsets in the header and ancillary areas that absolute loads may use; none unless given.
 */
export function randomProgram(random: Random, length: number, ancillary: readonly number[] = []): Program {
  const registers =
    random.below(2) === 0 ? [] : [0x00, 0x01].map((code) => ({ code, jt: 0, jf: 0, k: randomWord(random) }));
  const scratch = [0, 1, 2].map((k) => ({ code: 0x02 + (k & 1), jt: 0, jf: 0, k }));
  const program: Instruction[] = [...registers, ...scratch];
  const end = random.below(2) === 0 ? FOLDING : [{ code: random.pick(RETURNS), jt: 0, jf: 0, k: 65535 }];
  while (program.length < length - end.length) {
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
      const indexed = (code & 0xe0) === 0x40;
      if (indexed && random.below(4) === 0) program.push({ ...instruction, k: 0xfffffff0 + random.below(16) });
      else if (code < 0x40 && ancillary.length > 0 && random.below(4) === 0)
        program.push({ ...instruction, k: random.pick(ancillary) });
      else if (ancillary.length > 0 && random.below(16) === 0)
        program.push({ ...instruction, k: random.pick([NETWORK_AREA, LINK_AREA]) + random.below(70) });
      else program.push({ ...instruction, k: random.below(70) });
    } else program.push(instruction);
  }
  return [...program, ...end];
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
  return Uint8Array.from(
    { length: random.pick([0, 1, 3, 14, 42, random.below(longest), longest, longest, longest]) },
    () => (mixed ? random.below(256) : same),
  );
}

/** Netlink attributes one after the other, in the byte order of a little-endian host; some of them lie about their length. */
export function attributePacket(random: Random): Uint8Array {
  const bytes: number[] = [];
  for (let left = 1 + random.below(6); left > 0; left--) {
    const size = 4 + random.pick([0, 1, 4, 8, 12]);
    bytes.push(random.below(12) === 0 ? random.below(256) : size, 0, random.below(6), random.pick([0, 0, 0x40, 0x80]));
    for (let at = 4; at < Math.ceil(size / 4) * 4; at++) bytes.push(at % 4 === 0 ? random.below(9) : random.below(2));
  }
  return Uint8Array.from(bytes);
}

/** A copy of a packet as it is, with some bytes changed, cut, or longer. */
export function damagedPacket(random: Random, packet: Uint8Array): Uint8Array {
  const copy = packet.slice(0, random.below(6) === 0 ? random.below(packet.length + 1) : packet.length);
  for (let times = random.below(4); times > 0 && copy.length > 0; times--) {
    const at = random.below(copy.length);
    copy[at] = random.pick([random.below(256), (copy[at] ?? 0) ^ (1 << random.below(8))]);
  }
  if (random.below(8) > 0) return copy;
  const longer = new Uint8Array(copy.length + random.below(80));
  longer.set(copy);
  return longer;
}
