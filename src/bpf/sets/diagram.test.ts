import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCEPT, createDiagrams, MAYBE, REJECT, type Diagram, type Diagrams } from './diagram.ts';

const DOMAINS = [4, 3, 5];

/** A set told apart from its diagram: by a predicate over the values of the three variables. */
interface Both {
  readonly diagram: (diagrams: Diagrams) => Diagram;
  readonly holds: (values: readonly number[]) => boolean;
}

const interval: fc.Arbitrary<Both> = fc.tuple(fc.nat(2), fc.nat(4), fc.nat(4)).map(([variable, one, other]) => {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return {
    diagram: (diagrams) => diagrams.within(variable, [[from, to]]),
    holds: (values) => values[variable]! >= from && values[variable]! <= to,
  };
});

const anySet: fc.Arbitrary<Both> = fc.letrec<{ set: Both }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 4 },
    interval,
    fc.tuple(tie('set'), tie('set')).map(([one, other]): Both => ({
      diagram: (diagrams) => diagrams.and(one.diagram(diagrams), other.diagram(diagrams)),
      holds: (values) => one.holds(values) && other.holds(values),
    })),
    tie('set').map((one): Both => ({
      diagram: (diagrams) => diagrams.not(one.diagram(diagrams)),
      holds: (values) => !one.holds(values),
    })),
    fc.tuple(tie('set'), tie('set'), tie('set')).map(([asked, yes, no]): Both => ({
      diagram: (diagrams) => diagrams.choose(asked.diagram(diagrams), yes.diagram(diagrams), no.diagram(diagrams)),
      holds: (values) => (asked.holds(values) ? yes.holds(values) : no.holds(values)),
    })),
  ),
})).set;

function decide(diagram: Diagram, values: readonly number[], diagrams: Diagrams): Diagram {
  let at = diagram;
  for (let variable = diagrams.variableOf(at); variable !== undefined; variable = diagrams.variableOf(at)) {
    at = diagrams.follow(at, values[variable] ?? 0);
  }
  return at;
}

const everyValue = DOMAINS.reduce<number[][]>(
  (lists, domain) => lists.flatMap((list) => Array.from({ length: domain }, (_, value) => [...list, value])),
  [[]],
);

describe('diagrams', () => {
  it('decide as the sets they stand for, and are the same for equal sets', () => {
    fc.assert(
      fc.property(anySet, anySet, (one, other) => {
        const diagrams = createDiagrams((variable) => DOMAINS[variable] ?? 1);
        const [left, right] = [one.diagram(diagrams), other.diagram(diagrams)];
        const equal = everyValue.every((values) => one.holds(values) === other.holds(values));

        expect(everyValue.map((values) => decide(left, values, diagrams) === ACCEPT)).toEqual(
          everyValue.map(one.holds),
        );
        expect(left === right).toBe(equal);
        expect(diagrams.or(left, right)).toBe(diagrams.not(diagrams.and(diagrams.not(left), diagrams.not(right))));
      }),
    );
  });

  it('lead on by ways that share no value and leave none out', () => {
    fc.assert(
      fc.property(anySet, ({ diagram }) => {
        const diagrams = createDiagrams((variable) => DOMAINS[variable] ?? 1);
        const set = diagram(diagrams);
        const variable = diagrams.variableOf(set);
        const values = diagrams
          .waysOf(set)
          .flatMap(({ intervals, to }) =>
            intervals.flatMap(([from, end]) =>
              Array.from({ length: end - from + 1 }, (_, index) => [from + index, to] as const),
            ),
          );

        expect(values.map(([value]) => value).sort((a, b) => a - b)).toEqual(
          variable === undefined ? [] : Array.from({ length: DOMAINS[variable] ?? 0 }, (_, value) => value),
        );
        expect(values.map(([value]) => diagrams.follow(set, value))).toEqual(values.map(([, to]) => to));
      }),
    );
  });

  it('say MAYBE where two of them differ, and settle it either way', () => {
    const diagrams = createDiagrams((variable) => DOMAINS[variable] ?? 1);
    const low = diagrams.within(0, [[0, 1]]);
    const lower = diagrams.within(0, [[0, 0]]);
    const open = diagrams.agree(low, lower);

    expect([0, 1, 2].map((value) => diagrams.follow(open, value))).toEqual([ACCEPT, MAYBE, REJECT]);
    expect(diagrams.settle(open, ACCEPT)).toBe(low);
    expect(diagrams.settle(open, REJECT)).toBe(lower);
    expect(diagrams.not(diagrams.not(open))).toBe(open);
    expect(diagrams.choose(MAYBE, low, lower)).toBe(open);
    expect(diagrams.agree(open, MAYBE)).toBe(MAYBE);
  });

  it('become MAYBE rather than too large', () => {
    // Each pair must be equal: every value of the upper half is another node.
    const pairs = 24;
    const diagrams = createDiagrams(() => 2);
    let set: Diagram = ACCEPT;
    for (let pair = 0; pair < pairs; pair++) {
      const [one, other] = [pair, pairs + pair].map((variable) => diagrams.within(variable, [[1, 1]]));
      set = diagrams.and(set, diagrams.choose(one!, other!, diagrams.not(other!)));
    }

    expect(diagrams.size()).toBeLessThanOrEqual(40_000);
    expect(diagrams.settle(set, REJECT)).not.toBe(set);
  });
});
