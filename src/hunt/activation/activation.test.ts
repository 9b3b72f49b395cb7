import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import { eventsOf } from '../../testing/watched.ts';
import {
  address,
  be,
  ethernet,
  icmp,
  ip4,
  pcap,
  tcp,
  TCP,
  tcpFrame,
  udp,
  udpFrame,
  type MadeFrame,
  type Tcp,
} from '../../testing/wire.ts';
import { activation } from './activation.ts';

const HOST = '10.1.2.3';
const SENDER = '198.51.100.7';
const THIRD = '203.0.113.77';
/** Bytes of no protocol: a word, an address, a port and what a password would be. */
const trigger = (named: string, word = 'c30d0000') =>
  concat([fromHex(word)!, address(named), be(16, 4444), fromHex('e1f09b02c4a7d85533910c6ef2a8')!]);
const NOISE = fromHex('9c01f3a8e27745d10bb6c8f91e2d')!;

type End = readonly [string, number];
type Made = (from: End, to: End, segment: Tcp, payload?: Uint8Array) => Uint8Array;

/** A connection, from its SYN on; what is said goes to and fro. */
function session(
  at: number,
  client: End,
  server: End,
  said: readonly (readonly ['>' | '<', Uint8Array])[],
  made: Made = tcpFrame,
): MadeFrame[] {
  return [
    { at, bytes: made(client, server, { flags: TCP.syn, seq: 100 }) },
    { at: at + 0.01, bytes: made(server, client, { flags: TCP.syn | TCP.ack, seq: 500, ack: 101 }) },
    { at: at + 0.02, bytes: made(client, server, { flags: TCP.ack, seq: 101, ack: 501 }) },
    ...said.map(([way, bytes], index) => ({
      at: at + 0.1 + 0.2 * index,
      bytes:
        way === '>'
          ? made(client, server, { flags: TCP.ack | TCP.psh }, bytes)
          : made(server, client, { flags: TCP.ack | TCP.psh }, bytes),
    })),
  ];
}

const typed = (keys: number, first: '>' | '<' = '<') =>
  Array.from({ length: 2 * keys }, (_, index): ['>' | '<', Uint8Array] => [
    (index % 2 === 0) === (first === '<') ? '<' : '>',
    NOISE.subarray(index % 8, (index % 8) + 5),
  ]);

const refused = (at: number, client: End, server: End): MadeFrame[] => [
  { at, bytes: tcpFrame(client, server, { flags: TCP.syn }) },
  { at: at + 0.001, bytes: tcpFrame(server, client, { flags: TCP.rst | TCP.ack }) },
];

const knock = (at: number, bytes = trigger(SENDER), port = 40_123): MadeFrame => ({
  at,
  bytes: udpFrame([SENDER, 5353 + 1], [HOST, port], bytes),
});

const back = (at: number, said: Parameters<typeof session>[3] = [['>', NOISE]]) =>
  session(at, [HOST, 50_000], [SENDER, 4444], said);

const TLS_NAMED = fromHex(
  `1603010045010000410303${'ab'.repeat(32)}000002130101000016000000120010${'00'.repeat(3)}${'61'.repeat(13)}`,
)!;

/** What was told, in short. */
async function told(frames: readonly MadeFrame[]) {
  const events = await eventsOf([activation], frames);
  return events.map(({ name, host, peer, measures }) => ({
    name,
    host,
    peer,
    trigger: measures['trigger'],
    consequence: measures['consequence'],
    certain: measures['certain'],
  }));
}

const certain = (kind: string, consequence: string, peer = SENDER) => [
  { name: 'activation', host: HOST, peer, trigger: kind, consequence, certain: true },
];

it('tells one event, with its frames in their order and the bytes of the trigger', async () => {
  const events = await eventsOf([activation], [knock(10), ...back(17.5)]);

  expect(events).toEqual([
    {
      name: 'activation',
      text: '198.51.100.7 sent 10.1.2.3 a datagram that is nothing of that port (24 bytes: c30d0000c6336407115ce1f09b02c4a7d85533910c6ef2a8); 7.5 s later 10.1.2.3 opened a session back to 198.51.100.7 on tcp/4444',
      host: HOST,
      peer: SENDER,
      srcPort: 40_123,
      dstPort: 5354,
      protocol: 'udp',
      path: 'eth/ip/udp',
      first: '1970-01-01T00:00:10.000Z',
      last: '1970-01-01T00:00:17.600Z',
      measures: {
        trigger: 'udp',
        consequence: 'back',
        consequenceAddress: SENDER,
        consequencePort: 4444,
        seconds: 7.5,
        triggerBytes: 24,
        triggerHex: 'c30d0000c6336407115ce1f09b02c4a7d85533910c6ef2a8',
        namesAddress: true,
        typed: false,
        relayed: false,
        triggerPoints: 4,
        consequencePoints: 4,
        certain: true,
      },
      frames: [
        {
          frame: 1,
          offset: 82,
          at: '1970-01-01T00:00:10.000Z',
          text: 'trigger: 198.51.100.7 > 10.1.2.3 port 40123: a datagram that is nothing of that port (24 bytes: c30d0000c6336407115ce1f09b02c4a7d85533910c6ef2a8)',
        },
        expect.objectContaining({ frame: 2, text: 'consequence: 10.1.2.3 > 198.51.100.7 tcp/4444: SYN' }),
        expect.objectContaining({ frame: 3, text: 'consequence: 198.51.100.7 tcp/4444 > 10.1.2.3: SYN ACK' }),
        expect.objectContaining({ frame: 4 }),
        expect.objectContaining({
          frame: 5,
          text: 'consequence: 10.1.2.3 > 198.51.100.7 tcp/4444: ACK 14 bytes (opaque)',
        }),
      ],
      filter: 'frame.number in {1..5}',
    },
  ]);
});

it.each([0.1, 1, 20, 50])('sees a consequence %s s later', async (delay) => {
  expect(await told([knock(10), ...back(10 + delay)])).toEqual(certain('udp', 'back'));
});

it('sees none later than a minute', async () => {
  expect(await told([knock(10), ...back(75)])).toEqual([]);
});

const POST = (body: string) =>
  utf8(`POST /a/b.aspx?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
const WORD = '6f5098200c4ec42ac4a1c28bc1185b073706395af93819069f19ed5c319d2ea8';
const NOT_FOUND = utf8('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
const sctp = (chunk: Uint8Array) =>
  ethernet(0x0800, ip4({ src: SENDER, dst: HOST, protocol: 132 }, concat([be(16, 5000, 36_412), be(32, 7, 0), chunk])));
const data = (content: Uint8Array) =>
  concat([be(8, 0, 3), be(16, 16 + content.length), be(32, 1), be(16, 0, 0), be(32, 0), content]);
const echo = (src: string, dst: string, content: Uint8Array, type = 8) =>
  ethernet(0x0800, ip4({ src, dst, protocol: 1 }, icmp(type, 0, 700, 1, content)));

it.each<[string, string, MadeFrame[]]>([
  ['UDP to the port of DNS', 'udp', [knock(10, trigger(SENDER), 53)]],
  ['an echo request', 'icmp', [{ at: 10, bytes: echo(SENDER, HOST, trigger(SENDER)) }]],
  ['an echo reply to no request', 'icmp', [{ at: 10, bytes: echo(SENDER, HOST, trigger(SENDER), 0) }]],
  [
    'the first bytes to a web server',
    'tcp',
    session(
      10,
      [SENDER, 3000],
      [HOST, 80],
      [
        ['>', trigger('0.0.0.0')],
        ['<', NOT_FOUND],
      ],
    ),
  ],
  ['the first bytes to a silent port', 'tcp', session(10, [SENDER, 3000], [HOST, 443], [['>', trigger('0.0.0.0')]])],
  [
    'a segment of no connection',
    'tcp',
    [
      { at: 10, bytes: tcpFrame([SENDER, 3000], [HOST, 443], { flags: TCP.psh | TCP.ack }, trigger('0.0.0.0')) },
      { at: 10.1, bytes: tcpFrame([HOST, 443], [SENDER, 3000], { flags: TCP.rst }) },
    ],
  ],
  [
    'a later segment',
    'tcp',
    session(
      10,
      [SENDER, 3000],
      [HOST, 80],
      [
        ['>', utf8('GET / HTTP/1.1\r\n\r\n')],
        ['<', NOT_FOUND],
        ['>', trigger(SENDER)],
      ],
    ),
  ],
  [
    'a POST of hexadecimal digits',
    'post',
    session(
      10,
      [SENDER, 3000],
      [HOST, 80],
      [
        ['>', POST(WORD)],
        ['<', NOT_FOUND],
      ],
    ),
  ],
  [
    'a POST whose body comes later',
    'post',
    session(
      10,
      [SENDER, 3000],
      [HOST, 80],
      [
        ['>', POST(WORD).subarray(0, -64)],
        ['>', utf8(WORD)],
        ['<', NOT_FOUND],
      ],
    ),
  ],
  [
    'a SYN with data',
    'syn',
    [{ at: 10, bytes: tcpFrame([SENDER, 3000], [HOST, 80], { flags: TCP.syn }, trigger('0.0.0.0')) }],
  ],
  ['SCTP data without an association', 'sctp', [{ at: 10, bytes: sctp(data(trigger('0.0.0.0'))) }]],
])('takes %s for a trigger when a session back follows', async (_, kind, frames) => {
  expect(await told([...frames, ...back(20)])).toEqual(certain(kind, 'back'));
});

it.each([
  ['as it is', trigger(THIRD)],
  ['turned round', concat([fromHex('c30d0000')!, address(THIRD).reverse(), NOISE])],
  ['as text', concat([fromHex('c30d9ffe88')!, utf8(THIRD), NOISE])],
])('finds the address of a third host in a trigger %s', async (_, bytes) => {
  const frames = [knock(10, bytes), ...session(12, [HOST, 50_000], [THIRD, 443], [['>', NOISE]])];

  expect(await told(frames)).toEqual(certain('udp', 'named'));
});

it('sees a consequence over UDP at an address that the trigger holds', async () => {
  const frames = [
    knock(10, trigger(THIRD)),
    { at: 12, bytes: udpFrame([HOST, 50_000], [THIRD, 9001], NOISE) },
    { at: 12.1, bytes: udpFrame([THIRD, 9001], [HOST, 50_000], NOISE) },
  ];

  expect(await told(frames)).toEqual(certain('udp', 'named'));
});

it('sees a plain shell that greets with a line of text', async () => {
  const shell = ['>', utf8('sh-5.1# ')] as const;
  const frames = [knock(10, trigger('0.0.0.0')), ...back(12, [shell, ...typed(6)])];

  expect(await told(frames)).toEqual(certain('udp', 'back'));
});

it('sees a port that serves something else take a session of the sender that is not that', async () => {
  const frames = [knock(10, trigger('255.255.255.255')), ...session(12, [SENDER, 4000], [HOST, 22], typed(6, '>'))];

  expect(await told(frames)).toEqual(certain('udp', 'inward'));
});

it('sees an answer from another port than the one that was asked', async () => {
  const client: End = [SENDER, 4000];
  const asked: End = [HOST, 80];
  const answering: End = [HOST, 42_500];
  const frames = [
    knock(10, trigger('255.255.255.255')),
    { at: 12, bytes: tcpFrame(client, asked, { flags: TCP.syn, seq: 100 }) },
    { at: 12.1, bytes: tcpFrame(answering, client, { flags: TCP.syn | TCP.ack, seq: 9, ack: 101 }) },
    { at: 12.2, bytes: tcpFrame(client, asked, { flags: TCP.psh | TCP.ack }, NOISE) },
    { at: 12.3, bytes: tcpFrame(answering, client, { flags: TCP.psh | TCP.ack }, NOISE) },
  ];
  const [event] = await eventsOf([activation], frames);

  expect([event?.measures['answerPort'], event?.measures['certain'], event?.frames.map(({ frame }) => frame)]).toEqual([
    42_500,
    true,
    [1, 2, 3, 4, 5],
  ]);
});

it('sees knocks at closed ports, and the port that opens behind them', async () => {
  const ports = [7000, 222, 8123, 9000, 31];
  const frames = [
    ...refused(5, ['192.0.2.9', 1000], [HOST, 5002]),
    ...ports.flatMap((port, index) => refused(10 + index, [SENDER, 3000], [HOST, port])),
    ...session(20, [SENDER, 3001], [HOST, 5002], typed(4, '>')),
  ];
  const [event] = await eventsOf([activation], frames);

  expect([
    event?.measures['trigger'],
    event?.measures['certain'],
    event?.frames.slice(0, 6).map(({ frame }) => frame),
  ]).toEqual(['knock', true, [3, 5, 7, 9, 11, 13]]);
});

it('follows a trigger that a host sends on to its neighbour', async () => {
  const next = '10.1.2.99';
  const bytes = trigger('255.255.255.255');
  const frames = [
    { at: 10, bytes: echo(SENDER, HOST, bytes) },
    { at: 10.1, bytes: echo(HOST, next, bytes) },
    ...session(13, [next, 50_000], [THIRD, 443], [['>', NOISE], ...typed(5)]),
  ];
  const [event] = await eventsOf([activation], frames);

  expect([
    event?.host,
    event?.peer,
    event?.measures['certain'],
    event?.frames.slice(0, 3).map(({ frame }) => frame),
  ]).toEqual([next, HOST, true, [1, 2, 3]]);
  expect(event?.text).toContain('10.1.2.3 (which had it from 198.51.100.7) sent 10.1.2.99');
});

it('tells a pair of hosts once, however many triggers and repeated packets there are', async () => {
  const frames = [knock(10), knock(10.1), knock(15), ...back(17), ...back(30)].map((frame, index) => ({
    ...frame,
    at: frame.at! + index / 1000,
  }));
  const twice = frames.flatMap((frame) => [frame, { ...frame, at: frame.at + 0.0001 }]);

  expect(await told(twice)).toEqual(certain('udp', 'back'));
});

it('looks into tunnels', async () => {
  const wrap = (at: number, inner: Uint8Array): MadeFrame => ({
    at,
    bytes: udpFrame(
      ['192.0.2.1', 2152],
      ['192.0.2.2', 2152],
      concat([be(8, 0x30, 255), be(16, inner.length), be(32, 7), inner]),
    ),
  });
  const [outer, tagged] = [
    [knock(10), ...back(12)].map(({ at, bytes }) => wrap(at!, bytes.subarray(14))),
    [knock(10), ...back(12)].map(({ at, bytes }) => ({
      at: at!,
      bytes: concat([bytes.subarray(0, 12), be(16, 0x8100, 7), bytes.subarray(12)]),
    })),
  ];
  const [inGtp] = await eventsOf([activation], outer);

  expect([inGtp?.host, inGtp?.path]).toEqual([HOST, 'eth/ip/udp/gtp/ip/udp']);
  expect(await told(tagged)).toEqual(certain('udp', 'back'));
});

it('knows IPv6', async () => {
  const [host, sender] = [fromHex('20010db8000000010000000000000005')!, fromHex('20010db8ffff00000000000000000009')!];
  const ip6 = (from: Uint8Array, to: Uint8Array, next: number, payload: Uint8Array) =>
    ethernet(0x86dd, concat([be(32, 0x60000000), be(16, payload.length), be(8, next, 64), from, to, payload]));
  const made: Made = ([from, port], [, to], segment, payload) =>
    from === 'host'
      ? ip6(host, sender, 6, tcp(port, to, segment, payload))
      : ip6(sender, host, 6, tcp(port, to, segment, payload));
  const bytes = ip6(sender, host, 17, udp(999, 40_000, concat([fromHex('c30d0000')!, sender, NOISE])));
  const frames = [{ at: 10, bytes }, ...session(12, ['host', 50_000], ['sender', 443], [['>', NOISE]], made)];

  expect(await told(frames)).toEqual([
    {
      name: 'activation',
      host: '2001:db8:0:1::5',
      peer: '2001:db8:ffff::9',
      trigger: 'udp',
      consequence: 'back',
      certain: true,
    },
  ]);
});

it('raises nothing but a measure for a published value, and tells it low when nothing follows', async () => {
  const published = trigger(SENDER, '72550000');
  const [followed] = await eventsOf([activation], [knock(10, published), ...back(12)]);
  const [alone] = await eventsOf([activation], [knock(10, published)]);

  expect([followed?.name, followed?.measures['knownValue']]).toEqual(['activation', '0x7255']);
  expect([alone?.name, alone?.measures['knownValue'], alone?.filter]).toEqual([
    'trigger-candidate',
    '0x7255',
    'frame.number in {1}',
  ]);
});

const dnsAnswer = (named: string) =>
  concat([
    fromHex('12348180000100010000000001610265780000010001')!,
    fromHex('c00c00010001000000640004')!,
    address(named),
  ]);

it.each<[string, MadeFrame[]]>([
  ['a trigger alone', [knock(10)]],
  ['a session alone', back(10)],
  [
    'a datagram that was answered',
    [knock(10), { at: 10.1, bytes: udpFrame([HOST, 40_123], [SENDER, 5354], NOISE) }, ...back(12)],
  ],
  ['a stream of datagrams', [...Array.from({ length: 9 }, (_, index) => knock(10 + index / 10)), ...back(12)]],
  [
    'a host that was in touch before',
    [...session(1, [HOST, 49_000], [SENDER, 4444], [['>', NOISE]]), knock(10, trigger('0.0.0.0')), ...back(12)],
  ],
  [
    'a name that was asked',
    [
      knock(10, trigger('0.0.0.0')),
      { at: 11, bytes: udpFrame(['10.1.2.1', 53], [HOST, 777], dnsAnswer(SENDER)) },
      ...back(12),
    ],
  ],
  ['a third host of which nothing speaks', [knock(10), ...session(12, [HOST, 50_000], [THIRD, 443], [['>', NOISE]])]],
  ['TLS that names its server', [knock(10, trigger('0.0.0.0')), ...back(12, [['>', TLS_NAMED]])]],
  [
    'a ping',
    [
      {
        at: 10,
        bytes: echo(
          SENDER,
          HOST,
          Uint8Array.from({ length: 48 }, (_, index) => index),
        ),
      },
      ...back(12),
    ],
  ],
  [
    'a request that the server understood',
    [
      ...session(
        10,
        [SENDER, 3000],
        [HOST, 7777],
        [
          ['>', trigger('0.0.0.0')],
          ['<', concat([NOISE, NOISE])],
        ],
      ),
      ...back(12),
    ],
  ],
  [
    'SSH behind a strange datagram',
    [
      knock(10),
      ...session(
        12,
        [SENDER, 4000],
        [HOST, 22],
        [
          ['<', utf8('SSH-2.0-x\r\n')],
          ['>', utf8('SSH-2.0-y\r\n')],
        ],
      ),
    ],
  ],
  [
    'a connection of old that is taken up again',
    [
      { at: 10, bytes: tcpFrame([SENDER, 443], [HOST, 50_123], { flags: TCP.psh | TCP.ack }, trigger('0.0.0.0')) },
      { at: 10.1, bytes: tcpFrame([HOST, 50_123], [SENDER, 443], { flags: TCP.rst }) },
      ...session(12, [HOST, 50_124], [SENDER, 443], [['>', NOISE]]),
    ],
  ],
  [
    'a port to which many others send such',
    [
      ...Array.from({ length: 4 }, (_, index) => ({
        at: 1 + index,
        bytes: udpFrame([`192.0.2.${index + 1}`, 6000], [HOST, 40_123], trigger('0.0.0.0', `5${index}0d0000`)),
      })),
      knock(10, trigger('0.0.0.0')),
      ...back(12, [['>', NOISE], ...typed(5)]),
    ],
  ],
  [
    'a scan of many ports',
    [
      ...Array.from({ length: 20 }, (_, port) => refused(10 + port / 10, [SENDER, 3000], [HOST, 100 + port])).flat(),
      ...session(20, [SENDER, 3001], [HOST, 5002], typed(4, '>')),
    ],
  ],
  [
    'a SYN with data and Fast Open',
    [
      {
        at: 10,
        bytes: tcpFrame(
          [SENDER, 3000],
          [HOST, 80],
          { flags: TCP.syn, options: fromHex('220a01020304050607080101')! },
          trigger('0.0.0.0'),
        ),
      },
      ...back(12),
    ],
  ],
])('says nothing of %s', async (_, frames) => {
  expect(await told(frames)).toEqual([]);
});

it('never throws and stays bounded, whatever the bytes', async () => {
  const good = pcap([knock(10), ...back(12), ...session(20, [SENDER, 3000], [HOST, 80], [['>', POST(WORD)]])]);
  const mutated = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 30 }).map((changes) => {
    const bytes = good.slice();
    for (const [at, value] of changes) if (at >= 24) bytes[at] = value;
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 400 })), async (bytes) => {
      const frames =
        bytes.length > 400 ? bytes : [{ at: 1, bytes: concat([ethernet(0x0800, new Uint8Array()), bytes]) }];
      for (const event of await eventsOf([activation], frames)) expect(event.frames.length).toBeLessThanOrEqual(24);
    }),
    { numRuns: 200 },
  );
});
