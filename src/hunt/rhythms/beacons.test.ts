import { expect, it } from 'vitest';
import { dice, dnsAnswer, inGtp, inOrder, inVlan, tcpSession, type End, type Wrap } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import type { MadeFrame } from '../../testing/wire.ts';
import { rhythms } from './rhythms.ts';

const HOST = '10.1.2.3';
const PEER: End = ['198.51.100.7', 443];

interface Habit {
  readonly every: number;
  readonly calls?: number;
  /** Part of the time by which it varies, both ways. */
  readonly jitter?: number;
  readonly missed?: number;
  readonly host?: string;
  readonly peer?: End;
  readonly size?: (random: number) => number;
  readonly wrap?: Wrap;
}

/** Short sessions by a clock. */
function calls({
  every,
  calls: count = 30,
  jitter = 0.2,
  missed = 0,
  host = HOST,
  peer = PEER,
  size = () => 90,
  wrap,
}: Habit): MadeFrame[] {
  const random = dice(every);
  const frames: MadeFrame[] = [];
  let at = 1_700_000_000;
  for (let made = 0; made < count;) {
    at += every * (1 - jitter + 2 * jitter * random());
    if (random() < missed) continue;
    made += 1;
    const question = new Uint8Array(size(random())).fill(0x91);
    frames.push(
      ...tcpSession(
        at,
        [host, 30_000 + made],
        peer,
        [
          [0.05, 'client', question],
          [0.1, 'server', '\x92\x93'],
        ],
        wrap && { wrap },
      ),
    );
  }
  return frames;
}

const beaconsOf = async (frames: readonly MadeFrame[]) =>
  (await eventsOf([rhythms], inOrder(frames))).filter(({ name }) => name === 'beacon');

it('waits for a faint rhythm to become sure', async () => {
  const faint = { every: 3600, jitter: 0.55, size: (random: number) => Math.round(70 + 60 * random) };
  const [soon] = await beaconsOf(calls({ ...faint, calls: 16 }));
  const [late, ...others] = await beaconsOf(calls({ ...faint, calls: 120 }));

  expect(soon?.measures['score']).toBeLessThan(0.2);
  expect(late?.measures['score']).toBeGreaterThanOrEqual(0.2);
  expect(others).toEqual([]);
});

it('tells of calls in a rhythm once, with the first of them', async () => {
  const [event, ...others] = await beaconsOf(calls({ every: 3600, jitter: 0 }));

  expect(others).toEqual([]);
  expect(event).toEqual({
    name: 'beacon',
    text: '10.1.2.3 called 198.51.100.7, tcp port 443, 8 times about every 60 min with alike sizes; no name was asked for it',
    host: '10.1.2.3',
    peer: '198.51.100.7',
    dstPort: 443,
    protocol: 'tcp',
    path: 'eth/ip/tcp',
    first: expect.stringMatching(/^2023-11-1/),
    last: expect.stringMatching(/^2023-11-1/),
    measures: {
      count: 8,
      periodSeconds: 3600,
      score: 1,
      jitter: 0,
      sizeBytes: 90,
      sizeDeviation: expect.closeTo(0, 2),
      answered: true,
      hosts: 1,
      rita: expect.any(Number),
    },
    frames: expect.arrayContaining([expect.objectContaining({ text: '10.1.2.3 called 198.51.100.7' })]),
    filter: 'frame.number in {8, 15, 22, 29, 36, 43, 50}',
  });
});

it.each<[string, Habit]>([
  ['every 2 s', { every: 2, calls: 1200 }],
  ['every 20 min with half of it as jitter', { every: 1200, jitter: 0.5 }],
  [
    'every 20 min with half of it as jitter, seven of ten missed',
    { every: 1200, jitter: 0.5, missed: 0.7, calls: 130 },
  ],
  ['every 14 days', { every: 14 * 86_400, calls: 12 }],
  ['with sizes that vary by a third', { every: 900, size: (random) => 80 + Math.round(random * 30) }],
  ['over IPv6', { every: 900, host: '2001:db8:1:0:0:0:0:5', peer: ['2001:db8:2:0:0:0:0:9', 8443] }],
  ['in a VLAN', { every: 900, wrap: inVlan }],
  ['of a subscriber in a tunnel', { every: 900, wrap: inGtp }],
])('finds calls %s', async (_, habit) => {
  expect(await beaconsOf(calls(habit))).toHaveLength(1);
});

it.each<[string, MadeFrame[]]>([
  [
    'for which somebody asked a name',
    [dnsAnswer(1_700_000_000, '10.1.2.9', '10.1.2.1', PEER[0]), ...calls({ every: 900 })],
  ],
  ['within the network', calls({ every: 900, peer: ['10.7.7.7', 443] })],
  ['to a neighbour', calls({ every: 900, host: '198.51.100.9' })],
  ['whose sizes say that people ask', calls({ every: 900, size: (random) => 60 + Math.round(random ** 3 * 4000) })],
  ['that three hosts make', ['10.1.2.3', '10.1.2.4', '10.1.2.5'].flatMap((host) => calls({ every: 900, host }))],
  ['that are few', calls({ every: 900, calls: 7 })],
  ['over minutes alone', calls({ every: 20 })],
])('says nothing of calls %s', async (_, frames) => {
  expect(await beaconsOf(frames)).toEqual([]);
});

/** Sessions at times of a law of chance, to one peer after the other, each by itself. */
function byChance(peers: number, gap: (random: () => number, call: number) => number): MadeFrame[][] {
  const random = dice(5);
  return Array.from({ length: peers }, (_, peer) => {
    let at = 1_700_000_000;
    return Array.from({ length: 130 }, (__, call) => {
      at += gap(random, call);
      const said = [
        [0.05, 'client', '\x91\x91'],
        [0.1, 'server', '\x92'],
      ] as const;
      return tcpSession(at, [HOST, 20_000 + call], [`198.51.100.${peer}`, 443], said);
    }).flat();
  });
}

it('takes chance for a rhythm once in dozens of pairs, though sizes and silence speak for one', async () => {
  const told = await beaconsOf(byChance(40, (random) => -900 * Math.log(1 - random())).flat());

  expect(told.length).toBeLessThanOrEqual(2);
});

it('says nothing of calls in the bursts of a person', async () => {
  const gap = (random: () => number, call: number) => (call % 10 === 0 ? 20_000 * random() : 30 * random());

  expect(await beaconsOf(byChance(10, gap).flat())).toEqual([]);
});
