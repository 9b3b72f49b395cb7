import type { UnseenReason } from './unseen.ts';

/** Something that was asked for and not had. `hides` names the rules that could therefore not say "clear". */
export interface Gap {
  readonly host: string;
  readonly artifact: string;
  readonly reason: UnseenReason;
  /** How much is missing, in words: "40 of 370 processes". */
  readonly detail?: string;
  readonly hides: readonly string[];
}

/** A part of the evidence that could not be understood; what surrounds it was read. */
export interface Issue {
  readonly artifact: string;
  /** Byte position in the artifact. */
  readonly offset?: number;
  readonly line?: number;
  readonly reason: string;
}
