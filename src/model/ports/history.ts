/** Something that was seen: a program on a host, a peer of a network function, a login of a user. */
export interface Sight {
  readonly key: string;
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
}

/** What is remembered of one key, the sight just told included. */
export interface Remembered {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  /** Mean and standard deviation of the times between sights: what comes like clockwork deviates little. Absent before the second. */
  readonly everyMs?: number;
  readonly deviationMs?: number;
}

/**
 * When things were first and last seen, and in what rhythm, in bounded memory. The keys not seen for longest are forgotten
 * first; how many were is told, for "first seen" is then only "not seen lately". A sight older than the last one counts, and
 * may be the first, but says nothing of the rhythm.
 */
export interface History {
  /** One answer a sight, in the same order. */
  seen(sights: readonly Sight[]): Promise<readonly Remembered[]>;
  /** What is remembered, without a sight. */
  recall(key: string): Promise<Remembered | undefined>;
  size(): Promise<{ readonly keys: number; readonly forgotten: number }>;
  close(): Promise<void>;
}
