import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../../testing/oddities.ts';
import { bytesOf } from '../../../testing/signalling.ts';
import { again, carriedFrame, initChunk, NODE, sctpFrame } from '../../../testing/telecom.ts';
import type { MadeFrame } from '../../../testing/wire.ts';
import { radioOddities } from './family.ts';

const OWN = '62f210';
const FAR = '64f000';
const one = (bytes: Uint8Array, at = 0): MadeFrame[] => [{ at, bytes }];
const station = (number: number): string => `192.0.2.${100 + number}`;
const s1ap = (from: string, message: Uint8Array): Uint8Array => carriedFrame(from, NODE, 18, message, 36412);
const setUp = (from: string, network = OWN): Uint8Array =>
  s1ap(from, bytesOf('0011 00 0f 0000 01 003b 00 08 00', network, '00012345'));
const firstOfUser = (from: string): Uint8Array => s1ap(from, bytesOf('000c 40 09 0000 01 0008 00 02 0001'));
const opened = (from: string): Uint8Array => sctpFrame([from, 36412], [NODE, 36412], [initChunk()], 0);
const known = again(300, 5, (index) => (index < 3 ? setUp(station(index)) : firstOfUser(station(index % 3))));

const cases: readonly OddityCase[] = [
  ['radio-new-station', [...known, ...one(setUp(station(9)), 1600)], [...known, ...one(setUp(station(1)), 1600)]],
  [
    'radio-new-station',
    [...known, ...one(setUp(station(9)), 1600)],
    [...known.slice(0, 100), ...one(setUp(station(9)), 1600)],
  ],
  [
    'radio-network-at-odds',
    [...known, ...one(setUp(station(9), FAR), 1600)],
    [...known, ...one(setUp(station(9)), 1600)],
  ],
  [
    'radio-network-at-odds',
    [...known, ...one(setUp(station(9), FAR), 1600)],
    [...known.slice(0, 2), ...one(setUp(station(9), FAR), 1600)],
  ],
  [
    'radio-no-set-up',
    [...one(opened(station(1))), ...one(firstOfUser(station(1)), 1)],
    [...one(opened(station(1))), ...one(setUp(station(1)), 1), ...one(firstOfUser(station(1)), 2)],
  ],
  ['radio-no-set-up', [...one(opened(station(1))), ...one(firstOfUser(station(1)), 1)], one(firstOfUser(station(1)))],
];

tellsOddities(radioOddities, cases);

it('has a case of each of its kinds', () => expect(untested(radioOddities, cases)).toEqual([]));
