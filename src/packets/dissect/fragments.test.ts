import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fragments } from './fragments.ts';

const ADDRESSES = 8;
const BLOCKS = 12;

/** A fragment of blocks of eight bytes, all of them the same byte, behind the addresses. */
const packet = (blocks: number, fill: number): Uint8Array =>
  new Uint8Array(ADDRESSES + 8 * blocks).fill(fill, ADDRESSES);

it('joins fragments in any order, and of those that overlap keeps what came first', () => {
  const piece = fc.record({
    first: fc.nat(BLOCKS - 1),
    blocks: fc.integer({ min: 1, max: BLOCKS }),
    fill: fc.nat(255),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 20 }), (pieces) => {
      const fragments = new Fragments();
      const model = Array.from<number | undefined>({ length: BLOCKS });
      let known = false;
      for (const { first, blocks, fill } of pieces) {
        const end = Math.min(first + blocks, BLOCKS);
        const bytes = packet(end - first, fill);
        const more = end < BLOCKS;
        const whole = fragments.add(
          { bytes, addressesAt: 0, length: ADDRESSES, id: 7 },
          { offset: 8 * first, from: ADDRESSES, to: bytes.length, more },
        );
        for (let block = first; block < end; block++) model[block] ??= fill;
        known ||= !more;
        const complete = known && model.every((value) => value !== undefined);
        expect(whole && [...whole]).toEqual(
          complete ? model.flatMap((value) => Array<number>(8).fill(value)) : undefined,
        );
        if (complete) return;
      }
    }),
  );
});
