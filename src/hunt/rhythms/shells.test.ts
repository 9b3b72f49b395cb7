import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dice, inGtp, inVlan, tcpSession, type End, type Saying, type Wrap } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import { pcap } from '../../testing/wire.ts';
import { rhythms } from './rhythms.ts';

const OPERATOR: End = ['198.51.100.7', 40_000];
const SERVER: End = ['10.1.2.3', 5432];

interface Hand {
  readonly by?: 'client' | 'server';
  /** What a key and its echo are on the wire. */
  readonly key?: (random: number) => Uint8Array;
  readonly echo?: (key: Uint8Array) => Uint8Array;
  /** Seconds to the next key. */
  readonly gap?: (random: number, index: number) => number;
  readonly first?: readonly Saying[];
}

const opaqueKey = (random: number) => Uint8Array.of(0x80 | Math.floor(random * 127));
const byHand = (random: number, index: number) => (index % 7 === 6 ? 1.2 + 3 * random : 0.08 + 0.4 * random ** 2);

function typed({ by = 'client', key = opaqueKey, echo = (sent) => sent, gap = byHand, first = [] }: Hand): Saying[] {
  const random = dice(11);
  const other = by === 'client' ? 'server' : 'client';
  let at = 1;
  const sayings: Saying[] = [...first];
  for (let index = 0; index < 60; index++) {
    const sent = key(random());
    sayings.push([at, by, sent], [at + 0.02, other, echo(sent).map((byte) => byte ^ 0x15)]);
    if (index % 7 === 6) sayings.push([at + 0.04, other, new Uint8Array(80 + index).fill(0x9d)]);
    at += gap(random(), index);
  }
  return sayings;
}

interface Place {
  readonly client?: End;
  readonly server?: End;
  readonly wrap?: Wrap;
}

const shellsOf = async (sayings: readonly Saying[], { client = OPERATOR, server = SERVER, wrap }: Place = {}) =>
  (await eventsOf([rhythms], tcpSession(1000, client, server, sayings, wrap && { wrap }))).filter(
    ({ name }) => name === 'shell-rhythm',
  );

it('tells who types where, with the first keys', async () => {
  const [event, ...others] = await shellsOf(typed({}));

  expect(others).toEqual([]);
  expect(event).toMatchObject({
    host: '10.1.2.3',
    peer: '198.51.100.7',
    srcPort: 5432,
    dstPort: 40_000,
    path: 'eth/ip/tcp',
    measures: { typed: 'keys', keys: 20, echoes: 19, reverse: false, servicePort: 5432 },
  });
  expect(event?.frames[0]).toMatchObject({ frame: 5, text: '198.51.100.7 types at 10.1.2.3' });
});

const frame = (random: number) => new Uint8Array(36).map((_, index) => Math.floor((random * 7919 * (index + 3)) % 256));
const lines: Saying[] = Array.from({ length: 12 }, (_, index): Saying[] => [
  [2 + 2 * index + 0.9 * (index % 3), 'server', `cat /etc/file${index}\n`],
  [2.1 + 2 * index + 0.9 * (index % 3), 'client', `line ${index}\nline\nsh-5.2# `],
]).flat();

it.each<[string, Saying[], Place?]>([
  ['to the one who called', typed({ by: 'server' })],
  ['at a port of the web', typed({}), { server: ['10.1.2.3', 443] }],
  ['in frames of one size', typed({ key: frame })],
  [
    'in frames whose echoes have frames of their own',
    typed({ key: frame, echo: (key) => new Uint8Array(52).fill(key[1]!) }),
  ],
  ['with few thoughts', typed({ gap: (random, index) => (index % 20 === 19 ? 3 : 0.08 + 0.9 * random ** 3) })],
  ['in lines with prompts', lines],
  ['in a VLAN', typed({}), { wrap: inVlan }],
  ['in a tunnel', typed({}), { wrap: inGtp }],
  ['over IPv6', typed({}), { server: ['2001:db8:1:0:0:0:0:3', 22], client: ['2001:db8:2:0:0:0:0:9', 40_000] }],
])('finds a person who types %s', async (_, sayings, place) => {
  expect(await shellsOf(sayings, place)).toHaveLength(1);
});

it.each<[string, Saying[], Place?]>([
  [
    'SSH',
    typed({
      first: [
        [0.1, 'server', 'SSH-2.0-x\r\n'],
        [0.2, 'client', 'SSH-2.0-y\r\n'],
      ],
    }),
  ],
  ['telnet', typed({}), { server: ['10.1.2.3', 23] }],
  ['a machine that asks by the clock', typed({ gap: () => 0.5 })],
  ['a machine without a pause', typed({ gap: (random) => 0.05 + 0.4 * random })],
  ['answers that are no echoes', typed({ echo: () => new Uint8Array(40) })],
  ['frames that begin alike', typed({ key: () => new Uint8Array(20).fill(7) })],
  [
    'lines of a protocol',
    lines.map(([at, by, text]) => [at, by, by === 'client' ? `250 ${text as string}`.trim() : text]),
  ],
])('says nothing of %s', async (_, sayings, place) => {
  expect(await shellsOf(sayings, place)).toEqual([]);
});

it('never throws, whatever is said', async () => {
  const saying = fc.tuple(
    fc.double({ min: 0, max: 9, noNaN: true }),
    fc.constantFrom('client' as const, 'server' as const),
    fc.uint8Array({ maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(saying, { maxLength: 60 }),
      fc.array(fc.tuple(fc.nat(4000), fc.nat(255))),
      async (said, changes) => {
        const capture = pcap(tcpSession(0, OPERATOR, SERVER, said));
        for (const [at, byte] of changes) if (at >= 24 && at < capture.length) capture[at] = byte;
        for (const { frames } of await eventsOf([rhythms], capture)) expect(frames.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 60 },
  );
});
