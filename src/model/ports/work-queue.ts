/** A job in somebody's hands until its lease ends. */
export interface Leased<J> {
  readonly id: string;
  readonly job: J;
  /** Names this hand-out; a later one of the same job has another. */
  readonly lease: string;
  /** 1 for the first hand-out. */
  readonly attempt: number;
}

export interface QueueDepth {
  readonly ready: number;
  /** Put back, to be tried later. */
  readonly delayed: number;
  readonly leased: number;
}

/**
 * Work that is handed out at least once. A job that is not done when its lease ends is handed out again, so that doing it
 * twice must have no second effect. Jobs come in the order in which they became ready. Time comes from the clock that the
 * driver is made with.
 */
export interface WorkQueue<J> {
  /** A job whose id waits, is leased, or was done a short while ago is not put again. */
  put(job: J, options: { readonly id: string }): Promise<{ readonly repeated: boolean }>;
  pull(count: number, leaseMs: number): Promise<readonly Leased<J>[]>;
  /** False when the lease had ended: somebody else may have the job. */
  done(lease: string): Promise<boolean>;
  /** Puts the job back for later. False as above. */
  fail(lease: string, delayMs: number): Promise<boolean>;
  depth(): Promise<QueueDepth>;
  close(): Promise<void>;
}
