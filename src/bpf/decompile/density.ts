import { ACCEPT, type Diagram, type Diagrams } from '../sets/diagram.ts';
import type { Variables } from '../sets/variables.ts';

/** Which part of all values of its variables a set holds, from 0 to 1, as if each were as likely as any other. */
export type Density = (set: Diagram) => number;

export function createDensity(diagrams: Diagrams, { domainOf }: Variables): Density {
  const known = new Map<Diagram, number>();
  const density: Density = (set) => {
    const variable = diagrams.variableOf(set);
    if (variable === undefined) return set === ACCEPT ? 1 : 0;
    const found = known.get(set);
    if (found !== undefined) return found;
    const domain = domainOf(variable);
    let sum = 0;
    diagrams.each(set, (from, to, next) => {
      sum += ((to - from + 1) / domain) * density(next);
    });
    known.set(set, sum);
    return sum;
  };
  return density;
}
