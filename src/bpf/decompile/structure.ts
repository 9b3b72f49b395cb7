import { and, not, or, type Expression } from '../pcap/expression.ts';
import { eachLoad } from './loads.ts';
import type { Condition } from '../sets/condition.ts';
import type { Exploration, Step } from '../sets/explore.ts';

type Exit = 'accept' | 'reject';
type Target = Node | Exit;

/** A question and where its answers lead. */
interface Node {
  ask: Expression;
  yes: Target;
  no: Target;
  /** From how many places it is reached. */
  ways: number;
}

export interface Writing {
  /** A condition of the program as an expression; undefined where it has none. */
  readonly write: (condition: Condition) => Expression | undefined;
  /** Whether loads whose value is not asked for at once are written down as well. */
  readonly guarded: boolean;
  /** Whether the second part of `a and b or not a and c` is written in full, or as `c`. */
  readonly full: boolean;
}

/** So many questions are written down, counting those that are repeated. */
const MOST_QUESTIONS = 400;

/**
 * Writes a program as one expression: its questions in its own order, joined where their ways meet. What is reached from several
 * places and cannot be joined is repeated.
 *
 * @returns undefined where a question cannot be written, or there are too many.
 */
export function structured(exploration: Exploration, writing: Writing): Expression | undefined {
  let first = firstNode(exploration, writing);
  let left = MOST_QUESTIONS;
  while (first !== undefined && typeof first !== 'string') {
    const nodes = counted(first);
    let joined = false;
    for (const node of nodes) while (join(node, writing.full)) joined = true;
    first = passed(first);
    if (typeof first === 'string') break;
    if (typeof first.yes === 'string' && typeof first.no === 'string') {
      return first.yes === 'accept' ? first.ask : not(first.ask);
    }
    if (joined) continue;
    left -= nodes.length;
    if (left < 0 || !split(nodes)) return undefined;
  }
  if (first === undefined) return undefined;
  return first === 'accept' ? and() : or();
}

/** The nodes that can be reached, each behind those that it leads to, with the number of ways to each. */
function counted(first: Node): readonly Node[] {
  const nodes: Node[] = [];
  const seen = new Set<Node>();
  const visit = (target: Target): void => {
    if (typeof target === 'string') return;
    if (seen.has(target)) {
      target.ways++;
      return;
    }
    seen.add(target);
    target.ways = 1;
    visit(target.yes);
    visit(target.no);
    nodes.push(target);
  };
  visit(first);
  return nodes;
}

/** Where a way really leads: past questions whose answers do not matter. */
function passed(target: Target): Target {
  let at = target;
  while (typeof at !== 'string' && at.yes === at.no) at = at.yes;
  return at;
}

function firstNode({ steps, first }: Exploration, { write, guarded }: Writing): Target | undefined {
  if (steps.length > MOST_QUESTIONS) return undefined;
  const entries = new Map<Step, Target>();
  const made = (ask: Expression, yes: Target, no: Target): Target => (yes === no ? yes : { ask, yes, no, ways: 0 });
  for (const step of steps.toReversed()) {
    const { guards, test, next } = step;
    const [yes, no] = next.map((one) => (typeof one === 'string' ? one : entries.get(one)));
    if (yes === undefined || yes === 'maybe' || no === 'maybe' || test === 'unknown') return undefined;
    let entry: Target = yes;
    if (test !== undefined) {
      const ask = write(test);
      if (ask === undefined || no === undefined) return undefined;
      entry = made(ask, yes, no);
    }
    const loaded = new Set(guarded && test !== undefined ? eachLoad(test) : []);
    for (const guard of guards.toReversed()) {
      if (guard.kind === 'plain') return undefined;
      if (!guarded || (guard.kind === 'fits' && loaded.has(`${guard.index.id} ${guard.size}`))) continue;
      const ask = write(guard);
      if (ask === undefined) return undefined;
      entry = made(ask, entry, 'reject');
    }
    entries.set(step, entry);
  }
  return entries.get(first);
}

/** Makes one question of a node and what follows it, where no other way leads there. */
function join(node: Node, full: boolean): boolean {
  const yes = (node.yes = passed(node.yes));
  const no = (node.no = passed(node.no));
  if (yes === no) return false;
  const become = (ask: Expression, onYes: Target, onNo: Target): true => {
    Object.assign(node, { ask, yes: onYes, no: onNo });
    return true;
  };
  const follows = typeof yes !== 'string' && yes.ways === 1 ? yes : undefined;
  const evades = typeof no !== 'string' && no.ways === 1 ? no : undefined;
  if (follows?.no === no) return become(and(node.ask, follows.ask), follows.yes, no);
  if (follows?.yes === no) return become(and(node.ask, not(follows.ask)), follows.no, no);
  if (evades?.yes === yes) return become(or(node.ask, evades.ask), yes, evades.no);
  if (evades?.no === yes) return become(or(node.ask, not(evades.ask)), yes, evades.yes);
  if (follows === undefined || evades === undefined) return false;
  const straight = follows.yes === evades.yes && follows.no === evades.no;
  if (!straight && !(follows.yes === evades.no && follows.no === evades.yes)) return false;
  const other = straight ? evades.ask : not(evades.ask);
  const otherwise = full ? and(not(node.ask), other) : other;
  return become(or(and(node.ask, follows.ask), otherwise), follows.yes, follows.no);
}

/** Gives one of the ways to a shared node a copy of its own: the node furthest down, so that what is repeated is short. */
function split(nodes: readonly Node[]): boolean {
  const shared = nodes.find(({ ways }) => ways > 1);
  const from = nodes.find(({ yes, no }) => yes === shared || no === shared);
  if (shared === undefined || from === undefined) return false;
  if (from.yes === shared) from.yes = { ...shared };
  else from.no = { ...shared };
  return true;
}
