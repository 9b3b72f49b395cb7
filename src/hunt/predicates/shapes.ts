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
  /** Numbers of the programs. */
  readonly members: readonly number[];
}

/**
 * Puts programs of one shape together.
 *
 * A constant that many share while others have another one, such as the number of a protocol, makes shapes of its own: packets
 * have it all the time.
 */
export function shapesOf(programs: readonly Program[], which: readonly number[]): readonly Shape[] {
  const alike = Map.groupBy(which, (number) =>
    programs[number]!.map(({ code, jt, jf, k }) => `${code},${jt},${jf},${code === JEQ ? '' : k}`).join(';'),
  );
  return [...alike.values()].flatMap((members) => [...partsOf(programs, members)]);
}

function* partsOf(programs: readonly Program[], members: readonly number[]): Generator<Shape> {
  const program = programs[members[0]!]!;
  const waiting: (readonly number[])[] = [members];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const varying: number[] = [];
    let common: { readonly pc: number; readonly k: number } | undefined;
    for (let pc = 0; pc < program.length && common === undefined; pc++) {
      if (program[pc]!.code !== JEQ) continue;
      const shared = Map.groupBy(part, (number) => programs[number]![pc]!.k);
      if (shared.size === 1) continue;
      varying.push(pc);
      const most = [...shared].find(([, those]) => those.length > MOST_ALIKE);
      if (most !== undefined) common = { pc, k: most[0] };
    }
    if (common === undefined) yield { program: programs[part[0]!]!, varying, members: part };
    else {
      const { pc, k } = common;
      const has = (number: number): boolean => programs[number]![pc]!.k === k;
      waiting.push(
        part.filter((number) => !has(number)),
        part.filter(has),
      );
    }
  }
}
