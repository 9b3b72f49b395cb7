import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../../testing/oddities.ts';
import { be, bytesOf, chunk, dataChunk, WATCHDOG } from '../../../testing/signalling.ts';
import { again, carriedFrame, initChunk, m3uaOf, NODE, PEER, sctpFrame } from '../../../testing/telecom.ts';
import type { MadeFrame } from '../../../testing/wire.ts';
import { sctpOddities } from './family.ts';

const one = (bytes: Uint8Array, at = 0): MadeFrame[] => [{ at, bytes }];
const HERE = [PEER, 2905] as const;
const THERE = [NODE, 2905] as const;
const data = dataChunk({ protocol: 3 }, m3uaOf(3, 3));
const ABORT = chunk(6, 1, bytesOf(''));
const asks = (options: Parameters<typeof initChunk>[0] = {}, tag = 0): MadeFrame[] =>
  one(sctpFrame(HERE, THERE, [initChunk(options)], tag));
const hosts = (count: number, from = 0): MadeFrame[] =>
  again(count, 2, (index) => sctpFrame(HERE, [`192.0.2.${100 + index}`, 2905], [initChunk()], 0), from);
const refused = (count: number): MadeFrame[] =>
  hosts(count).flatMap(({ at = 0, bytes }, index) => [
    { at, bytes },
    { at: at + 0.1, bytes: sctpFrame([`192.0.2.${100 + index}`, 2905], HERE, [ABORT], 5) },
  ]);
const taken = chunk(2, 0, bytesOf(be(9, 4), '00010000 000a000a 00000001'));
const answered = (count: number): MadeFrame[] =>
  hosts(count).flatMap(({ at = 0, bytes }, index) => [
    { at, bytes },
    { at: at + 0.1, bytes: sctpFrame([`192.0.2.${100 + index}`, 2905], HERE, [taken], 5) },
  ]);
const m3uaOver = (port: number): Uint8Array => carriedFrame(PEER, NODE, 3, m3uaOf(3, 3), port);

const cases: readonly OddityCase[] = [
  ['sctp-data-without-tag', one(sctpFrame(HERE, THERE, [data], 0)), one(sctpFrame(HERE, THERE, [data], 7))],
  [
    'sctp-data-out-of-the-blue',
    [...one(sctpFrame(HERE, THERE, [data])), ...one(sctpFrame(THERE, HERE, [ABORT]), 0.1)],
    [
      ...one(sctpFrame(HERE, THERE, [data])),
      ...one(sctpFrame(THERE, HERE, [chunk(3, 0, new Uint8Array(12))], 8), 0.1),
      ...one(sctpFrame(THERE, HERE, [ABORT]), 0.2),
    ],
  ],
  ['sctp-init-odd', asks({ tag: 0 }), asks()],
  ['sctp-init-odd', asks({ streams: 0 }), asks({ streams: 1 })],
  ['sctp-init-odd', asks({ window: 100 }), asks({ window: 1500 })],
  ['sctp-init-odd', asks({}, 7), asks()],
  ['sctp-init-odd', one(sctpFrame(HERE, THERE, [initChunk(), data], 0)), asks()],
  ['sctp-scan', refused(10), refused(9)],
  ['sctp-scan', [...answered(1), ...hosts(11, 10)], hosts(12)],
  ['sctp-scan', refused(10), answered(12)],
  [
    'sctp-abort-burst',
    again(20, 1, (index) => sctpFrame(THERE, HERE, [ABORT], index + 1)),
    again(40, 1, () => sctpFrame(THERE, HERE, [ABORT], 5)),
  ],
  [
    'sctp-identifier-at-odds',
    one(carriedFrame(PEER, NODE, 3, bytesOf('deadbeef deadbeef'))),
    one(carriedFrame(PEER, NODE, 3, m3uaOf(3, 3))),
  ],
  [
    'sctp-identifier-at-odds',
    one(carriedFrame(PEER, NODE, 46, bytesOf('16030100 deadbeef'), 3868)),
    one(carriedFrame(PEER, NODE, 46, WATCHDOG, 3868)),
  ],
  [
    'sctp-identifier-at-odds',
    one(carriedFrame(PEER, NODE, 18, bytesOf('deadbeef deadbeef'), 36412)),
    one(carriedFrame(PEER, NODE, 18, bytesOf('0011000a 000001 003b 4003 00 62f2'), 36412)),
  ],
  [
    'sctp-other-port',
    [...again(201, 2, () => m3uaOver(2905)), ...one(m3uaOver(4444), 800)],
    [...again(150, 2, () => m3uaOver(2905)), ...one(m3uaOver(4444), 800)],
  ],
  [
    'sctp-undefined-chunk',
    one(sctpFrame(HERE, THERE, [chunk(99, 0, new Uint8Array(4))])),
    one(sctpFrame(HERE, THERE, [chunk(192, 0, new Uint8Array(4))])),
  ],
];

tellsOddities(sctpOddities, cases);

it('has a case of each of its kinds', () => expect(untested(sctpOddities, cases)).toEqual([]));
