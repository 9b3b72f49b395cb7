import type { Observation } from '../observation.ts';
import type { ObservationKind } from '../observations/index.ts';

/** Observations that are stored together or not at all. The same id means the same content, so that a repeated batch has no effect. */
export interface ObservationBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
}

export interface Receipt {
  readonly id: string;
  readonly observations: number;
  /** The batch was there already. */
  readonly repeated: boolean;
}

export interface ObservationQuery {
  readonly hosts?: readonly string[];
  readonly kinds?: readonly ObservationKind[];
}

/** Where observations rest. Batches come back in the order in which they were appended. */
export interface ObservationStore {
  append(batch: ObservationBatch): Promise<Receipt>;
  read(query: ObservationQuery, signal?: AbortSignal): AsyncIterable<readonly Observation[]>;
  close(): Promise<void>;
}
