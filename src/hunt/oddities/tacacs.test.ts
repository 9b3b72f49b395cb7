import { tellsOddities } from '../../testing/oddities.ts';
import { again, NODE, PEER, STRANGER } from '../../testing/telecom.ts';
import { tcpFrame, TCP, type MadeFrame } from '../../testing/wire.ts';
import { tacacsOddities } from './tacacs.ts';

const asks = (server: string, port: number): Uint8Array => tcpFrame([PEER, port], [server, 49], { flags: TCP.syn });
const past = (count: number): MadeFrame[] => again(count, 200, (index) => asks(NODE, 40_000 + index));

tellsOddities(tacacsOddities, [
  [
    'tacacs-new-server',
    [...past(6), { at: 1300, bytes: asks(STRANGER, 50_000) }],
    [...past(7), { at: 1500, bytes: asks(NODE, 50_000) }],
  ],
  [
    'tacacs-new-server',
    [...past(6), { at: 1300, bytes: asks(STRANGER, 50_000) }],
    [...past(2), { at: 1300, bytes: asks(STRANGER, 50_000) }],
  ],
]);
