/** Where an observation comes from, so that anybody can look it up again. */
export interface SourceReference {
  readonly artifact: string;
  /** Of the artifact's bytes. */
  readonly sha256: string;
  /** Byte position in the artifact. */
  readonly offset?: number;
  readonly line?: number;
  /** Number of the frame in a capture, from 1. */
  readonly frame?: number;
}
