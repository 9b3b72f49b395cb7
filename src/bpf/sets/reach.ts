import { REJECT, type Diagram } from './diagram.ts';
import type { Step } from './explore.ts';
import type { PacketSets } from './packet-set.ts';

/**
 * Which packets reach each step of a program, in the order of the program. Conditions that are not known let all through.
 *
 * @param given The packets that come to its first instruction.
 * @param index Which of the programs.
 */
export function reachOf(sets: PacketSets, given: Diagram, index = 0): ReadonlyMap<Step, Diagram> {
  const { diagrams, explorations, ask } = sets;
  const exploration = explorations[index];
  const reached = new Map<Step, Diagram>();
  if (exploration === undefined) return reached;
  reached.set(exploration.first, given);
  const add = (next: Step['next'][number] | undefined, packets: Diagram): void => {
    if (typeof next === 'object') reached.set(next, diagrams.or(reached.get(next) ?? REJECT, packets));
  };
  for (const step of exploration.steps) {
    const here = step.guards.reduce((packets, guard) => diagrams.and(packets, ask(guard)), reached.get(step) ?? REJECT);
    const [yes, no] = step.next;
    if (step.test === undefined || step.test === 'unknown') {
      add(yes, here);
      add(no, here);
    } else {
      const condition = ask(step.test);
      add(yes, diagrams.and(here, condition));
      add(no, diagrams.and(here, diagrams.not(condition)));
    }
  }
  return reached;
}
