/** A piece of what was put in, with how many pieces were dropped between it and the one before. */
export interface SpillPiece {
  readonly bytes: Uint8Array;
  readonly lostBefore: number;
}

export interface SpillState {
  readonly pieces: number;
  readonly sizeBytes: number;
  readonly droppedPieces: number;
  readonly droppedBytes: number;
}

/**
 * A bounded buffer between a source that does not wait and a reader that is slow. Pieces come out whole and in order. When it
 * is full the new piece is dropped, counted and told, never an old one in silence.
 */
export interface Spill {
  /** False when there was no room. */
  offer(bytes: Uint8Array): Promise<boolean>;
  /** Up to `sizeBytes` of the oldest pieces, at least one if there is any; they are then gone. */
  take(sizeBytes: number): Promise<readonly SpillPiece[]>;
  state(): Promise<SpillState>;
  close(): Promise<void>;
}
