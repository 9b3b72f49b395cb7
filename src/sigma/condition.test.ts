import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCondition } from './condition.ts';
import type { Condition } from './condition.ts';
import { Refusal } from './diagnostics.ts';

const NAMES = ['a', 'b', 'sel_x', 'sel_y', 'x_sel_z', '_hidden', '_sel_h', 'notify', 'order', 'sel-1', 'of'];
const parse = (text: string) => parseCondition(text, NAMES, { line: 1, column: 1 });

/** A condition with all its brackets. */
function written(condition: Condition): string {
  if (condition.kind === 'name') return condition.name;
  if (condition.kind === 'not') return `!${written(condition.of)}`;
  return `(${condition.of.map(written).join(condition.kind === 'and' ? ' & ' : ' | ')})`;
}

it.each([
  ['a or b and not order', '(a | (b & !order))'],
  ['(a or b)and order', '((a | b) & order)'],
  ['not a and b', '(!a & b)'],
  ['not not a', '!!a'],
  ['not(a)', '!a'],
  ['notify and order', '(notify & order)'],
  ['a\n  and b', '(a & b)'],
  ['sel-1', 'sel-1'],
  ['1 of sel_*', '(sel_x | sel_y)'],
  ['any of sel_*', '(sel_x | sel_y)'],
  ['all of *_sel_*', 'x_sel_z'],
  ['1 of s*_*y', 'sel_y'],
  ['1 of sel_x', 'sel_x'],
  ['1 of _*', '(_hidden | _sel_h)'],
  ['not 1 of *el_*', '!(sel_x | sel_y | x_sel_z)'],
  ['a and all of sel_* or b', '((a & (sel_x & sel_y)) | b)'],
  ['all of them', `(${NAMES.filter((name) => !name.startsWith('_')).join(' & ')})`],
])('%s means %s', (text, expected) => {
  expect(written(parse(text))).toBe(expected);
});

it.each([
  '',
  'a and',
  'and a',
  'a b',
  '(a',
  'a)',
  '()',
  'not',
  '2 of sel_*',
  '1 of',
  '1 of (a)',
  'all',
  'A',
  'a and AND',
  'a | count() > 1',
  '1 of nothing*',
  'a & b',
])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow(Refusal);
});

it('means the same with all brackets written', () => {
  const { condition } = fc.letrec<{ condition: string }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('a', 'b', 'notify', '1 of sel_*'),
      tie('condition').map((one) => `not (${one})`),
      fc
        .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
        .map(([one, word, other]) => `(${one}) ${word} (${other})`),
    ),
  }));
  fc.assert(
    fc.property(condition, (text) => {
      expect(written(parse(`((${text}))`))).toBe(written(parse(text)));
    }),
  );
});
