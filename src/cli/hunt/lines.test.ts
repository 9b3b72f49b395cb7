import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeText } from '../../hunt/moment.ts';
import type { Hit } from '../../hunt/predicates/hunter.ts';
import { matchLines } from './lines.ts';

const filter = { id: 'a "b"', link: 'ethernet', program: [] } as const;

it('writes a line a match, with times as everywhere', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 5e6 }), fc.integer(), fc.double())),
      fc.constantFrom(0, 1_767_225_600e6, 253_402_300_799e6),
      (times, base) => {
        const hits = times.map((time, index): Hit => ({
          filter: 0,
          frame: index + 1,
          micros: base + time,
          path: 'eth',
          offset: 0,
        }));
        const lines = [...matchLines('x\n.pcap', [filter], hits)].join('');

        expect(
          lines
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line) as unknown),
        ).toEqual(
          hits.map(({ frame, micros }) => ({
            record: 'match',
            filter: 'a "b"',
            file: 'x\n.pcap',
            frame,
            at: timeText(micros),
            path: 'eth',
            offset: 0,
          })),
        );
      },
    ),
  );
});
