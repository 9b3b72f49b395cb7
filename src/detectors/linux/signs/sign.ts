import type { Shown } from '../../../model/detector.ts';
import type { Observation } from '../../../model/observation.ts';

/** What a sign speaks of. Signs of two families do not follow from one another, so that together they weigh more. */
export type Family = 'provenance' | 'identity' | 'listening' | 'environment' | 'session' | 'integrity' | 'marker';

/** One thing about a process that an implant shows, and its weight: 1 is a hint, 2 is strong, 3 is enough alone. */
export interface Sign {
  readonly family: Family;
  readonly weight: number;
  /** A clause that follows the name of the process. */
  readonly says: string;
  readonly shown: readonly Shown[];
  readonly attack: readonly string[];
  /** What would make it innocent. */
  readonly benign: string;
  /** The step that tells more; it changes nothing. */
  readonly next: string;
}

/** A fact that a sign needed and could not see. */
export interface Blind {
  readonly blind: string;
  /** The families of which it may hide a sign. */
  readonly hides: readonly Family[];
  readonly observation: Observation;
}
