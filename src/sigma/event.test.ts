import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent, valueText } from './event.ts';

const textOf = (json: string) => valueText((parseEvent(json) as Record<string, unknown>)['a']);

describe('an event', () => {
  it.each([
    ['{"a":18446744073709551615}', '18446744073709551615'],
    ['{"a": 9007199254740993 }', '9007199254740993'],
    ['{"a":1.50}', '1.50'],
    ['{"a":-0}', '-0'],
    ['{"a":1E3}', '1E3'],
    ['{"b":[1,2.0],"a":12}', '12'],
    ['{"a":true}', 'true'],
    ['{"a":"1.50"}', '1.50'],
    ['{"a":null}', undefined],
    ['{"a":{}}', undefined],
  ])('%s has the text %s', (json, text) => {
    expect(textOf(json)).toBe(text);
  });

  it('keeps the text of every number', () => {
    const number = fc
      .tuple(fc.bigInt(), fc.constantFrom('', '.0', '.25', 'e2', 'E-3', '.5e+1'))
      .map(([whole, rest]) => `${whole}${rest}`);
    fc.assert(
      fc.property(number, fc.constantFrom('', ' '), (text, blank) => {
        expect(textOf(`{"x":[${blank}${text}${blank}],"a":${blank}${text}${blank}}`)).toBe(text);
      }),
    );
  });

  it('may be a line of text', () => {
    expect(parseEvent('"a line"')).toBe('a line');
  });

  it.each(['', 'x', '1', 'null', '[{}]', '1.5', '{"a":01}', '{'])('%j is none', (text) => {
    expect(() => parseEvent(text)).toThrow(SyntaxError);
  });

  it('with a long row of digits is read in bearable time', () => {
    const start = performance.now();
    parseEvent(`{"a":"${':1'.repeat(200_000)}","b":"${'1'.repeat(1_000_000)}","c":"${', '.repeat(300_000)}"}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
