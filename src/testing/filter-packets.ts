import { ancillaryOf } from '../bpf/ancillary.ts';
import { ALU, CLASS, JUMP, MODE, OP, SOURCE_X, WIDTH, type Program } from '../bpf/program.ts';
import type { Environment } from '../bpf/run.ts';
import type { Random } from './random.ts';

/** What a filter decides on. */
export interface FilterPacket {
  readonly packet: Uint8Array;
  readonly env: Environment;
}

type Fact = Exclude<keyof Environment, 'network_offset'>;

/** Where a value comes from: bytes of the packet or a fact of the kernel, of which the bits under a mask are looked at. */
interface Origin {
  readonly from: { readonly at: number; readonly size: number } | Fact;
  readonly mask: number;
  readonly minus: number;
}

interface Value {
  readonly value: number;
  readonly origin?: Origin | undefined;
}

const UNKNOWN: Value = { value: 0 };
const LONGEST = 160;

/**
 * Packets that take ways through a program: it is run on a seed, and at every jump on a value of the packet, that value is
 * changed so that the jump goes where chance says, or near it. Some packets are then cut where a load ends.
 */
export function packetsFor(
  random: Random,
  programs: readonly Program[],
  seeds: readonly Uint8Array[],
  count: number,
): FilterPacket[] {
  return Array.from({ length: count }, (_, index): FilterPacket => {
    const program = programs[index % programs.length] ?? [];
    const seed = seeds.length > 0 && random.below(3) > 0 ? random.pick(seeds) : noise(random);
    const bytes = new Uint8Array(LONGEST);
    bytes.set(seed.subarray(0, LONGEST));
    const { env, ends } = steer(random, program, bytes);
    if (random.below(4) === 0) bytes[random.below(80)] = random.below(256);
    const length = random.below(3) === 0 && ends.length > 0 ? random.pick(ends) - random.below(2) : undefined;
    const whole = random.below(2) === 0 ? LONGEST : Math.max(20, Math.min(seed.length, LONGEST));
    return { packet: bytes.slice(0, Math.max(0, length ?? whole)), env };
  });
}

function noise(random: Random): Uint8Array {
  const same = random.below(3) === 0;
  return Uint8Array.from({ length: LONGEST }, () => (same ? 0 : random.below(256)));
}

/** Runs a program and changes the packet on the way. Returns the facts, and where loads ended. */
function steer(random: Random, program: Program, bytes: Uint8Array): { env: Environment; ends: number[] } {
  const env: Partial<Record<Fact, number>> = {
    protocol: random.pick([0x0800, 0x86dd, 0x0806, random.below(65536)]),
    pkttype: random.pick([0, 1, 2, 3, 4]),
    ifindex: random.below(12),
    vlan_tag_present: random.below(2),
    vlan_tag: random.below(65536),
  };
  const ends: number[] = [];
  // Every second packet keeps away from rejection as long as it can, to come far.
  const eager = random.below(2) === 0;
  const rejects = (pc: number): boolean => program[pc]?.code === OP.retK && program[pc]?.k === 0;
  const scratch = Array.from({ length: 16 }, () => UNKNOWN);
  let a = UNKNOWN;
  let x = UNKNOWN;
  const load = (at: number, size: number): Value | undefined => {
    if (at + size > bytes.length) return undefined;
    ends.push(at + size);
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] ?? 0);
    return { value, origin: { from: { at, size }, mask: 0xffffffff, minus: 0 } };
  };
  for (let pc = 0; pc < program.length; pc++) {
    const instruction = program[pc];
    if (instruction === undefined) break;
    const { code, jt, jf, k } = instruction;
    const fact = ancillaryOf(instruction);
    switch (code & 7) {
      case CLASS.ld:
      case CLASS.ldx: {
        let loaded: Value | undefined;
        if (fact !== undefined) {
          const name = fact === 'alu_xor_x' ? 'mark' : fact;
          loaded = { value: env[name] ?? 0, origin: { from: name, mask: 0xffffffff, minus: 0 } };
        } else if ((code & 0xe0) === MODE.imm) loaded = { value: k };
        else if ((code & 0xe0) === MODE.len) loaded = { value: bytes.length };
        else if ((code & 0xe0) === MODE.mem) loaded = scratch[k & 15];
        else if (code === OP.ldxMsh) {
          const byte = load(k, 1);
          loaded = byte === undefined ? undefined : { value: (byte.value & 15) * 4 };
        } else loaded = load((code & 0xe0) === MODE.ind ? (x.value + k) >>> 0 : k, WIDTH[code & 0x18] ?? 1);
        if (loaded === undefined) return { env, ends };
        if ((code & 7) === CLASS.ld) a = loaded;
        else x = loaded;
        break;
      }
      case CLASS.st:
        scratch[k & 15] = a;
        break;
      case CLASS.stx:
        scratch[k & 15] = x;
        break;
      case CLASS.alu:
        a = computed(code, a, code & SOURCE_X ? x.value : k);
        break;
      case CLASS.misc:
        if (code === OP.tax) x = a;
        else a = x;
        break;
      case CLASS.ret:
        return { env, ends };
      default: {
        if (code === OP.ja) {
          pc += k;
          break;
        }
        const against = code & SOURCE_X ? x.value : k;
        if (a.origin !== undefined && random.below(8) > 0) {
          const [yes, no] = [!rejects(pc + 1 + jt), !rejects(pc + 1 + jf)];
          const wanted = eager && yes !== no ? yes : undefined;
          a = aim(random, code & 0xf0, a.origin, against, wanted, bytes, env);
        }
        pc += holds(code & 0xf0, a.value, against) ? jt : jf;
      }
    }
  }
  return { env, ends };
}

function computed(code: number, a: Value, operand: number): Value {
  const { origin } = a;
  switch (code & 0xf0) {
    case ALU.and:
      return { value: (a.value & operand) >>> 0, origin: origin && { ...origin, mask: (origin.mask & operand) >>> 0 } };
    case ALU.sub:
      return {
        value: (a.value - operand) >>> 0,
        origin: origin && { ...origin, minus: (origin.minus + operand) >>> 0 },
      };
    case ALU.add:
      return { value: (a.value + operand) >>> 0 };
    case ALU.mul:
      return { value: Math.imul(a.value, operand) >>> 0 };
    case ALU.lsh:
      return { value: (a.value << operand) >>> 0 };
    case ALU.rsh:
      return { value: a.value >>> operand };
    case ALU.or:
      return { value: (a.value | operand) >>> 0 };
    case ALU.xor:
      return { value: (a.value ^ operand) >>> 0 };
    default:
      return { value: (code & 0xf0) === ALU.neg ? -a.value >>> 0 : Math.floor(a.value / Math.max(operand, 1)) };
  }
}

function holds(test: number, a: number, b: number): boolean {
  if (test === JUMP.jeq) return a === b;
  if (test === JUMP.jgt) return a > b;
  return test === JUMP.jge ? a >= b : (a & b) !== 0;
}

/**
 * Changes the source of a value to one that passes or just misses a test against `against`; where `outcome` says which, to
 * one that does.
 */
function aim(
  random: Random,
  test: number,
  { from, mask, minus }: Origin,
  against: number,
  outcome: boolean | undefined,
  bytes: Uint8Array,
  env: Partial<Record<Fact, number>>,
): Value {
  const candidates =
    test === JUMP.jset
      ? [0, against, (against & -against) >>> 0, ~against >>> 0]
      : [against, against, against, (against + 1) >>> 0, (against - 1) >>> 0, random.word()];
  const fitting =
    outcome === undefined ? candidates : candidates.filter((one) => holds(test, one, against) === outcome);
  const wanted = (random.pick(fitting.length > 0 ? fitting : candidates) + minus) >>> 0;
  const old = typeof from === 'string' ? (env[from] ?? 0) : 0;
  let value = 0;
  if (typeof from === 'string') {
    value = ((old & ~mask) | (wanted & mask)) >>> 0;
    env[from] = value;
  } else {
    for (let index = 0; index < from.size; index++) {
      const shift = 8 * (from.size - 1 - index);
      const part = (mask >>> shift) & 0xff;
      const byte = ((bytes[from.at + index] ?? 0) & ~part) | ((wanted >>> shift) & part);
      bytes[from.at + index] = byte;
      value = value * 256 + byte;
    }
  }
  return { value: (((value & mask) >>> 0) - minus) >>> 0, origin: { from, mask, minus } };
}
