import type { Spill, SpillPiece } from '../../model/ports/spill.ts';

/** A buffer in memory of so many bytes. */
export function memorySpill(capacityBytes: number): Spill {
  const pieces: SpillPiece[] = [];
  let [sizeBytes, droppedPieces, droppedBytes, lost] = [0, 0, 0, 0];
  return {
    async offer(bytes) {
      if (sizeBytes + bytes.length > capacityBytes) {
        lost += 1;
        droppedPieces += 1;
        droppedBytes += bytes.length;
        return false;
      }
      pieces.push({ bytes: bytes.slice(), lostBefore: lost });
      sizeBytes += bytes.length;
      lost = 0;
      return true;
    },
    async take(wantedBytes) {
      let [count, taken] = [0, 0];
      for (const { bytes } of pieces) {
        if (count > 0 && taken + bytes.length > wantedBytes) break;
        count += 1;
        taken += bytes.length;
      }
      sizeBytes -= taken;
      return pieces.splice(0, count);
    },
    async state() {
      return { pieces: pieces.length, sizeBytes, droppedPieces, droppedBytes };
    },
    async close() {
      pieces.length = 0;
      sizeBytes = 0;
    },
  };
}
