/** What happened to a case, a note, a suppression, a user: the journal from which every view is made. Data is plain JSON. */
export interface StateEvent {
  readonly type: string;
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly by: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface StateEntry {
  readonly stream: string;
  /** Place in the stream, from 1 without gaps. */
  readonly sequence: number;
  /** Place among all entries of the store: later ones have greater numbers, perhaps with gaps. */
  readonly position: number;
  readonly event: StateEvent;
}

/** Refused when somebody else wrote first: `sequence` is then that of the last entry, to read on from and to try again. */
export type Appended =
  { readonly appended: true; readonly entry: StateEntry } | { readonly appended: false; readonly sequence: number };

/** A journal of streams that can only grow. What was appended is never changed. */
export interface StateStore {
  /** @param expectedSequence Of the last entry that the writer knows; 0 for a stream that shall be new. */
  append(stream: string, expectedSequence: number, event: StateEvent): Promise<Appended>;
  /** The entries of one stream, of sequence `from` and later, as they were when reading began or later. */
  read(stream: string, from?: number, signal?: AbortSignal): AsyncIterable<StateEntry>;
  /** Every entry of every stream behind a position (0: all), then those to come, until the signal or `close` ends it. */
  subscribe(position: number, signal?: AbortSignal): AsyncIterable<StateEntry>;
  close(): Promise<void>;
}
