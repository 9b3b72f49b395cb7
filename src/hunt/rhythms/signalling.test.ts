import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { dnsAnswer, inOrder, packetOf, tcpSession, type End } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import { address, be, ethernet, type MadeFrame } from '../../testing/wire.ts';
import type { Scene, Watcher } from '../watcher.ts';
import { rhythms } from './rhythms.ts';

const NODE = '10.1.1.1';
const OUTSIDE: End = ['198.51.100.7', 443];
const HOUR = 3600;

function chunk(at: number, from: string, to: string, type: number, rest: Uint8Array = new Uint8Array(16)): MadeFrame {
  const [source, destination] = to === NODE ? [31_000, 2905] : [2905, 31_000];
  const packet = concat([be(16, source, destination), be(32, 1, 0), be(8, type, 0), be(16, 4 + rest.length), rest]);
  const [bytes, version] = packetOf(from, to, 132, packet);
  return { at, bytes: ethernet(version === 4 ? 0x0800 : 0x86dd, bytes) };
}

/** An association that a peer sets up with the node, and packets of data. */
const association = (at: number, peer: string, packets = 6, listed = peer): MadeFrame[] => [
  chunk(at, peer, NODE, 1, concat([new Uint8Array(16), be(16, 5, 8), address(listed)])),
  chunk(at + 0.01, NODE, peer, 2),
  chunk(at + 0.02, peer, NODE, 10),
  chunk(at + 0.03, NODE, peer, 11),
  ...Array.from({ length: packets }, (_, index) => chunk(at + 1 + index * 30, peer, NODE, 0)),
];

/** Days in which two peers come and go. */
const days = (hours: number) =>
  Array.from({ length: Math.floor(hours / 5) }, (_, index) =>
    association(1000 + index * 5 * HOUR, index % 2 === 0 ? '10.1.1.8' : '192.0.2.8'),
  ).flat();

const told = async (frames: readonly MadeFrame[], name: string, kind = rhythms) =>
  (await eventsOf([kind], inOrder(frames))).filter((event) => event.name === name);

it('tells of a peer that was never there, with its association', async () => {
  const [event, ...others] = await told([...days(96), ...association(97 * HOUR, '203.0.113.66')], 'first-seen-peer');

  expect(others).toEqual([]);
  expect(event).toMatchObject({
    host: NODE,
    peer: '203.0.113.66',
    srcPort: 2905,
    dstPort: 31_000,
    protocol: 'sctp',
    path: 'eth/ip/sctp',
    measures: { peers: 2, initiated: false },
  });
  expect(event?.frames).toHaveLength(4);
});

it('is not deceived by a peer that lists an address that is known', async () => {
  const frames = [...days(96), ...association(97 * HOUR, '203.0.113.66', 1, '192.0.2.8')];

  expect(await told(frames, 'first-seen-peer')).toMatchObject([{ peer: '203.0.113.66' }]);
});

it.each<[string, MadeFrame[]]>([
  ['that came before', [...days(96), ...association(97 * HOUR, '192.0.2.8')]],
  ['in the first hours', [...days(4), ...association(5 * HOUR, '203.0.113.66')]],
  [
    'while others are new as well',
    [...days(96), ...association(30 * HOUR, '203.0.113.9'), ...association(97 * HOUR, '203.0.113.66')],
  ],
  [
    'that a known one has listed as its own',
    [...days(96), ...association(94 * HOUR, '192.0.2.8', 1, '203.0.113.66'), ...association(97 * HOUR, '203.0.113.66')],
  ],
  ['that gets no answer', [...days(96), chunk(97 * HOUR, '203.0.113.66', NODE, 1)]],
])('says nothing of a peer %s', async (_, frames) => {
  const events = await told(frames, 'first-seen-peer');

  expect(events.filter(({ peer }) => peer === '203.0.113.66')).toEqual([]);
});

it('remembers peers from one capture to the next', async () => {
  const learned: unknown[] = [];
  const before = {
    ...rhythms,
    create: (scene: Scene) => keeping(rhythms.create(scene), (state) => learned.push(state)),
  };
  await eventsOf([before], days(96));
  const state: unknown = JSON.parse(JSON.stringify(learned[0]));
  const after = {
    ...rhythms,
    create(scene: Scene) {
      const watcher = rhythms.create(scene);
      watcher.restore?.([...(state as unknown[]), 7, { address: 'x' }]);
      return watcher;
    },
  };
  const next = [...association(97 * HOUR, '203.0.113.66'), ...association(98 * HOUR, '192.0.2.8')];

  expect(await told(next, 'first-seen-peer', after)).toMatchObject([{ host: NODE, peer: '203.0.113.66' }]);
  expect(await told(next, 'first-seen-peer')).toEqual([]);
});

/** A watcher whose state is handed on when the capture ends. */
function keeping(watcher: Watcher, keep: (state: unknown) => void): Watcher {
  return { ...watcher, end: () => keep(watcher.state?.()) };
}

const hello = Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0);
const outward = (host: string, at: number) =>
  tcpSession(at, [host, 40_001], OUTSIDE, [
    [0.1, 'client', hello],
    [0.2, 'server', hello],
  ]);

it('tells of a node of signalling alone that opens a session outward', async () => {
  const frames = [
    ...association(1000, '10.1.1.8', 30),
    dnsAnswer(2000, NODE, '10.1.1.53', OUTSIDE[0]),
    ...outward(NODE, 2001),
  ];
  const [event, ...others] = await told(frames, 'signalling-node-outward');

  expect(others).toEqual([]);
  expect(event).toMatchObject({
    host: NODE,
    peer: OUTSIDE[0],
    dstPort: 443,
    measures: { signallingPackets: 30, tls: true, named: false },
  });
});

it.each<[string, MadeFrame[]]>([
  ['of a machine that speaks no signalling', outward('10.1.1.99', 2000)],
  ['of a node that had others before it spoke signalling', [...outward(NODE, 500), ...outward(NODE, 2000)]],
  ['of a node that was hardly seen', outward(NODE, 1010)],
  ['that nobody answers', outward(NODE, 2000).slice(0, 1)],
  [
    'within the network',
    tcpSession(
      2000,
      [NODE, 40_001],
      ['10.1.1.77', 443],
      [
        [0.1, 'client', hello],
        [0.2, 'server', hello],
      ],
    ),
  ],
])('says nothing of a session %s', async (_, frames) => {
  expect(await told([...association(1000, '10.1.1.8', 30), ...frames], 'signalling-node-outward')).toEqual([]);
});
