import { and, type Expression } from '../pcap/expression.ts';
import { printExpression } from '../pcap/print.ts';
import type { Program } from '../program.ts';
import { ACCEPT, MAYBE, REJECT, type Diagram } from '../sets/diagram.ts';
import type { Exploration } from '../sets/explore.ts';
import { decisionsOf, type Decisions } from '../sets/packet-set.ts';
import { candidatesOf, negated } from './candidates.ts';
import type { Literal } from './cover.ts';
import { passagesOf } from './passages.ts';
import { questionsOf, type Layout } from './questions.ts';
import type { Writable } from './target.ts';
import { packetView } from './view.ts';

/** So many programs of candidates are looked at. */
const MOST_PROGRAMS = 120;
/** So deep tags and tunnels may lie in each other. */
const DEEPEST = 3;

/** A candidate whose packets are not known yet. */
interface Draft {
  readonly expression: Expression;
  readonly place: number;
  readonly cost: number;
  /** The numbers of its program and, behind a passage, of that of its opposite. */
  readonly yes: number;
  readonly no: number | undefined;
  /** What may follow, where headers are moved. */
  readonly inner?: readonly Draft[] | undefined;
}

export interface Material {
  readonly decisions: Decisions;
  /** The packets of the program. */
  readonly target: Diagram;
  /** The shortest candidate that accepts the same by itself. */
  readonly single: Expression | undefined;
  readonly literals: () => readonly Literal[];
}

/**
 * What expressions for a program may be built of, and what they accept.
 *
 * @param rank Candidates of a higher rank are left out.
 */
export function materialFor(program: Program, exploration: Exploration, writable: Writable, rank: 1 | 2): Material {
  const { compile, link, shift, typeAt } = writable;
  const programs: Program[] = [program];
  const packet = packetView(shift, typeAt);

  const compiled = (...of: readonly Expression[]): number | undefined => {
    const made = programs.length > MOST_PROGRAMS ? undefined : compile(and(...of));
    return made === undefined ? undefined : programs.push(made) - 1;
  };
  const drafted = (layout: Layout, before: readonly Expression[]): readonly Draft[] => {
    const questions = questionsOf(exploration, layout);
    const seen = new Set<string>();
    const drafts: Draft[] = [];
    const add = (expression: Expression, place: number, inner?: Layout): void => {
      const text = printExpression(expression);
      if (seen.has(text)) return;
      seen.add(text);
      const yes = compiled(...before, expression);
      const no = yes === undefined || before.length === 0 ? undefined : compiled(...before, negated(expression));
      if (yes === undefined || (before.length > 0 && no === undefined)) return;
      const follows =
        inner === undefined || before.length >= DEEPEST ? undefined : drafted(inner, [...before, expression]);
      drafts.push({ expression, place, cost: costOf(expression, text), yes, no, inner: follows });
    };
    for (const { expression, place, inner } of passagesOf(questions, layout)) add(expression, place, inner);
    for (const candidate of candidatesOf(questions, layout, packet)) {
      if (candidate.rank <= rank) add(candidate.expression, candidate.place);
    }
    return drafts;
  };

  const drafts = drafted(layoutOf(writable), []);
  const decisions = decisionsOf(programs, link);
  const target = decisions.accepts(0);
  const [single] = drafts
    .filter(({ yes }) => decisions.accepts(yes) === target)
    .sort((one, other) => one.cost - other.cost);
  return { decisions, target, single: single?.expression, literals: () => literalsOf(drafts, decisions) };
}

function literalsOf(drafts: readonly Draft[], decisions: Decisions): readonly Literal[] {
  const literals = new Map<string, Literal>();
  const keep = (literal: Literal): void => {
    const key = `${literal.yes} ${literal.no} ${literal.inner !== undefined}`;
    const known = literals.get(key);
    if (known === undefined || literal.cost < known.cost) literals.set(key, literal);
  };
  const exact = (set: Diagram): boolean =>
    decisions.diagrams.settle(set, ACCEPT) === set && decisions.diagrams.settle(set, REJECT) === set;
  for (const { expression, place, cost, inner, ...draft } of drafts) {
    const yes = decisions.accepts(draft.yes);
    const no = draft.no === undefined ? decisions.returnsZero(draft.yes) : decisions.accepts(draft.no);
    if (yes === MAYBE || no === MAYBE || !exact(yes) || !exact(no)) continue;
    const follows = inner === undefined || inner.length === 0 ? undefined : literalsOf(inner, decisions);
    keep({ expression, yes, no, place, cost });
    if (follows !== undefined) keep({ expression, yes, no, place, cost, inner: follows });
    if (isUnnatural(expression)) continue;
    keep({ expression: negated(expression), yes: no, no: yes, place, cost: cost + 4 });
  }
  return [...literals.values()];
}

/** A comparison is the better choice only where there is no word for it. */
function costOf(expression: Expression, text: string): number {
  return text.length + (expression.kind === 'relation' && typeof expression.left === 'object' ? 16 : 0);
}

/** Nobody asks for packets that are `not a != b`. */
function isUnnatural(expression: Expression): boolean {
  if (expression.kind !== 'relation') return false;
  const { left, op, right } = expression;
  const masked = typeof left === 'object' && left.kind === 'arithmetic' && left.op === '&' && right === 0;
  return op === (masked ? '=' : '!=');
}

function layoutOf({ networkAt, typeAt, shift, link }: Writable): Layout {
  const type = shift > 0 ? 'kernel' : link === 'ppp' ? 'ppp' : (typeAt ?? 'version');
  return { type, typeAt: typeAt ?? 0, networkAt };
}
