import { foldCase } from '../lib/fold.ts';
import { plainText } from './text.ts';
import type { SigmaText } from './text.ts';

/** The characters that `windash` takes for one another. */
export const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;

/** One character to match: itself, any one (`?`), or any dash. */
type Unit = string | typeof ANY | typeof ANY_DASH;

const ANY = Symbol('any character');
const ANY_DASH = Symbol('any dash');
const SURROGATE = /[\ud800-\udfff]/;
const dashes: ReadonlySet<string | undefined> = new Set<string>(DASHES);

/**
 * Compiles a text with wildcards to a test of a whole value: `*` is any number of characters, line feeds too, `?` exactly
 * one code point. The time grows with the length of the value, whatever the value holds.
 *
 * @param cased Whether case counts. If not, the test must be given values that `foldCase` has folded.
 */
export function compileGlob(text: SigmaText, cased: boolean): (value: string) => boolean {
  const segments = segmentsOf(text, cased);
  if (segments.some((segment) => segment.some((unit) => typeof unit !== 'string'))) return byUnits(segments);
  return byStrings(segments.map((segment) => segment.join('')));
}

/** What stands between the stars: `a*b` has two segments, `*` has two empty ones. */
function segmentsOf(text: SigmaText, cased: boolean): Unit[][] {
  const segments: Unit[][] = [[]];
  for (const part of text) {
    const segment = segments.at(-1);
    if (part.kind === 'many') segments.push([]);
    else if (part.kind === 'one') segment?.push(ANY);
    else if (part.kind === 'dash') segment?.push(ANY_DASH);
    else segment?.push(...plainOf(part, cased));
  }
  return segments;
}

function plainOf(part: SigmaText[number], cased: boolean): string {
  const plain = plainText([part]) ?? '';
  return cased ? plain : foldCase(plain);
}

/** Without `?`, the string functions of the language do the work. Taking the first place that fits is right for globs. */
function byStrings([head = '', ...rest]: readonly string[]): (value: string) => boolean {
  const tail = rest.at(-1);
  if (tail === undefined) return (value) => value === head;
  const middle = rest.slice(0, -1).filter((part) => part !== '');
  const [only] = middle;
  if (head === '' && tail === '' && middle.length === 0) return () => true;
  if (head === '' && tail === '' && middle.length === 1 && only !== undefined) return (value) => value.includes(only);
  if (middle.length === 0 && tail === '') return (value) => value.startsWith(head);
  if (middle.length === 0 && head === '') return (value) => value.endsWith(tail);
  return (value) => {
    if (value.length < head.length + tail.length || !value.startsWith(head) || !value.endsWith(tail)) return false;
    let at = head.length;
    for (const part of middle) {
      const found = value.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at + tail.length <= value.length;
  };
}

function byUnits([head = [], ...rest]: readonly (readonly Unit[])[]): (value: string) => boolean {
  const tail = rest.at(-1);
  const middle = rest.slice(0, -1).filter((segment) => segment.length > 0);
  return (value) => {
    const units: ArrayLike<string> = SURROGATE.test(value) ? Array.from(value) : value;
    if (!fits(head, units, 0)) return false;
    if (tail === undefined) return units.length === head.length;
    const end = units.length - tail.length;
    let at = head.length;
    for (const segment of middle) {
      while (at + segment.length <= end && !fits(segment, units, at)) at++;
      if (at + segment.length > end) return false;
      at += segment.length;
    }
    return at <= end && fits(tail, units, end);
  };
}

function fits(segment: readonly Unit[], units: ArrayLike<string>, at: number): boolean {
  if (at + segment.length > units.length) return false;
  return segment.every(
    (unit, index) => unit === ANY || (unit === ANY_DASH ? dashes.has(units[at + index]) : unit === units[at + index]),
  );
}
