export interface StoredEvidence {
  /** SHA-256 of the bytes, in lower-case hexadecimal: their name. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Where evidence rests, named by its content: the same bytes are kept once, and none is ever changed. */
export interface EvidenceStore {
  /** Stores what the stream brings. A stream that fails or is aborted leaves nothing behind, and its error is thrown. */
  put(bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<StoredEvidence>;
  /** The bytes in parts, or undefined where there are none of that name. */
  get(sha256: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  stat(sha256: string): Promise<StoredEvidence | undefined>;
  /** Reads the bytes again: whether they still are what their name says. */
  verify(sha256: string): Promise<'sound' | 'changed' | 'absent'>;
  close(): Promise<void>;
}
