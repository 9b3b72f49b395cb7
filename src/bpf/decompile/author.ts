import type { Program } from '../program.ts';
import type { Expression } from '../pcap/expression.ts';
import { printExpression } from '../pcap/print.ts';
import { MAYBE } from '../sets/diagram.ts';
import type { Exploration } from '../sets/explore.ts';
import { decisionsOf } from '../sets/packet-set.ts';
import { candidatesOf, negated, type Candidate } from './candidates.ts';
import { cover, type Literal } from './cover.ts';
import { createDensity } from './density.ts';
import { questionsOf, type Layout } from './questions.ts';
import type { Writable } from './target.ts';
import { packetView } from './view.ts';

/** So many candidates are tried. */
const MOST_CANDIDATES = 120;
/** And so many sets are looked at in the search. */
const BUDGET = 3000;

/** Looks for the short expression that a program was compiled from, or one as good. It is still to be proved. */
export function authored(program: Program, exploration: Exploration, writable: Writable): Expression | undefined {
  const layout = layoutOf(writable);
  const questions = questionsOf(exploration, layout);
  const candidates = candidatesOf(questions, layout, packetView(writable.shift, writable.typeAt));
  const first = candidates.filter(({ rank }) => rank === 1);
  return search(program, first, writable) ?? (first.length === candidates.length ? undefined : search(program, candidates, writable));
}

function search(program: Program, candidates: readonly Candidate[], { compile, link }: Writable): Expression | undefined {
  const seen = new Set<string>();
  const compiled: (Candidate & { readonly text: string; readonly program: Program })[] = [];
  for (const candidate of candidates) {
    const text = printExpression(candidate.expression);
    if (seen.has(text)) continue;
    seen.add(text);
    const made = compile(candidate.expression);
    if (made !== undefined) compiled.push({ ...candidate, text, program: made });
    if (compiled.length >= MOST_CANDIDATES) break;
  }
  const decisions = decisionsOf([program, ...compiled.map((one) => one.program)], link);
  const { diagrams, variables } = decisions;
  const target = decisions.accepts(0);
  const accepted = compiled.map((_, index) => decisions.accepts(index + 1));
  const [alone] = compiled
    .filter((_, index) => accepted[index] === target)
    .sort((one, other) => costOf(one) - costOf(other));
  if (alone !== undefined) return alone.expression;
  const exact = (set: number): boolean => diagrams.settle(set, MAYBE) === set && diagrams.settle(set, 0) === set;
  const literals = new Map<string, Literal>();
  const keep = (literal: Literal): void => {
    const key = `${literal.yes} ${literal.no}`;
    const known = literals.get(key);
    if (known === undefined || literal.cost < known.cost) literals.set(key, literal);
  };
  compiled.forEach(({ expression, text, place }, index) => {
    const yes = accepted[index]!;
    const no = decisions.returnsZero(index + 1);
    if (!exact(yes) || !exact(no)) return;
    const cost = costOf({ expression, text });
    keep({ expression, yes, no, place, cost });
    if (isUnnatural(expression)) return;
    keep({ expression: negated(expression), yes: no, no: yes, place, cost: cost + 4 });
  });
  const density = createDensity(diagrams, variables);
  return cover(target, target, [...literals.values()], { diagrams, density, budget: BUDGET })?.expression;
}

/** A comparison is the better choice only where there is no word for it. */
function costOf({ expression, text }: { readonly expression: Expression; readonly text: string }): number {
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

