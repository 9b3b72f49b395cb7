import { REJECT, type Diagram } from './diagram.ts';
import type { Space } from './space.ts';

/** Some bytes of a packet: the number that `width` bits from `bit` on make, undefined where not all of them are known. */
export type KnownBits = (bit: number, width: number) => number | undefined;

/** Whether a set may hold a packet with some known bytes. Nothing is said of the others. */
export function mayHold(set: Diagram, known: KnownBits, { diagrams, variables }: Space): boolean {
  const empty = new Set<Diagram>([REJECT]);
  const holds = (at: Diagram): boolean => {
    if (empty.has(at)) return false;
    const number = diagrams.variableOf(at);
    if (number === undefined) return true;
    const variable = variables.variable(number);
    const value =
      variable.kind === 'bits' && variable.base === undefined ? known(variable.bit, variable.width) : undefined;
    const found =
      value === undefined ? diagrams.waysOf(at).some(({ to }) => holds(to)) : holds(diagrams.follow(at, value));
    if (!found) empty.add(at);
    return found;
  };
  return holds(set);
}
