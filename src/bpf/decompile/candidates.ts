import type { Expression } from '../pcap/expression.ts';
import { addAddresses } from './candidate-addresses.ts';
import { notePorts, portCandidates, type PortUse } from './candidate-ports.ts';
import { addNamed } from './candidate-protocols.ts';
import { addRelations } from './candidate-relations.ts';
import type { Candidate } from './candidate.ts';
import type { Layout, Question } from './questions.ts';
import type { View } from './view.ts';

/**
 * Expressions that the questions of a program may come from, in their order.
 *
 * @param packet How loads are written that stand in no header which is known.
 */
export function candidatesOf(questions: readonly Question[], layout: Layout, packet: View): readonly Candidate[] {
  const found: Candidate[] = [];
  const ports = new Map<string, PortUse>();
  questions.forEach((question, place) => {
    const add = (rank: 1 | 2, ...expressions: readonly Expression[]): void => {
      for (const expression of expressions) found.push({ expression, place, rank });
    };
    const { condition } = question;
    if (condition.kind === 'within' && addNamed(question, condition.of, layout, add)) return;
    if (condition.kind === 'within') {
      addAddresses(question, layout, add);
      notePorts(question, place, layout, ports);
    }
    addRelations(question, layout, packet, add);
  });
  for (const use of ports.values()) found.push(...portCandidates(use));
  return found;
}
