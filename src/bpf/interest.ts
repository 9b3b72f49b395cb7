import { formulaText } from './formula-text.ts';
import type { Formula } from './formula.ts';
import type { Headers } from './headers.ts';
import type { Link } from './link.ts';
import type { Program } from './program.ts';
import { solve, type Bits } from './solve.ts';
import { collectTests, MOST_TESTS, type TestCollector, type Tests } from './test-list.ts';
import { intervalAfter, walk, type Step, type Test } from './walk.ts';

/** What a program looks for. */
export interface Interest extends Tests {
  /** What it turns packets down for. */
  readonly negated: Tests;
  /** Comparisons that are not of one value with a constant, in words: `udp payload+0:4 - udp payload+4:4 = 0x1337`. */
  readonly relations: readonly string[];
  readonly acceptsAll: boolean;
  readonly acceptsNothing: boolean;
  /** False when the program was too entangled to be followed in all its ways: more may be tested than is listed. */
  readonly exact: boolean;
}

/**
 * Which protocols, ports and payload bytes a program tests.
 *
 * A comparison counts when it lies on a way to an accepting return and decides something there; which of its sides is
 * wanted follows from where they lead. A program of 4,096 instructions made to explode ends in some 20 ms.
 *
 * @param program A program that Linux takes (see `refusalOf`).
 * @param link What offset 0 of a packet is; `any` lets the program's own offsets decide.
 * @param boundTo EtherType that the socket is bound to, where that is known: the program need not test it then.
 */
export function interestOf(program: Program, link: Link, boundTo?: number): Interest {
  const { steps, readsPacket, exact } = walk(program, link, boundTo);
  const notes: Notes = {
    wanted: collectTests(),
    negated: collectTests(),
    relations: new Set(),
    refined: refinedOf(steps),
  };
  for (const step of steps) {
    const preference = step.test && preferenceOf(step);
    if (step.test && preference) note(step, step.test, preference, notes);
  }
  const [first] = steps;
  return {
    ...notes.wanted.done(),
    negated: notes.negated.done(),
    relations: [...notes.relations].slice(0, MOST_TESTS),
    acceptsAll: first !== undefined && first.accepts && !first.rejects && !readsPacket,
    acceptsNothing: first?.accepts !== true,
    exact,
  };
}

interface Notes {
  readonly wanted: TestCollector;
  readonly negated: TestCollector;
  readonly relations: Set<string>;
  /** Sides of comparisons whose interval a later comparison makes smaller: those say it better. */
  readonly refined: ReadonlySet<string>;
}

/** The side of a test that leads to where packets are let through; `either` when both also lead elsewhere. */
type Preference = 'true' | 'false' | 'either';

/** undefined when the test changes nothing: both sides let all through, or nothing. */
function preferenceOf({ next: [yes, no] }: Step): Preference | undefined {
  if (yes === undefined || no === undefined || (!yes.accepts && !no.accepts)) return undefined;
  if (yes.accepts !== no.accepts) return yes.accepts ? 'true' : 'false';
  if (yes.rejects !== no.rejects) return yes.rejects ? 'false' : 'true';
  return yes.rejects ? 'either' : undefined;
}

function note(step: Step, test: Test, preference: Preference, notes: Notes): void {
  const { kind, left, right, equality } = test;
  const { headers, next } = step;
  const [yes, no] = next;
  if (left.kind === 'unknown' || right.kind === 'unknown' || yes === undefined || no === undefined) return;
  if (kind === 'jgt' || kind === 'jge') noteInterval(step, test, preference, notes);
  else if (equality === undefined) notes.relations.add(relationText(test, preference !== 'false', headers));
  else if (kind === 'jeq') {
    if (preference !== 'false') for (const bits of equality) notes.wanted.equal(bits, headers, yes.headers);
    else if (equality.length === 1) for (const bits of equality) notes.negated.equal(bits, headers, yes.headers);
  } else noteBits(test, equality, preference, headers, notes);
}

/** `jset` asks for bits: all zero, or, where it is one bit, set. */
function noteBits(test: Test, zero: readonly Bits[], preference: Preference, headers: Headers, notes: Notes): void {
  const [only] = zero;
  const oneBit = zero.length === 1 && only !== undefined && (only.mask & (only.mask - 1)) === 0;
  if (preference === 'false' || (preference === 'either' && !oneBit)) {
    for (const bits of zero) notes.wanted.equal(bits, headers, headers);
  } else if (oneBit) {
    notes.wanted.equal({ ...only, value: (only.value ^ only.mask) >>> 0 }, headers, headers);
  } else {
    notes.relations.add(relationText(test, true, headers));
  }
}

function noteInterval(step: Step, test: Test, preference: Preference, notes: Notes): void {
  const { headers, pc } = step;
  const { left } = test;
  const sides = [true, false].map((holds) => ({ holds, interval: intervalAfter(test, holds) }));
  const bounded = sides.find(({ interval }) => interval && interval.from > 0 && interval.to < left.bits);
  const holds = preference === 'either' ? (bounded?.holds ?? true) : preference === 'true';
  const interval = sides.find((side) => side.holds === holds)?.interval;
  if (notes.refined.has(sideKey(pc, holds))) return;
  if (interval === undefined) {
    notes.relations.add(relationText(test, holds, headers));
    return;
  }
  const { from, to } = interval;
  const single = from === to ? solve(left, from) : undefined;
  if (single !== undefined && single !== 'never') {
    for (const bits of single) notes.wanted.equal(bits, headers, headers);
  } else if (!notes.wanted.range(left, from, to, headers)) {
    notes.relations.add(intervalText(left, from, to, headers));
  }
}

const sideKey = (pc: number, holds: boolean): string => `${pc} ${holds}`;

function refinedOf(steps: readonly Step[]): ReadonlySet<string> {
  const refined = new Set<string>();
  for (const { test } of steps) if (test?.interval) refined.add(sideKey(test.interval.pc, test.interval.holds));
  return refined;
}

const SIGNS = { jeq: ['=', '!='], jgt: ['>', '<='], jge: ['>=', '<'] } as const;

function relationText({ kind, left, right }: Test, holds: boolean, headers: Headers): string {
  const [one, other] = [formulaText(left, headers), formulaText(right, headers)];
  if (kind === 'jset') return `(${one} & ${other}) ${holds ? '!=' : '='} 0`;
  return `${one} ${SIGNS[kind][holds ? 0 : 1]} ${other}`;
}

function intervalText(of: Formula, from: number, to: number, headers: Headers): string {
  const hex = (value: number) => `0x${value.toString(16)}`;
  const text = formulaText(of, headers);
  if (from === 0) return `${text} <= ${hex(to)}`;
  return to === of.bits ? `${text} >= ${hex(from)}` : `${hex(from)} <= ${text} <= ${hex(to)}`;
}
