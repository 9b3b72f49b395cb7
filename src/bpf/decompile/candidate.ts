import type { Expression } from '../pcap/expression.ts';

/** What an author may have written, and where in the program it comes from. */
export interface Candidate {
  readonly expression: Expression;
  readonly place: number;
  /** Candidates of the second rank are tried when those of the first do not do. */
  readonly rank: 1 | 2;
}

export type Add = (rank: 1 | 2, ...expressions: readonly Expression[]) => void;
