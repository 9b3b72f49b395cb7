import { expect, it } from 'vitest';
import { be, bytesOf } from '../../../testing/signalling.ts';
import { tellsOddities, untested, type OddityCase } from '../../../testing/oddities.ts';
import {
  again,
  context,
  controlFrame,
  createRequest,
  createResponse,
  element2,
  gtp1,
  gtp2,
  innerPacket,
  NODE,
  PEER,
  pfcpElement,
  pfcpFrame,
  STRANGER,
  THIRD,
  userFrame,
} from '../../../testing/telecom.ts';
import { udpFrame, type MadeFrame } from '../../../testing/wire.ts';
import { gtpOddities } from './family.ts';

const one = (bytes: Uint8Array, at = 0): MadeFrame[] => [{ at, bytes }];
const echo = (content: string, options: Parameters<typeof gtp1>[2] = {}, type = 1): MadeFrame[] =>
  one(controlFrame(STRANGER, NODE, gtp1(type, content, options)));
const asked = (from: string, index: number, at: number): MadeFrame => ({
  at,
  bytes: createRequest(from, NODE, { data: index, control: index, sequence: index, subscriber: index }),
});

/** Four users, whose contexts are made and used. */
const users = [1, 2, 3, 4].flatMap((number) => [
  ...context(number, 10 * number),
  { at: 10 * number + 1, bytes: userFrame(PEER, NODE, 10_000 + number) },
  {
    at: 10 * number + 2,
    bytes: userFrame(NODE, PEER, 20_000 + number, innerPacket({ src: '203.0.113.5', dst: '100.64.0.1' })),
  },
]);
const deletion = (at: number): MadeFrame[] => [
  { at, bytes: controlFrame(PEER, NODE, gtp1(20, '1301 1405', { teid: 10_001, sequence: 99 })) },
  { at: at + 0.1, bytes: controlFrame(NODE, PEER, gtp1(21, '0180', { teid: 20_001, sequence: 99 })) },
];
const end2 = (kind: number, teid: number, hex: string): Uint8Array =>
  element2(87, bytesOf(be(0x80 | kind, 1), be(teid, 4), hex));
/** A session by version 2: the node listens on `teid`, for control and for users. */
const session2 = (teid: number, at: number, known?: number): MadeFrame[] => {
  const asks = bytesOf(end2(10, 500, 'c0000202'), element2(93, end2(0, 600 + teid, 'c0000202')));
  const made = bytesOf(
    element2(2, '1000'),
    end2(11, 700, 'c0000201'),
    element2(79, '01 64400001'),
    element2(93, end2(1, teid, 'c0000201')),
  );
  return [
    { at, bytes: controlFrame(PEER, NODE, gtp2(32, asks, { teid: known ?? 0, sequence: teid })) },
    { at: at + 0.1, bytes: controlFrame(NODE, PEER, gtp2(33, made, { teid: 500, sequence: teid })) },
  ];
};
const deletion2 = (at: number): MadeFrame[] => [
  { at, bytes: controlFrame(PEER, NODE, gtp2(36, element2(73, '05'), { teid: 700, sequence: 99 })) },
  { at: at + 0.1, bytes: controlFrame(NODE, PEER, gtp2(37, element2(2, '1000'), { teid: 500, sequence: 99 })) },
];
const refusals = (count: number, cause: number): MadeFrame[] =>
  Array.from({ length: count }, (_, index) => [
    asked(PEER, index + 1, index),
    {
      at: index + 0.1,
      bytes: createResponse(NODE, PEER, { data: 0, control: 0, sequence: index + 1, teid: index + 1, cause }),
    },
  ]).flat();
const unknownTunnels = (count: number, every: number): MadeFrame[] =>
  Array.from({ length: count }, (_, index) => [
    { at: index * every, bytes: controlFrame(PEER, NODE, gtp1(18, '', { teid: 900 + index, sequence: index })) },
    { at: index * every + 0.1, bytes: controlFrame(NODE, PEER, gtp1(19, '01c0', { sequence: index })) },
  ]).flat();
const errors = (count: number, every: number, same = false): MadeFrame[] =>
  again(count, every, (index) =>
    udpFrame([NODE, 2152], [PEER, 2152], gtp1(26, bytesOf('10', be(same ? 7 : index, 4), '850004c0000201'))),
  );
const guesses = (count: number): MadeFrame[] =>
  errors(count, 1)
    .flatMap(({ at = 0, bytes }, index) => [
      { at: at - 0.1, bytes: userFrame(PEER, NODE, index) },
      { at, bytes },
    ])
    .map(({ at, bytes }) => ({ at: at + 1, bytes }));
const deletes = (count: number): MadeFrame[] =>
  again(count, 0.1, (index) => controlFrame(PEER, NODE, gtp1(20, '1301 1405', { teid: 500 + index, sequence: index })));
const strangerAsks = (from: string): MadeFrame[] => [
  ...Array.from({ length: 25 }, (_, index) => asked(index % 2 === 0 ? PEER : THIRD, index, 40 * index)),
  asked(from, 99, 1100),
];
const inTunnel = (port: number, hex: string): MadeFrame[] =>
  one(userFrame(PEER, NODE, 1, innerPacket({ port, payload: Uint8Array.from(bytesOf(hex)) })));
const GTP_U = '30ff 0004 00000001 45000000';
const GTP_C = '3210 0004 00000000 00010000';

const association = (from: string, to: string): MadeFrame[] => [
  { bytes: pfcpFrame(from, to, 5, pfcpElement(60, '00c0000202')) },
  { bytes: pfcpFrame(to, from, 6, bytesOf(pfcpElement(60, '00c0000201'), pfcpElement(19, '01'))) },
];
const establishment = (from: string, to: string, end = '00000000'): Uint8Array =>
  pfcpFrame(from, to, 50, pfcpElement(3, pfcpElement(4, pfcpElement(84, `0100 0000000b ${end}`))), { seid: 0 });
const leads = (last: string): MadeFrame[] => [
  ...again(60, 20, () => establishment(PEER, NODE, 'c0000203')),
  { at: 1300, bytes: establishment(PEER, NODE, last) },
];
const noSessions = (count: number): MadeFrame[] =>
  again(count, 0.5, (index) => pfcpFrame(NODE, PEER, 53, pfcpElement(19, '41'), { seid: 0, sequence: index }));
const sessionsGo = (count: number): MadeFrame[] =>
  again(count, 0.1, (index) => pfcpFrame(PEER, NODE, 54, '', { seid: index }));

const cases: readonly OddityCase[] = [
  ['gtp-echo-content', echo('3131 3131 deadbeef'), echo('ff000e 28af 8c16f070fa7f760c56d41b35')],
  ['gtp-echo-content', echo('0e05 deadbeef', {}, 2), echo('0e05', {}, 2)],
  [
    'gtp-echo-content',
    one(controlFrame(STRANGER, NODE, gtp2(1, element2(200, 'deadbeef')))),
    one(controlFrame(STRANGER, NODE, gtp2(1, element2(3, '05')))),
  ],
  ['gtp-echo-flags', echo('0e05', { flags: 0x36 }, 2), echo('0e05', { flags: 0x36 })],
  ['gtp-echo-tunnel', echo('', { teid: 5 }), echo('')],
  [
    'gtp-echo-stranger',
    [
      ...again(8, 60, () => controlFrame(PEER, NODE, gtp1(1, ''))),
      ...one(controlFrame(STRANGER, NODE, gtp1(1, '')), 500),
    ],
    [
      ...again(2, 60, () => controlFrame(PEER, NODE, gtp1(1, ''))),
      ...one(controlFrame(STRANGER, NODE, gtp1(1, '')), 500),
    ],
  ],
  ['gtp-create-stranger', strangerAsks(STRANGER), strangerAsks(PEER)],
  ['gtp-subscriber-scan', refusals(20, 209), refusals(20, 128)],
  ['gtp-control-scan', unknownTunnels(20, 1), unknownTunnels(20, 10)],
  ['gtp-tunnel-scan', guesses(20), errors(20, 1)],
  [
    'gtp-subscriber-scan',
    refusals(20, 209),
    [...refusals(19, 209), ...refusals(1, 128), ...refusals(19, 209)].map(({ bytes }, index) => ({ at: index, bytes })),
  ],
  ['gtp-error-flood', errors(100, 0.05, true), errors(100, 1, true)],
  ['gtp-delete-burst', deletes(50), deletes(20)],
  ['gtp-version-0', one(controlFrame(PEER, NODE, bytesOf('1e01 0000 0007 0000 000000ff 0000000000000000'))), echo('')],
  ['gtp-charging-message', echo('', {}, 6), one(udpFrame([PEER, 3386], [NODE, 3386], bytesOf('0f06 0000 0007')))],
  [
    'gtp-charging-elsewhere',
    one(controlFrame(PEER, NODE, bytesOf('0ff0 0004 0007 7e010203'))),
    one(udpFrame([PEER, 3386], [NODE, 3386], bytesOf('0ff0 0004 0007 7e010203'))),
  ],
  ['gtp-undefined-message', echo('', {}, 122), echo('', {}, 31)],
  [
    'gtp-trailing-bytes',
    one(controlFrame(PEER, NODE, bytesOf(gtp1(18, '0e05'), 'deadbeef'))),
    one(controlFrame(PEER, NODE, gtp1(18, '0e05'))),
  ],
  [
    'gtp-trailing-bytes',
    one(controlFrame(PEER, NODE, bytesOf(gtp2(34, element2(3, '05')), 'deadbeef'))),
    one(controlFrame(PEER, NODE, gtp2(34, element2(3, '05')))),
  ],
  [
    'gtp-control-on-user-port',
    one(udpFrame([PEER, 2152], [NODE, 2152], gtp1(16, '0e05'))),
    one(udpFrame([PEER, 2152], [NODE, 2152], gtp1(1, ''))),
  ],
  [
    'gtp-user-on-control-port',
    one(controlFrame(PEER, NODE, bytesOf('30ff 0004 00000001 45000000'))),
    one(userFrame(PEER, NODE, 1)),
  ],
  [
    'gtp-tunnel-not-set-up',
    [...users, { at: 200, bytes: userFrame(STRANGER, NODE, 77) }],
    [...users, { at: 30, bytes: userFrame(STRANGER, NODE, 77) }, { at: 200, bytes: userFrame(STRANGER, NODE, 77) }],
  ],
  [
    'gtp-tunnel-not-set-up',
    [...users, { at: 200, bytes: userFrame(PEER, NODE, 77) }],
    // more tunnels are older than the capture
    [
      ...users,
      ...again(9, 1, (index) => userFrame(PEER, NODE, 70 + index), 50),
      { at: 200, bytes: userFrame(PEER, NODE, 99) },
    ],
  ],
  [
    'gtp-tunnel-not-set-up',
    [...users, { at: 200, bytes: userFrame(STRANGER, NODE, 77) }],
    // another protocol of control set it up
    [
      ...users,
      {
        at: 150,
        bytes: pfcpFrame(PEER, NODE, 50, pfcpElement(1, pfcpElement(2, pfcpElement(21, '01 0000004d c0000201'))), {
          seid: 0,
        }),
      },
      { at: 200, bytes: userFrame(STRANGER, NODE, 77) },
    ],
  ],
  [
    'gtp-tunnel-not-set-up',
    // who was refused has no tunnel
    [
      ...users,
      { at: 190, bytes: createRequest(STRANGER, NODE, { data: 78, control: 78 }) },
      { at: 191, bytes: createResponse(NODE, STRANGER, { data: 77, control: 77, teid: 78, cause: 209 }) },
      { at: 200, bytes: userFrame(STRANGER, NODE, 77) },
    ],
    [
      ...users,
      { at: 190, bytes: createRequest(STRANGER, NODE, { data: 78, control: 78 }) },
      { at: 191, bytes: createResponse(NODE, STRANGER, { data: 77, control: 77, teid: 78 }) },
      { at: 200, bytes: userFrame(STRANGER, NODE, 77) },
    ],
  ],
  [
    'gtp-tunnel-not-set-up',
    [...users, { at: 200, bytes: userFrame(STRANGER, NODE, 77) }],
    // the capture has but the answer
    [
      ...users,
      { at: 191, bytes: createResponse(NODE, STRANGER, { data: 77, control: 77, teid: 78 }) },
      { at: 200, bytes: userFrame(STRANGER, NODE, 77) },
    ],
  ],
  [
    'gtp-tunnel-deleted',
    [...users, ...deletion(100), { at: 110, bytes: userFrame(PEER, NODE, 10_001) }],
    [...users, ...deletion(100), ...context(1, 105), { at: 110, bytes: userFrame(PEER, NODE, 10_001) }],
  ],
  [
    'gtp-tunnel-deleted',
    [...session2(41, 1), ...deletion2(5), { at: 20, bytes: userFrame(PEER, NODE, 41) }],
    // one of two sessions of a user goes
    [...session2(41, 1), ...session2(42, 2, 700), ...deletion2(5), { at: 20, bytes: userFrame(PEER, NODE, 41) }],
  ],
  [
    'gtp-user-address',
    [...session2(41, 1), { at: 20, bytes: userFrame(PEER, NODE, 41, innerPacket({ src: '100.64.0.9' })) }],
    [...session2(41, 1), { at: 20, bytes: userFrame(PEER, NODE, 41, innerPacket({ src: '100.64.0.1' })) }],
  ],
  [
    'gtp-tunnel-other-endpoint',
    [...users, { at: 100, bytes: userFrame(STRANGER, NODE, 10_001) }],
    [...users, { at: 100, bytes: userFrame(PEER, NODE, 10_001) }],
  ],
  [
    'gtp-user-address',
    [...users, { at: 100, bytes: userFrame(PEER, NODE, 10_001, innerPacket({ src: '100.64.0.99' })) }],
    [...users, { at: 100, bytes: userFrame(PEER, NODE, 10_001, innerPacket({ src: '0.0.0.0' })) }],
  ],
  [
    'gtp-user-to-core',
    [...users, { at: 100, bytes: userFrame(PEER, NODE, 10_001, innerPacket({ dst: NODE })) }],
    [...users, { at: 100, bytes: userFrame(PEER, NODE, 10_001, innerPacket({ dst: STRANGER })) }],
  ],
  ['gtp-in-gtp', inTunnel(2152, GTP_U), inTunnel(2153, GTP_U)],
  ['gtp-control-in-tunnel', inTunnel(2123, GTP_C), inTunnel(2123, 'ff10 0004 00000000 00010000')],
  [
    'pfcp-stranger',
    [...association(PEER, NODE), ...one(establishment(STRANGER, NODE), 200)],
    [
      ...association(PEER, NODE),
      ...one(pfcpFrame(NODE, STRANGER, 1, ''), 100),
      ...one(establishment(STRANGER, NODE), 200),
    ],
  ],
  [
    'pfcp-stranger',
    [...association(PEER, NODE), ...one(establishment(STRANGER, NODE), 200)],
    [...association(PEER, NODE), ...one(establishment(STRANGER, NODE), 20)],
  ],
  [
    'pfcp-stranger',
    [...association(PEER, NODE), ...one(pfcpFrame(STRANGER, NODE, 54, ''), 200)],
    [...association(PEER, NODE), ...one(pfcpFrame(PEER, NODE, 54, ''), 200)],
  ],
  ['pfcp-session-scan', noSessions(20), noSessions(19)],
  ['pfcp-tunnel-elsewhere', leads('c6336409'), leads('c0000203')],
  ['pfcp-delete-burst', sessionsGo(50), sessionsGo(30)],
];

tellsOddities(gtpOddities, cases);

it('has a case of each of its kinds', () => expect(untested(gtpOddities, cases)).toEqual([]));
