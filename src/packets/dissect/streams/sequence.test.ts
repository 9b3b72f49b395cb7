import { expect, it } from 'vitest';
import { Connection } from './talk.ts';
import { ACK, AGAIN, FIN, LATE, NEW, PROBE, SYN, weigh, type Segment } from './sequence.ts';

type Sent = readonly [side: number, place: number, length: number, changes?: Partial<Segment>];

/** What each of some segments is. Both directions begin with number 0. */
function kinds(...sent: readonly Sent[]): number[] {
  const connection = new Connection(new Uint8Array());
  for (const half of connection.halves) half.placeOf(0);
  return sent.map(([side, place, length, changes], index) =>
    weigh(connection, side, {
      place,
      length,
      acknowledges: -1,
      flags: ACK,
      window: 500,
      micros: index * 1e6,
      ...changes,
    }),
  );
}

it.each<[string, readonly Sent[], readonly number[]]>([
  [
    'what follows',
    [
      [0, 0, 10],
      [0, 10, 10],
    ],
    [NEW, NEW],
  ],
  [
    'what comes again',
    [
      [0, 0, 10],
      [0, 0, 10],
    ],
    [NEW, AGAIN],
  ],
  [
    'what comes again with the end',
    [
      [0, 0, 10, { flags: ACK | FIN }],
      [0, 0, 10, { flags: ACK | FIN }],
    ],
    [NEW, AGAIN],
  ],
  [
    'what was left out',
    [
      [0, 0, 10],
      [0, 20, 10],
      [0, 10, 10],
    ],
    [NEW, NEW, AGAIN],
  ],
  [
    'a gap',
    [
      [0, 0, 10],
      [0, 500, 10],
    ],
    [NEW, NEW],
  ],
  [
    'what was acknowledged before it was seen',
    [
      [1, 0, 0, { acknowledges: 30 }],
      [0, 20, 10],
    ],
    [NEW, AGAIN],
  ],
  [
    'a word that the other end still is there',
    [
      [0, 0, 10],
      [0, 9, 1],
    ],
    [NEW, PROBE],
  ],
  [
    'a byte for a closed window',
    [
      [1, 0, 0, { window: 0 }],
      [0, 0, 10],
      [0, 10, 1],
    ],
    [NEW, NEW, PROBE],
  ],
  [
    'more than the byte that a closed window got',
    [
      [0, 0, 10],
      [0, 9, 5],
    ],
    [NEW, NEW],
  ],
  [
    'a handshake',
    [
      [0, 0, 0, { flags: SYN }],
      [1, 0, 0, { flags: SYN | ACK, acknowledges: 1 }],
      [0, 1, 10],
    ],
    [NEW, NEW, NEW],
  ],
])('knows %s', (_, sent, expected) => {
  expect(kinds(...sent)).toEqual(expected);
});

it('knows what is late from what comes again', () => {
  const sent: Sent[] = [
    [0, 0, 10],
    [0, 20, 10],
  ];

  expect(kinds(...sent, [0, 10, 10, { micros: 1e6 + 2000 }]).at(-1)).toBe(LATE);
  expect(kinds(...sent, [0, 20, 10, { micros: 1e6 + 2000 }]).at(-1)).toBe(AGAIN);
  expect(kinds(...sent, [0, 10, 10, { micros: 1e6 + 4000 }]).at(-1)).toBe(AGAIN);
});

it('reads what was asked for again, and came at once', () => {
  const asked: Partial<Segment> = { acknowledges: 10, micros: 5e6 };
  const sent: Sent[] = [
    [0, 0, 10],
    [0, 20, 10],
    [1, 0, 0, asked],
    [1, 0, 0, asked],
    [1, 0, 0, asked],
  ];

  expect(kinds(...sent, [0, 10, 10, { micros: 5e6 + 10_000 }]).at(-1)).toBe(NEW);
  expect(kinds(...sent, [0, 10, 10, { micros: 5e6 + 30_000 }]).at(-1)).toBe(AGAIN);
  expect(kinds(...sent, [0, 10, 10, { micros: 4e6 }]).at(-1)).toBe(AGAIN);
});
