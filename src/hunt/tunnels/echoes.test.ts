import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dice, inVlan, packetOf, type Wrap } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import { ethernet, icmp, pcap, type MadeFrame } from '../../testing/wire.ts';
import { echoes } from './echoes.ts';

const OPERATOR = '198.51.100.7';
const HOST = '10.1.2.3';

interface Ping {
  readonly count?: number;
  /** The number of the nth request; what it says, and what is answered. */
  readonly number?: (index: number) => number;
  readonly asks?: (random: number) => Uint8Array;
  readonly answers?: (asked: Uint8Array, random: number) => Uint8Array;
  readonly gap?: (random: number) => number;
  readonly ends?: readonly [string, string];
  readonly wrap?: Wrap;
}

const noise = (size: number, random: number) =>
  Uint8Array.from({ length: size }, (_, at) => Math.floor(random * 1e6 * (at + 7)) % 256);
const says = (_: Uint8Array, random: number) => noise(8 + Math.floor(random * 90), random);

function pings({
  count = 30,
  number = () => 1234,
  asks = (random) => noise(4, random),
  answers = says,
  gap = (random) => 0.2 + 3 * random ** 3,
  ends = [OPERATOR, HOST],
  wrap,
}: Ping): MadeFrame[] {
  const random = dice(3);
  const [client, server] = ends;
  const six = client.includes(':');
  let at = 100;
  const frame = (
    after: number,
    from: string,
    to: string,
    type: number,
    index: number,
    payload: Uint8Array,
  ): MadeFrame => {
    const [packet, version] = packetOf(from, to, six ? 58 : 1, icmp(type, 0, 77, number(index), payload));
    return { at: at + after, bytes: (wrap ?? ((bytes) => ethernet(six ? 0x86dd : 0x0800, bytes)))(packet, version) };
  };
  return Array.from({ length: count }, (_, index) => {
    at += gap(random());
    const asked = asks(random());
    return [
      frame(0, client, server, six ? 128 : 8, index, asked),
      frame(0.03, server, client, six ? 129 : 0, index, answers(asked, random())),
    ];
  }).flat();
}

it('tells of a shell as soon as six answers say something else', async () => {
  const [event, ...others] = await eventsOf([echoes], pings({}));

  expect(others).toEqual([]);
  expect(event).toMatchObject({
    name: 'icmp-shell',
    text: '10.1.2.3 answered 6 echo requests of 198.51.100.7 with other contents than were asked, all with the same number',
    host: HOST,
    peer: OPERATOR,
    protocol: 'icmp',
    path: 'eth/ip/icmp',
    measures: { count: 6, identifier: 77, sameNumber: true },
  });
});

it.each<[string, Ping, string]>([
  ['over IPv6', { ends: ['2001:db8:1:0:0:0:0:7', '2001:db8:2:0:0:0:0:3'] }, 'icmp-shell'],
  ['in a VLAN', { wrap: inVlan }, 'icmp-shell'],
  ['whose numbers go on, by hand', { number: (index) => index }, 'icmp-shell'],
  [
    'of packets, as fast as they come',
    { number: (index) => index, asks: (random) => noise(600, random), gap: () => 0.01 },
    'icmp-tunnel',
  ],
])('finds a conversation %s', async (_, ping, name) => {
  expect(await eventsOf([echoes], pings(ping))).toMatchObject([{ name }]);
});

it.each<[string, Ping]>([
  ['answers that repeat what was asked', { answers: (asked) => asked }],
  ['always the same number and contents', { asks: () => noise(32, 0.5), answers: (asked) => asked, number: () => 1 }],
  ['few odd answers', { count: 5 }],
])('says nothing of pings with %s', async (_, ping) => {
  expect(await eventsOf([echoes], pings(ping))).toEqual([]);
});

it('finds a conversation of two who both ask and never answer', async () => {
  const crossed = pings({}).map((frame) => ({
    ...frame,
    bytes: frame.bytes[34] === 0 ? frame.bytes.with(34, 8) : frame.bytes,
  }));

  expect(await eventsOf([echoes], crossed)).toMatchObject([{ name: 'icmp-shell' }]);
});

it('knows answers that come late, when others were asked meanwhile with the same number', async () => {
  const late = pings({ answers: (asked) => asked, gap: () => 0.02 }).toSorted((a, b) => a.at! - b.at!);

  expect(await eventsOf([echoes], late)).toEqual([]);
});

it('never throws, whatever the bytes', async () => {
  const whole = pcap(pings({}));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255))), async (changes) => {
      const capture = whole.slice();
      for (const [at, byte] of changes) if (at >= 24) capture[at] = byte;
      for (const { name } of await eventsOf([echoes], capture)) expect(echoes.tells).toContain(name);
    }),
    { numRuns: 40 },
  );
});
