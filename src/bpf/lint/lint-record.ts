import type { Proof } from '../proof/solve.ts';

/** What is wrong with a filter, the gravest first. */
export const LINT_CODES = [
  'wrong-link',
  'nothing-passes',
  'wrong-jump',
  'leak',
  'header-length',
  'unguarded',
  'dead-check',
  'unreachable',
] as const;

/** One fault of a filter: something that its author would want to know. */
export interface Lint {
  readonly code: (typeof LINT_CODES)[number];
  /** Numbers of the instructions it is about. */
  readonly at: readonly number[];
  /** Without a full stop. */
  readonly sentence: string;
  /** A packet that shows it: it has been run. */
  readonly example?: Proof;
}
