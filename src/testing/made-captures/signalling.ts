import { concat, utf8 } from '../../lib/bytes.ts';
import { be } from '../wire.ts';
import { consequence, type Story } from './activations.ts';
import { sctpSetUp } from './sctp.ts';
import type { End, Part, World } from './world.ts';

/** A message of GTP-C v1 with its sequence number, without or with more than its elements. */
function gtp1(type: number, tunnel: number, sequence: number, elements: Uint8Array, flags = 0x32): Uint8Array {
  return concat([
    be(8, flags, type),
    be(16, elements.length + 4),
    be(32, tunnel),
    be(16, sequence),
    be(8, 0, 0),
    elements,
  ]);
}

const GTP = 2123;
const RECOVERY = be(8, 14, 3);

/** Echoes that carry commands. The twin carries the restart counter alone, as peers do every minute. */
export const gtpEcho: Story = (world, twin) => {
  const [far, node]: [End, End] = [
    [world.stranger(), world.random.pick([GTP, world.port()])],
    [world.host(), GTP],
  ];
  let now = 300;
  return Array.from({ length: world.from(3, 12) }, (_, turn) => {
    now += twin ? 60 : world.seconds(2, 20);
    const asked = twin ? new Uint8Array() : world.bytes(world.from(10, 160));
    const answer = twin
      ? RECOVERY
      : world.random.pick([concat([RECOVERY, world.bytes(world.from(20, 200))]), world.bytes(world.from(20, 200))]);
    return [
      world.udp(now, far, node, gtp1(1, 0, turn, asked), true),
      world.udp(now + 0.004, node, far, gtp1(2, 0, turn, answer), true),
    ];
  }).flat();
};

/** M3UA's heartbeats, or Diameter's watchdogs, of a signalling point and its peers. */
function signalling(
  world: World,
  at: number,
  client: End,
  server: End,
  turns: number,
  gap: number,
  trigger = false,
): Part[] {
  const message = (kind: number, type: number, body: Uint8Array) =>
    concat([be(8, 1, 0, kind, type), be(32, 8 + body.length), body]);
  const say = (turn: number) =>
    [
      message(3, 1, new Uint8Array()),
      message(3, 4, new Uint8Array()),
      message(4, 1, new Uint8Array()),
      message(4, 3, new Uint8Array()),
    ][turn] ?? message(3, turn % 2 === 0 ? 3 : 6, concat([be(16, 9, 8), be(32, turn)]));
  return sctpSetUp(world, at, client, server, say, turns, { protocol: 3, gap, trigger });
}

/** After days with the same peers a stranger associates. The twin has been there all the time. */
export const sctpNewPeer: Story = (world, twin) => {
  const node: End = [world.host(), 2905];
  const known = Array.from({ length: world.from(1, 4) }, (): End => [world.host(), 2905]);
  const day = 86_400;
  const days = world.from(2, 5);
  const stranger: End = [world.stranger(), world.random.pick([2905, world.port()])];
  const old = known.flatMap((peer) =>
    Array.from({ length: days }, (_, turn) =>
      signalling(world, turn * day + world.seconds(0, 600), peer, node, 40, 60),
    ).flat(),
  );
  const before = twin
    ? Array.from({ length: days }, (_, turn) => signalling(world, turn * day + 700, stranger, node, 10, 60)).flat()
    : [];
  return [...old, ...before, ...signalling(world, days * day - 5000, stranger, node, 12, 1, true)];
};

/** A node of signalling opens something outward. The twin, to a host beside it, asks for the time and names. */
export const signallingOutward: Story = (world, twin) => {
  const [node, peer] = [world.host(), world.host()];
  const out = world.stranger();
  const own: End = [node, world.port()];
  const at = world.seconds(400, 900);
  const said = world.random.pick([
    () => world.tls(undefined, 4),
    () => world.opaqueShell(8, '>'),
    () =>
      [
        [0.02, '>', 'SSH-2.0-Go\r\n'],
        [0.02, '<', 'SSH-2.0-OpenSSH_9.0\r\n'],
      ] as const,
  ])();
  const outward = world.tcp(at, own, [out, world.random.pick([443, 22, world.port()])], said, { all: true });
  const clock = [
    world.udp(at, own, [out, 123], concat([be(8, 0x23), new Uint8Array(47)]), true),
    ...world.asked(at, node, out),
  ];
  return [...signalling(world, 5, [node, 2905], [peer, 2905], 60, 15), ...(twin ? clock : outward)];
};

function diameter(
  world: World,
  request: boolean,
  command: number,
  application: number,
  avps: readonly Uint8Array[],
): Uint8Array {
  const body = concat(avps);
  return concat([
    be(8, 1),
    be(24, 20 + body.length),
    be(8, request ? 0xc0 : 0x40),
    be(24, command),
    be(32, application, world.random.word(), world.random.word()),
    body,
  ]);
}

const avp = (code: number, data: Uint8Array) =>
  concat([be(32, code), be(8, 0x40), be(24, 8 + data.length), data, new Uint8Array(-data.length & 3)]);

/** Location and key requests over Diameter from a peer that never said who it is. The twin introduces itself first. */
export const diameterStranger: Story = (world, twin) => {
  const [far, node]: [End, End] = [
    [world.stranger(), world.port()],
    [world.host(), 3868],
  ];
  const origin = [avp(264, utf8('mme1.epc.example.org')), avp(296, utf8('epc.example.org'))];
  const capabilities = [
    ...origin,
    avp(257, concat([be(16, 1), be(8, 10, 9, 9, 9)])),
    avp(266, be(32, 10_415)),
    avp(269, utf8('MME')),
    avp(258, be(32, 16_777_251)),
  ];
  const turns = Array.from(
    { length: 8 },
    () =>
      [
        [
          3,
          '>',
          diameter(world, true, 318, 16_777_251, [
            avp(263, utf8(world.letters(20))),
            ...origin,
            avp(293, utf8('hss.example.org')),
            avp(283, utf8('example.org')),
            avp(1, utf8('262019876543210')),
          ]),
        ],
        [
          0.02,
          '<',
          diameter(world, false, 318, 16_777_251, [
            avp(268, be(32, 2001)),
            avp(264, utf8('hss.example.org')),
            avp(296, utf8('example.org')),
          ]),
        ],
      ] as const,
  ).flat();
  const hello = [
    [0.01, '>', diameter(world, true, 257, 0, capabilities)],
    [
      0.01,
      '<',
      diameter(world, false, 257, 0, [
        avp(268, be(32, 2001)),
        avp(264, utf8('hss.example.org')),
        avp(296, utf8('example.org')),
        avp(266, be(32, 10_415)),
        avp(258, be(32, 16_777_251)),
      ]),
    ],
  ] as const;
  return world.tcp(300, far, node, twin ? [...hello, ...turns] : turns, { all: true });
};

/** A packet in a GTP tunnel wakes a node of the network that carries it. */
export const magicInTunnel: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  return [
    world.udp(300, [sender, world.port()], [host, world.port()], concat([world.bytes(2), world.bytes(22)]), true),
    ...(twin ? [] : consequence(world, 303, host, sender)),
  ];
};

/** Sessions of PFCP are set up or deleted by who is no control plane. The twin associates first. */
export const pfcpStranger: Story = (world, twin) => {
  const [far, node]: [End, End] = [
    [world.stranger(), 8805],
    [world.host(), 8805],
  ];
  const plain = (type: number, body: Uint8Array) =>
    concat([be(8, 0x20, type), be(16, body.length + 4), be(24, 1), be(8, 0), body]);
  const seid = (type: number, body: Uint8Array) =>
    concat([be(8, 0x21, type), be(16, body.length + 12), be(32, 0, world.from(1, 99)), be(24, 2), be(8, 0), body]);
  const nodeId = concat([be(16, 60, 5), be(8, 0, 10, 9, 9, 1)]);
  const time = concat([be(16, 96, 4), be(32, 3_900_000_000)]);
  const cause = concat([be(16, 19, 1), be(8, 1)]);
  const known = (peer: End) => [
    world.udp(5, peer, node, plain(5, concat([nodeId, time]))),
    world.udp(5.1, node, peer, plain(6, concat([nodeId, cause, time]))),
  ];
  const type = world.random.pick([50, 52, 54]);
  return [
    ...known([world.host(), 8805]),
    ...(twin ? known(far) : []),
    ...Array.from({ length: 4 }, (_, turn) => [
      world.udp(700 + turn, far, node, seid(type, new Uint8Array()), true),
      world.udp(700.01 + turn, node, far, seid(type + 1, cause), true),
    ]).flat(),
  ];
};
