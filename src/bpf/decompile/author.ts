import type { Expression } from '../pcap/expression.ts';
import type { Program } from '../program.ts';
import type { Exploration } from '../sets/explore.ts';
import { cover } from './cover.ts';
import { createDensity } from './density.ts';
import { materialFor } from './literals.ts';
import type { Writable } from './target.ts';
import { tidied } from './tidy.ts';

/** So many sets are looked at in a search. */
const BUDGET = 3000;

/** Looks for the short expression that a program was compiled from, or one as good. It is still to be proved. */
export function authored(program: Program, exploration: Exploration, writable: Writable): Expression | undefined {
  for (const rank of [1, 2] as const) {
    const { target, literals, decisions } = materialFor(program, exploration, writable, rank);
    const { diagrams, variables } = decisions;
    const found = cover(target, target, literals, { diagrams, density: createDensity(diagrams, variables), budget: BUDGET });
    if (found !== undefined) return tidied(found.expression, target, literals, diagrams);
  }
  return undefined;
}
