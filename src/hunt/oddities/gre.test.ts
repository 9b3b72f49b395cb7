import { expect, it } from 'vitest';
import { tellsOddities, untested, type OddityCase } from '../../testing/oddities.ts';
import { bytesOf } from '../../testing/signalling.ts';
import { again, innerPacket, NODE, PEER, STRANGER } from '../../testing/telecom.ts';
import { ethernet, ip4, type MadeFrame } from '../../testing/wire.ts';
import { greOddities } from './gre.ts';

const gre = (dst: string, header: string, src = PEER): Uint8Array =>
  ethernet(0x0800, ip4({ src, dst, protocol: 47 }, bytesOf(header, innerPacket({}))));
const TUNNEL = '00000800';
const MIRROR = '100088be 00000001 10000000 00000000';
const past = (header: string, count = 150): MadeFrame[] => again(count, 10, () => gre(NODE, header));
const last = (bytes: Uint8Array): MadeFrame => ({ at: 2000, bytes });

const cases: readonly OddityCase[] = [
  ['gre-new-tunnel', [...past(TUNNEL), last(gre(STRANGER, TUNNEL))], [...past(TUNNEL), last(gre(PEER, TUNNEL, NODE))]],
  [
    'gre-new-tunnel',
    [...past(TUNNEL), last(gre(STRANGER, TUNNEL))],
    [...past(TUNNEL, 50), last(gre(STRANGER, TUNNEL))],
  ],
  ['erspan-new-mirror', [...past(MIRROR), last(gre(STRANGER, MIRROR))], [...past(MIRROR), last(gre(STRANGER, TUNNEL))]],
];

tellsOddities(greOddities, cases);

it('has a case of each of its kinds', () => expect(untested(greOddities, cases)).toEqual([]));
