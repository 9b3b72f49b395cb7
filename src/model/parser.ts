import type { Artifact } from './artifact.ts';
import type { Issue } from './gap.ts';
import type { BodyOf } from './observation.ts';
import type { ObservationKind } from './observations/index.ts';
import type { UnseenReason } from './unseen.ts';

/** Where in the artifact a fact stands. */
export interface At {
  readonly offset?: number;
  readonly line?: number;
  readonly frame?: number;
}

/** A parser's fact: a body, with its place. */
export type Fact<K extends ObservationKind> = K extends ObservationKind
  ? { readonly body: BodyOf<K>; readonly at?: At; readonly eventAt?: string }
  : never;

/** A part of the artifact that could not be understood. */
export interface ParserIssue extends Omit<Issue, 'artifact'> {
  readonly issue: true;
}

/** A part of what the artifact should show is missing: "denied for 40 of 370 processes". */
export interface ParserGap {
  readonly gap: UnseenReason;
  readonly artifact: string;
  readonly detail: string;
  /** The share that is missing, above 0 and up to 1. */
  readonly missing: number;
}

export type Parsed<K extends ObservationKind> = Fact<K> | ParserIssue | ParserGap;

/** What lies beside an artifact in the same look: only what the parser declares in `beside` is there. */
export type Beside = (name: string) => Artifact | undefined;

/** One artifact format: bytes to observations. It opens nothing and knows no host, time or artifact. */
export interface Parser<K extends ObservationKind = ObservationKind> {
  readonly id: string;
  readonly summary: string;
  /** Names of artifacts; `*` stands for any text. */
  readonly reads: readonly string[];
  /** Further artifacts that are read together with it, when they are there. */
  readonly beside?: readonly string[];
  readonly yields: readonly K[];
  parse(artifact: Artifact, beside: Beside): Iterable<Parsed<K>>;
}

export function defineParser<const K extends ObservationKind>(
  parser: Parser<K> & { parse(artifact: Artifact, beside: Beside): Iterable<Parsed<NoInfer<K>>> },
): Parser<K> {
  return parser;
}

export function issueAt(reason: string, at: At = {}): ParserIssue {
  return { issue: true, reason, ...at };
}
