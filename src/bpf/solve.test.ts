import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compute, createFormulas, type Formula, type Operator } from './formula.ts';
import { solve } from './solve.ts';

const OPERATORS: readonly Operator[] = ['add', 'sub', 'mul', 'div', 'or', 'and', 'lsh', 'rsh', 'mod', 'xor'];

/** What a formula is worth when the loads have these values. */
function valueOf(formula: Formula, loads: ReadonlyMap<Formula, number>): number {
  if (formula.kind === 'constant') return formula.value;
  if (formula.kind === 'operation') {
    return compute(formula.operator, valueOf(formula.left, loads), valueOf(formula.right, loads));
  }
  return loads.get(formula) ?? NaN;
}

const shapes = fc.array(
  fc.record({
    operator: fc.constantFrom(...OPERATORS),
    constant: fc.oneof(fc.nat(0xffffffff), fc.nat(0xffff), fc.nat(40)),
    withLoad: fc.boolean(),
    swapped: fc.boolean(),
  }),
  { maxLength: 6 },
);

it('keeps what a formula is worth, and turns comparisons back into conditions that mean the same', () => {
  fc.assert(
    fc.property(shapes, fc.nat(0xffff), fc.nat(0xff), fc.boolean(), (steps, first, second, aims) => {
      const formulas = createFormulas();
      const one = formulas.load(formulas.constant(0), 2);
      const other = formulas.load(formulas.constant(2), 1);
      const loads = new Map([
        [one, first],
        [other, second],
      ]);
      let formula = one;
      let worth = first;
      for (const { operator, constant, withLoad, swapped } of steps) {
        const right = withLoad
          ? other
          : formulas.constant(operator === 'lsh' || operator === 'rsh' ? constant % 32 : constant);
        const [l, r] = swapped ? [right, formula] : [formula, right];
        const [a, b] = [valueOf(l, loads), valueOf(r, loads)];
        if ((operator === 'div' || operator === 'mod') && (b === 0 || (r.kind === 'constant' && r.value === 0)))
          continue;
        formula = formulas.operation(operator, l, r);
        worth = compute(operator, a, b);
        if (formula === formulas.unknown) return;

        expect(valueOf(formula, loads)).toBe(worth);
        expect(worth & ~formula.bits).toBe(0);
      }
      const target = aims ? worth : (worth ^ 1) >>> 0;
      const solution = solve(formula, target);
      if (solution === undefined) return;
      const holds =
        solution !== 'never' && solution.every(({ of, value, mask }) => (((loads.get(of) ?? 0) ^ value) & mask) === 0);

      expect(holds).toBe(worth === target);
    }),
    { numRuns: 2000 },
  );
});
