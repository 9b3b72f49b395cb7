import type { Formula } from '../formula.ts';
import type { Direction, Expression } from '../pcap/expression.ts';
import type { Interval } from '../sets/diagram.ts';
import type { Step } from '../sets/explore.ts';
import type { Candidate } from './candidate.ts';
import { fieldOf, transportOffset, type Layout, type Question } from './questions.ts';

/** A port, or a range of them, and where it is asked for. */
export interface PortUse {
  readonly place: number;
  readonly interval: Interval;
  readonly src: Set<number>;
  readonly dst: Set<number>;
}

/** Notes a question for a port, by what is asked for. */
export function notePorts(question: Question, place: number, layout: Layout, uses: Map<string, PortUse>): void {
  const { condition, step, protocols } = question;
  if (condition.kind !== 'within') return;
  const field = fieldOf(condition.of);
  const [first, more] = condition.intervals;
  if (field?.load.size !== 2 || field.mask !== 0xffff || first === undefined || more !== undefined) return;
  const offset = transportOffset(field.load, layout);
  if (offset !== 0 && offset !== 2) return;
  const interval = first[0] === first[1] ? first : rangeFrom(first, condition.of, step);
  if (interval === undefined) return;
  const use = uses.get(interval.join()) ?? { place, interval, src: new Set(), dst: new Set() };
  uses.set(interval.join(), use);
  for (const one of protocols) use[offset === 0 ? 'src' : 'dst'].add(one);
}

/** A range is asked for by its lower end, then by what lies above its upper one. */
function rangeFrom([from]: Interval, of: Formula, step: Step): Interval | undefined {
  const [yes] = step.next;
  const test = typeof yes === 'object' ? yes.test : undefined;
  if (test === undefined || test === 'unknown' || test.kind !== 'within' || test.of !== of) return undefined;
  const [above] = test.intervals;
  return above !== undefined && above[0] > from && above[1] > 0xffff ? [from, above[0] - 1] : undefined;
}

const PORT_PROTOCOLS = { 6: 'tcp', 17: 'udp', 132: 'sctp' } as const;

/** A port by itself, by direction and by protocol, as far as the program asks for it. */
export function* portCandidates({ place, interval, src, dst }: PortUse): Generator<Candidate> {
  const [from, to] = interval;
  const made = (direction: Direction | undefined, protocol: 'tcp' | 'udp' | 'sctp' | undefined): Expression =>
    from === to
      ? { kind: 'port', protocol, direction, port: from }
      : { kind: 'portrange', protocol, direction, from, to };
  const all = [6, 17, 132] as const;
  const used = all.filter((one) => src.has(one) || dst.has(one));
  const directions: (Direction | undefined)[] = [
    undefined,
    ...(src.size > 0 ? (['src'] as const) : []),
    ...(dst.size > 0 ? (['dst'] as const) : []),
  ];
  for (const direction of directions) {
    const both = src.size > 0 && dst.size > 0;
    const rank = both === (direction === undefined) ? 1 : 2;
    if (used.length > 1) yield { place, rank, expression: made(direction, undefined) };
    for (const one of used)
      yield { place, rank: used.length === 3 ? 2 : rank, expression: made(direction, PORT_PROTOCOLS[one]) };
  }
}
