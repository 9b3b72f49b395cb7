import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SctpData } from './chunks.ts';
import { SctpMessages } from './messages.ts';

const PACKET = { source: 1, destination: 2, tag: 3 };
const text = new TextEncoder().encode('a message in several chunks');

function piece(at: number, end: number, tsn: number, other: Partial<SctpData> = {}): SctpData {
  const ends = { first: at === 0, last: end === text.length };
  return {
    tsn,
    stream: 0,
    sequence: 0,
    protocol: 46,
    ...ends,
    unordered: false,
    interleaved: false,
    fragment: tsn,
    at,
    end,
    ...other,
  };
}

describe('SctpMessages', () => {
  it('puts a message together in any order, wherever its numbers begin', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 8 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.infiniteStream(fc.nat()),
        (cuts, tsn, order) => {
          const bounds = [0, ...cuts.toSorted((a, b) => a - b), text.length];
          const pieces = bounds.slice(1).map((end, index) => piece(bounds[index]!, end, (tsn + index) >>> 0));
          const shuffled = pieces
            .map((one) => ({ one, key: order.next().value as number }))
            .toSorted((a, b) => a.key - b.key);
          const messages = new SctpMessages();
          const whole = shuffled.map(({ one }) => messages.add(PACKET, one, text));

          expect(whole.slice(0, -1).every((message) => message === undefined)).toBe(true);
          expect(whole.at(-1)).toEqual({ bytes: text, protocol: 46 });
        },
      ),
    );
  });

  it.each<[name: string, other: Partial<SctpData>]>([
    ['stream', { stream: 1 }],
    ['sequence number', { sequence: 1 }],
    ['order', { unordered: true }],
  ])('keeps messages of another %s apart', (_, other) => {
    const messages = new SctpMessages();

    expect(messages.add(PACKET, piece(0, 5, 1), text)).toBeUndefined();
    expect(messages.add(PACKET, piece(5, text.length, 2, other), text)).toBeUndefined();
  });

  it('drops the longest waiting where too many wait', () => {
    const messages = new SctpMessages();
    for (let sequence = 0; sequence < 1030; sequence++)
      messages.add(PACKET, piece(0, 5, 10 * sequence, { sequence }), text);

    expect(messages.dropped).toBe(6);
    expect(messages.add(PACKET, piece(5, text.length, 1, { sequence: 0 }), text)).toBeUndefined();
    expect(messages.add(PACKET, piece(5, text.length, 10_291, { sequence: 1029 }), text)?.bytes).toEqual(text);
  });

  it('drops a message of more chunks than an honest one has', () => {
    const messages = new SctpMessages();
    for (let tsn = 1; tsn < 600; tsn++) messages.add(PACKET, piece(1, 2, tsn), text);

    expect(messages.dropped).toBe(1);
  });
});
