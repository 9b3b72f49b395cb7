import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../../testing/oddities.ts';
import {
  aborts,
  again,
  begins,
  carriedFrame,
  initChunk,
  m3uaData,
  m3uaOf,
  NODE,
  PEER,
  refuses,
  sctpFrame,
  takes,
  unitOf,
  type Party,
} from '../../../testing/telecom.ts';
import type { MadeFrame } from '../../../testing/wire.ts';
import { ss7Oddities } from './family.ts';

const HLR: Party = { subsystem: 6, digits: '4917100001' };
const VLR: Party = { subsystem: 7, digits: '4917100002' };
const FOREIGN: Party = { subsystem: 8, digits: '8613900003' };
const OWN: Party = { subsystem: 8, digits: '4917100004' };

const one = (bytes: Uint8Array, at = 0): MadeFrame[] => [{ at, bytes }];
const m3ua = (message: Uint8Array, from = PEER, to = NODE): Uint8Array => carriedFrame(from, to, 3, message);
const unit = (called: Party, calling: Party, data: Uint8Array, type = 9): Uint8Array =>
  m3ua(m3uaData(unitOf(called, calling, data, type)));
const opened = sctpFrame([PEER, 2905], [NODE, 2905], [initChunk()], 0);
const active = (context: string): Uint8Array => m3ua(m3uaOf(4, 1, `00060008 ${context}`));
const ping = begins(1, 56);
const spoken = (origin: number): Uint8Array => m3ua(m3uaData(unitOf(HLR, OWN, ping), { origin }));
const from = (digits: string): Uint8Array => unit(HLR, { subsystem: 7, digits }, ping);
const steers = (digits: string): Uint8Array =>
  unit({ subsystem: 146, digits: '4917100009' }, { subsystem: 146, digits }, begins(1, 0));
const MAP_CONTEXT = '04000001001403'; // 0.4.0.0.1.0.20.3

const learned = (frame: Uint8Array, last: Uint8Array, count = 600): MadeFrame[] => [
  ...again(count, 2, () => frame),
  { at: 1300, bytes: last },
];
const returns = (count: number, same = false): MadeFrame[] =>
  again(count, 1, (index) =>
    unit(
      { subsystem: 8, digits: '4917100004' },
      { subsystem: 6, digits: `49171${same ? 10_000 : 10_000 + index}` },
      ping,
      10,
    ),
  );
const operations = (operation: number, calling: Party, called: Party, count: number, every = 0.1): MadeFrame[] =>
  again(count, every, (index) => unit(called, calling, begins(index + 1, operation)));
/** @param taken Of so many one is taken; 0 for none. */
const messages = (count: number, every: number, taken = 0): MadeFrame[] =>
  Array.from({ length: count }, (_, index) => [
    { at: index * every, bytes: unit(VLR, FOREIGN, begins(index + 1, 44)) },
    {
      at: index * every + 0.1,
      bytes: carriedFrame(
        NODE,
        PEER,
        3,
        m3uaData(unitOf(FOREIGN, VLR, (taken > 0 && index % taken === taken - 1 ? takes : refuses)(index + 1))),
      ),
    },
  ]).flat();

const cases: readonly OddityCase[] = [
  ['m3ua-new-point-code', learned(spoken(0x101), spoken(0x3ff)), learned(spoken(0x101), spoken(0x101))],
  ['m3ua-new-point-code', learned(spoken(0x101), spoken(0x3ff)), learned(spoken(0x101), spoken(0x3ff), 100)],
  [
    'm3ua-routing-context',
    [
      ...one(opened),
      ...one(active('00000007'), 1),
      ...one(m3ua(m3uaData(unitOf(HLR, OWN, ping), { routingContext: 8 })), 2),
    ],
    [
      ...one(opened),
      ...one(active('00000007'), 1),
      ...one(m3ua(m3uaData(unitOf(HLR, OWN, ping), { routingContext: 7 })), 2),
    ],
  ],
  [
    'm3ua-not-active',
    [...one(opened), ...one(spoken(1), 1)],
    [...one(opened), ...one(active('00000007'), 1), ...one(spoken(1), 2)],
  ],
  ['m3ua-not-active', [...one(opened), ...one(spoken(1), 1)], one(spoken(1))],
  ['sccp-subsystem-at-odds', one(unit(VLR, OWN, begins(1, 71))), one(unit(HLR, OWN, begins(1, 71)))],
  [
    'sccp-subsystem-at-odds',
    one(unit(HLR, OWN, begins(1, 7))),
    one(unit({ subsystem: 149, digits: '4917100002' }, OWN, begins(1, 7))),
  ],
  [
    'sccp-new-title',
    learned(from('4917100005'), from('8613900003')),
    learned(from('4917100005'), from('8613900003'), 400),
  ],
  ['sccp-return-burst', returns(20), returns(40, true)],
  ['map-category-1', one(unit(HLR, FOREIGN, begins(1, 58))), one(unit(HLR, OWN, begins(1, 58)))],
  [
    'map-category-1',
    one(unit(HLR, FOREIGN, begins(1, 71))),
    one(unit({ subsystem: 6, digits: '1212555010' }, { subsystem: 8, digits: '1305555010' }, begins(1, 71))),
  ],
  ['map-category-1', one(unit(HLR, FOREIGN, begins(1, 71))), one(unit(HLR, FOREIGN, begins(1, 2)))],
  ['map-category-2-burst', operations(7, FOREIGN, VLR, 20), operations(7, OWN, VLR, 20)],
  ['map-category-2-burst', operations(3, FOREIGN, VLR, 20), operations(3, FOREIGN, VLR, 20, 10)],
  ['map-category-3-burst', operations(56, FOREIGN, HLR, 100), operations(56, FOREIGN, HLR, 99)],
  ['map-message-scan', messages(20, 1), messages(20, 10)],
  ['map-message-scan', messages(20, 1), messages(58, 1, 10)],
  [
    'map-undefined-operation',
    one(unit(HLR, FOREIGN, begins(1, 99, MAP_CONTEXT))),
    one(unit(HLR, FOREIGN, begins(1, 56, MAP_CONTEXT))),
  ],
  [
    'tcap-abort-burst',
    again(20, 1, (index) => unit(HLR, OWN, aborts(index + 1))),
    again(40, 1, () => unit(HLR, OWN, aborts(1))),
  ],
  [
    'camel-stranger',
    learned(steers('4917100005'), steers('8613900003'), 100).map(({ bytes }, index) => ({ at: index * 13, bytes })),
    again(101, 13, () => steers('4917100005')),
  ],
];

tellsOddities(ss7Oddities, cases);

it('has a case of each of its kinds', () => expect(untested(ss7Oddities, cases)).toEqual([]));
