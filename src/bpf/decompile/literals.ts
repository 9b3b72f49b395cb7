import { printExpression } from '../pcap/print.ts';
import type { Expression } from '../pcap/expression.ts';
import { frameOf, type Frame } from '../pcap/frame.ts';
import { passageBehind } from '../pcap/compile.ts';
import { createConditions, type Condition } from '../sets/condition.ts';
import { ACCEPT, REJECT, type Diagram } from '../sets/diagram.ts';
import { explore } from '../sets/explore.ts';
import type { PacketSets } from '../sets/packet-set.ts';
import { networkOffsetOf } from '../sets/place.ts';
import { acceptedBy, extended, spaceWith, type Space } from '../sets/space.ts';
import { candidatesOf } from './candidates.ts';
import type { Literal } from './cover.ts';
import { collected, decisionOf, leading, type Decision, type Reading } from './decision.ts';
import { negated } from './negated.ts';
import { passagesOf } from './passages.ts';
import { questionsOf, type Layout } from './questions.ts';
import type { Writable } from './target.ts';
import { packetView } from './view.ts';

/** So many candidates are looked at. */
const MOST_CANDIDATES = 120;
/** There are fewer diagrams in one space. */
const DIAGRAMS = 2 ** 24;
/** So deep tags and tunnels may lie in each other. */
const DEEPEST = 3;

/** A candidate whose packets are not known yet. */
interface Draft {
  readonly expression: Expression;
  readonly place: number;
  readonly cost: number;
  /** Its place among all candidates. */
  readonly order: number;
  /** What it asks, and how it decides, behind the passages that it stands behind. */
  readonly conditions: ReadonlySet<Condition>;
  readonly holds: Decision;
  readonly fails: Decision;
  /** What may follow, where headers are moved. */
  readonly inner?: readonly Draft[] | undefined;
}

interface Drafts {
  /** Without comparisons, which are the better choice only where there is no word. */
  readonly words: readonly Draft[];
  readonly all: () => readonly Draft[];
}

export interface Material {
  /** A short candidate that accepts the same by itself. */
  readonly single: () => Expression | undefined;
  /** Whether the program looks into Geneve: what is written behind that is not looked for. */
  readonly blocked: boolean;
  readonly parts: () => Parts;
}

/** What may be put together. */
export interface Parts {
  readonly space: Space;
  /** The packets of the program. */
  readonly target: Diagram;
  readonly literals: readonly Literal[];
}

/**
 * What expressions for a program may be built of, and what they accept.
 *
 * @param known The program's own set.
 * @param rank Candidates of a higher rank are left out.
 */
export function materialFor(known: PacketSets, writable: Writable, rank: 1 | 2): Material {
  const { formulas, link } = known;
  const exploration = known.explorations[0]!;
  const { shift, typeAt, rewritten, compile } = writable;
  const conditions = new Set<Condition>();
  const reading: Reading = {
    formulas,
    intern: createConditions(known.conditions),
    networkAt: networkOffsetOf(link),
    rewritten,
  };
  const packet = packetView(shift, typeAt);
  let count = 0;

  const laidOut = (expression: Expression): Decision | undefined => {
    const program = compile(expression);
    return program && { kind: 'program', exploration: explore(program, reading.networkAt, formulas, reading.intern) };
  };
  const drafted = (layout: Layout, frame: Frame, before: readonly Decision[]): Drafts => {
    const questions = questionsOf(exploration, layout);
    const seen = new Set<string>();
    const drafts: Draft[] = [];
    const add = (expression: Expression, place: number, order: number, inner?: Layout): void => {
      if (count > MOST_CANDIDATES) return;
      const text = printExpression(expression);
      if (seen.has(text)) return;
      seen.add(text);
      const passage = passageBehind(frame, expression);
      if (passage === undefined) return;
      const decision = decisionOf(passage.block, reading) ?? (before.length === 0 ? laidOut(expression) : undefined);
      if (decision === undefined) return;
      count += before.length === 0 ? 1 : 2;
      const asked = collected(decision);
      for (const condition of asked) conditions.add(condition);
      const follows =
        inner === undefined || before.length >= DEEPEST
          ? undefined
          : drafted(inner, passage.frame, [...before, decision]).all();
      const fails: Decision = { kind: 'not', of: decision };
      drafts.push({
        expression,
        place,
        cost: costOf(expression, text),
        order,
        conditions: asked,
        holds: before.length === 0 ? decision : { kind: 'and', of: [...before, decision] },
        fails: before.length === 0 ? fails : { kind: 'and', of: [...before, fails] },
        inner: follows,
      });
    };
    const passages = passagesOf(questions, layout);
    passages.forEach(({ expression, place, inner }, order) => add(expression, place, order, inner));
    const candidates = candidatesOf(questions, layout, packet);
    const addWhere = (wanted: boolean): void =>
      candidates.forEach(({ expression, place, rank: own }, order) => {
        if (own <= rank && (expression.kind === 'relation') === wanted) add(expression, place, passages.length + order);
      });
    addWhere(false);
    const words = drafts.slice();
    let all: readonly Draft[] | undefined;
    return {
      words,
      all: () => {
        if (all !== undefined) return all;
        addWhere(true);
        return (all = drafts.sort((one, other) => one.order - other.order));
      },
    };
  };

  const drafts = drafted(layoutOf(writable), frameOf(writable.target), []);
  const singleIn = (space: Space, among: readonly Draft[]): Expression | undefined => {
    const target = acceptedBy(exploration, space);
    const fits = (draft: Draft): boolean => space !== known || extended(known, draft.conditions);
    return among
      .toSorted((one, other) => one.cost - other.cost)
      .find((draft) => fits(draft) && leading(draft.holds, ACCEPT, REJECT, space) === target)?.expression;
  };
  let whole: Space | undefined;
  const wholeSpace = (): Space => (whole ??= spaceWith(known, conditions));
  return {
    single: () => {
      const single = singleIn(known, drafts.words) ?? singleIn(known, drafts.all());
      return single ?? (wholeSpace() === known ? undefined : singleIn(wholeSpace(), drafts.all()));
    },
    blocked: drafts.words.some(({ expression }) => expression.kind === 'geneve'),
    parts: () => {
      const all = drafts.all();
      const space = wholeSpace();
      return { space, target: acceptedBy(exploration, space), literals: literalsOf(all, space) };
    },
  };
}

function literalsOf(drafts: readonly Draft[], space: Space): readonly Literal[] {
  const literals = new Map<number, Literal>();
  const keep = (literal: Literal): void => {
    // Two numbers of diagrams and a bit fit one safe integer.
    const key = 2 * (literal.yes * DIAGRAMS + literal.no) + (literal.inner === undefined ? 0 : 1);
    const known = literals.get(key);
    if (known === undefined || literal.cost < known.cost) literals.set(key, literal);
  };
  const exact = (set: Diagram): boolean => space.diagrams.settle(set, ACCEPT) === set;
  for (const { expression, place, cost, inner, holds, fails } of drafts) {
    const yes = leading(holds, ACCEPT, REJECT, space);
    const no = leading(fails, ACCEPT, REJECT, space);
    if (!exact(yes) || !exact(no)) continue;
    const follows = inner === undefined || inner.length === 0 ? undefined : literalsOf(inner, space);
    const decided = space.diagrams.or(yes, no);
    keep({ expression, yes, no, decided, place, cost });
    if (follows !== undefined) keep({ expression, yes, no, decided, place, cost, inner: follows });
    if (isUnnatural(expression)) continue;
    keep({ expression: negated(expression), yes: no, no: yes, decided, place, cost: cost + 4 });
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
