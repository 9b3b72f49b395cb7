import { toHex } from '../../lib/bytes.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { deadLints, unreachableLints } from './dead.ts';
import { examplesFor } from './example.ts';
import { checksOf } from './flow.ts';
import { guardLints } from './guards.ts';
import { jumpLints } from './jumps.ts';
import { leakLints } from './leaks.ts';
import { LINT_CODES, type Lint } from './lint-record.ts';
import { linkLints } from './wrong-link.ts';

/** More faults than this are not told. */
const MOST_LINTS = 8;

/** The faults of a filter, by what it accepts against what its own checks intend; the gravest first. */
export function lintsOf(analysis: Analysis): readonly Lint[] {
  const examples = examplesFor(analysis);
  const checks = checksOf(analysis) ?? [];
  const link = linkLints(analysis, checks, examples);
  const lints =
    link.length > 0
      ? // Everything else would be read at the wrong places.
        link
      : [
          ...deadLints(analysis, checks),
          ...jumpLints(analysis, checks, examples),
          ...leakLints(analysis, examples),
          ...guardLints(analysis, checks, examples),
          ...unreachableLints(analysis.program),
        ];
  return lints.sort((a, b) => LINT_CODES.indexOf(a.code) - LINT_CODES.indexOf(b.code)).slice(0, MOST_LINTS);
}

/** The faults of a filter as sentences, each with the packet that shows it. */
export function lint(analysis: Analysis): string[] {
  return lintsOf(analysis).map(({ code, at, sentence, example }) => {
    const places = at.length === 0 ? '' : ` (${at.join(', ')})`;
    return `${code}${places}: ${sentence}${example === undefined ? '' : `; passes: ${exampleText(example)}`}`;
  });
}

function exampleText({ packet, env }: NonNullable<Lint['example']>): string {
  const values = Object.entries(env).map(([name, value]) => `${name} 0x${(value ?? 0).toString(16)}`);
  return [toHex(packet), ...values].join(', ');
}
