import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordsOf } from './pcap.ts';
import { likelyRecord } from './resync.ts';

const LITTLE = recordsOf(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1));
const BIG = recordsOf(Uint8Array.of(0xa1, 0xb2, 0xc3, 0xd4));

/** Records of frames of some lengths, from a time on. */
function records(little: boolean, lengths: readonly number[], fill = 0xee): Uint8Array {
  return Buffer.concat(
    lengths.map((length, second) => {
      const header = Buffer.alloc(16);
      const write = (value: number, at: number): void => {
        if (little) header.writeUInt32LE(value, at);
        else header.writeUInt32BE(value, at);
      };
      write(1_767_225_600 + second, 0);
      write(999_999, 4);
      write(length, 8);
      write(length + second, 12);
      return Buffer.concat([header, Buffer.alloc(length, fill)]);
    }),
  );
}

it.each([
  ['little', LITTLE, true],
  ['big', BIG, false],
] as const)('finds where the next record begins, %s end first', (_, kind, little) => {
  const lengths = [300, ...Array.from({ length: 20 }, (_, index) => 60 + index)];

  expect(likelyRecord(records(little, lengths).subarray(100), kind)).toBe(216);
});

it('takes a few that look like records for chance', () => {
  expect(likelyRecord(records(true, [60, 60, 60]), LITTLE)).toBeUndefined();
});

it('never reads outside of the bytes, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.constantFrom(LITTLE, BIG), (bytes, kind) => {
      const found = likelyRecord(bytes, kind);

      if (found !== undefined) expect(found + 16).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
