import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../testing/oddities.ts';
import { again, NODE, PEER, STRANGER } from '../../testing/telecom.ts';
import { tcpFrame, TCP, type MadeFrame } from '../../testing/wire.ts';
import { tacacsOddities } from './tacacs.ts';

const INSIDE = '10.1.2.3';
const asks = (server: string, port: number): Uint8Array => tcpFrame([PEER, port], [server, 49], { flags: TCP.syn });
const past = (count: number): MadeFrame[] => again(count, 200, (index) => asks(NODE, 40_000 + index));
const last = (server: string): MadeFrame => ({ at: 1500, bytes: asks(server, 50_000) });

const cases: readonly OddityCase[] = [
  ['tacacs-new-server', [...past(6), last(INSIDE)], [...past(6), last(STRANGER)]],
  ['tacacs-new-server', [...past(6), last(INSIDE)], [...past(2), last(INSIDE)]],
  ['tacacs-outside-server', [...past(6), last(STRANGER)], [...past(6), last(NODE)]],
];

tellsOddities(tacacsOddities, cases);

it('has a case of each of its kinds', () => expect(untested(tacacsOddities, cases)).toEqual([]));
