import type { ObservationBody, ObservationKind } from './observations/index.ts';
import type { SourceReference } from './source.ts';

/** What the engine adds to a parser's fact; a parser cannot forget it, for it never sees it. */
export interface Stamp {
  /** From the artifact's sha256 and the place in it: the same evidence gives the same id. */
  readonly id: string;
  /** Name of the host. */
  readonly host: string;
  /** When it was collected, RFC 3339 UTC. */
  readonly observedAt: string;
  /** When it happened, where the evidence says so. */
  readonly eventAt?: string;
  readonly source: SourceReference;
}

export type BodyOf<K extends ObservationKind> = Extract<ObservationBody, { kind: K }>;
export type Observation<K extends ObservationKind = ObservationKind> = K extends ObservationKind
  ? BodyOf<K> & Stamp
  : never;
