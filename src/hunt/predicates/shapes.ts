import type { Program } from '../../bpf/program.ts';

/** A comparison of A with a constant. */
const JEQ = 0x15;
/** So many programs may share one of the constants by which a shape's programs differ; they are run one by one when it comes. */
const MOST_ALIKE = 8;

/** Programs that are equal but for constants that A is compared with. */
export interface Shape {
  /** One of them, whose constants at `varying` count for nothing. */
  readonly program: Program;
  /** Instructions at which they differ. */
  readonly varying: readonly number[];
  /** Numbers of the programs; of equal ones, that of the first. */
  readonly members: readonly number[];
}

/**
 * Puts programs of one shape together.
 *
 * A constant that many share while others have another one, such as the number of a protocol, makes shapes of its own: packets
 * have it all the time.
 *
 * @param onCopy Is told of each program that is equal to one before.
 */
export function shapesOf(
  programs: readonly Program[],
  onCopy: (number: number, first: number) => void,
): readonly Shape[] {
  const shapes: Shape[] = [];
  for (const alike of alikeIn(programs)) {
    const varying = varyingIn(programs, alike);
    const firsts = new Map<string, number>();
    for (const number of alike) {
      const constants = varying.map((pc) => programs[number]![pc]!.k).join();
      const first = firsts.get(constants);
      if (first === undefined) firsts.set(constants, number);
      else onCopy(number, first);
    }
    shapes.push(...partsOf(programs, [...firsts.values()]));
  }
  return shapes;
}

/** Numbers of programs that differ in nothing but constants that A is compared with. */
function alikeIn(programs: readonly Program[]): readonly (readonly number[])[] {
  const byHash = new Map<number, number[][]>();
  programs.forEach((program, number) => {
    const hash = hashOf(program);
    const sets = byHash.get(hash) ?? [];
    const set = sets.find(([first]) => areAlike(program, programs[first!]!));
    if (set !== undefined) set.push(number);
    else byHash.set(hash, [...sets, [number]]);
  });
  return [...byHash.values()].flat();
}

function hashOf(program: Program): number {
  let hash = program.length;
  for (const { code, jt, jf, k } of program) {
    hash = Math.imul(hash, 31) + (code | (jt << 8) | (jf << 16));
    if (code !== JEQ) hash = Math.imul(hash ^ (hash >>> 15), 31) + k;
  }
  return hash | 0;
}

function areAlike(one: Program, other: Program): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ code, jt, jf, k }, pc) => {
    const beside = other[pc]!;
    return code === beside.code && jt === beside.jt && jf === beside.jf && (code === JEQ || k === beside.k);
  });
}

function varyingIn(programs: readonly Program[], members: readonly number[]): readonly number[] {
  const program = programs[members[0]!]!;
  return [...program.keys()].filter(
    (pc) => program[pc]!.code === JEQ && members.some((number) => programs[number]![pc]!.k !== program[pc]!.k),
  );
}

/** Splits programs of one shape by constants that many of them share. */
function* partsOf(programs: readonly Program[], members: readonly number[]): Generator<Shape> {
  const waiting: (readonly number[])[] = [members];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const varying = varyingIn(programs, part);
    const common = part.length > MOST_ALIKE ? commonIn(programs, part, varying) : undefined;
    if (common === undefined) {
      yield { program: programs[part[0]!]!, varying, members: part };
      continue;
    }
    const has = (number: number): boolean => programs[number]![common.pc]!.k === common.k;
    waiting.push(
      part.filter((number) => !has(number)),
      part.filter(has),
    );
  }
}

/** A constant that too many share. */
function commonIn(
  programs: readonly Program[],
  members: readonly number[],
  varying: readonly number[],
): { readonly pc: number; readonly k: number } | undefined {
  for (const pc of varying) {
    const shared = new Map<number, number>();
    for (const number of members) {
      const { k } = programs[number]![pc]!;
      const count = (shared.get(k) ?? 0) + 1;
      if (count > MOST_ALIKE) return { pc, k };
      shared.set(k, count);
    }
  }
  return undefined;
}
