import { concat, utf8 } from '../../lib/bytes.ts';
import { be } from '../wire.ts';
import type { Story } from './activations.ts';
import { dnsName, type End, type Part, type Said, type World } from './world.ts';

/** How long somebody takes between two keys: fingers, and now and then a thought. */
const typing = (world: World, thoughts = 9) =>
  world.random.below(thoughts) === 0 ? world.seconds(1.2, 12) : world.seconds(0.07, 0.5);

/** A host calls one address every so often; the twin asks for its name first, or comes by chance. */
export const beacon: Story = (world, twin) => {
  const [host, peer] = [world.host(), world.stranger()];
  const period = world.random.pick([30, 60, 300, 900, 3600, 14_400, 43_200]);
  const jitter = world.seconds(0.05, 0.6);
  const calls = world.from(90, 160);
  const port = world.random.pick([443, 80, 8443, 53, world.port()]);
  const way = twin ? world.random.pick(['asked', 'named', 'chance'] as const) : 'plain';
  const says = world.random.pick(['opaque', 'tls', 'http'] as const);
  const size = world.from(40, 300);
  let now = 0;
  return Array.from({ length: calls }, (_, call): Part[] => {
    const gap =
      way === 'chance' ? -Math.log(1 - world.seconds(0, 1)) * period : period * (1 + world.seconds(-jitter, jitter));
    // Now and then the machine is off for a while.
    now += gap + (call === 40 ? 3 * period : 0);
    const bytes = way === 'chance' ? world.from(40, 4000) : size;
    const ask: Said[] =
      way === 'named'
        ? world.tls('updates.example.org', 1)
        : says === 'tls'
          ? world.tls(undefined, 1)
          : says === 'http'
            ? [
                [0.01, '>', `GET /${world.letters(8)} HTTP/1.1\r\nHost: ${peer}\r\n\r\n`],
                [0.05, '<', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
              ]
            : [
                [0.01, '>', world.bytes(bytes)],
                [0.05, '<', world.bytes(44)],
              ];
    const asked = way === 'asked' && call % 20 === 0 ? world.asked(now - 0.2, host, peer) : [];
    return [...asked, ...world.tcp(now, [host, world.port()], [peer, port], ask, { all: true })];
  }).flat();
};

/** Each key in a cipher's frame, echoed; commands print something. The twin is the same on the port of SSH, as SSH. */
export const shellKeys: Story = (world, twin) => {
  const [one, other] = [world.stranger(), world.host()];
  const frame = world.random.pick([1, 16, 20, 32, 36, 48, 64]);
  const reverse = world.random.below(2) === 0;
  const [typist, machine] = reverse ? (['<', '>'] as const) : (['>', '<'] as const);
  const port = twin ? 22 : world.random.pick([443, 80, 53, 8080, world.port()]);
  const keys = world.from(60, 250);
  const thoughts = world.random.pick([6, 9, 14, 24]);
  const echo = world.random.pick([frame, frame, frame === 1 ? 1 : frame + 16]);
  const said = Array.from({ length: keys }, (_, key): Said[] => [
    [typing(world, thoughts), typist, world.bytes(frame)],
    [world.seconds(0.002, 0.05), machine, world.bytes(echo)],
    ...(key % 11 === 10 ? [[0.02, machine, world.bytes(world.from(60, 900))] as const] : []),
  ]).flat();
  const banners: Said[] = twin
    ? [
        [0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n'],
        [0.01, '>', 'SSH-2.0-PuTTY\r\n'],
      ]
    : [];
  const ends: [End, End] =
    reverse && !twin
      ? [
          [other, world.port()],
          [one, port],
        ]
      : [
          [one, world.port()],
          [other, port],
        ];
  return world.tcp(300, ends[0], ends[1], [...banners, ...said], { all: true, middle: world.random.below(4) === 0 });
};

const COMMANDS = [
  'id',
  'uname -a',
  'ls -la /tmp',
  'cat /etc/passwd',
  'ps aux',
  'ss -tnp',
  'whoami',
  'cd /var/log',
  'w',
  'ip a',
];

/** Lines and prompts in the clear, from a shell that called out. The twin is a protocol of lines. */
export const shellLines: Story = (world, twin) => {
  const [host, peer] = [world.host(), world.stranger()];
  const prompt = world.random.pick(['$ ', '# ', 'bash-5.1$ ', '[root@node /]# ', 'sh-4.2# ', '/ # ', '> ']);
  const pace = world.random.pick<[number, number]>([
    [0.8, 4],
    [1, 9],
    [3, 30],
  ]);
  const said = Array.from({ length: world.from(10, 40) }, (): Said[] => [
    [world.seconds(...pace), '<', twin ? `${world.letters(6)} 17\r\n` : `${world.random.pick(COMMANDS)}\n`],
    [0.03, '>', twin ? `OK ${world.letters(9)}\r\n` : `${world.letters(world.from(4, 900))}\n${prompt}`],
  ]).flat();
  const ends: [End, End] = [
    [host, world.port()],
    [peer, world.random.pick([443, 4444, 80, 53, world.port()])],
  ];
  return world.tcp(300, ...ends, twin ? said : [[0.02, '>', prompt], ...said], { all: true });
};

/** A person works over datagrams. The twin is a game: packets by the clock. */
export const shellUdp: Story = (world, twin) => {
  const [far, own]: [End, End] = [
    [world.stranger(), world.port()],
    [world.host(), world.random.pick([53, 123, 443, world.port()])],
  ];
  let now = 300;
  return Array.from({ length: 120 }, (_, key) => {
    now += twin ? 0.05 : typing(world);
    const size = twin ? world.from(30, 60) : 24;
    return [
      world.udp(now, far, own, world.bytes(size), true),
      world.udp(now + 0.02, own, far, world.bytes(twin ? world.from(60, 400) : size), true),
      ...(!twin && key % 11 === 10 ? [world.udp(now + 0.03, own, far, world.bytes(world.from(100, 700)), true)] : []),
    ];
  }).flat();
};

/** Questions and answers in echoes. The twin's answers repeat what was asked. */
export const icmpShell: Story = (world, twin) => {
  const [far, host] = [world.stranger(), world.host()];
  const id = world.random.below(65_536);
  const constant = world.random.below(2) === 0;
  let now = 300;
  return Array.from({ length: world.from(12, 70) }, (_, turn) => {
    now += typing(world) * 3;
    const said = twin
      ? Uint8Array.from({ length: 56 }, (_, at) => (at < 8 ? world.random.below(256) : at))
      : world.bytes(world.from(8, 120));
    const sequence = constant && !twin ? 1234 : turn + 1;
    return [
      world.echo(now, far, host, said, { id, sequence, trigger: true }),
      world.echo(now + 0.05, host, far, twin ? said : world.bytes(world.from(8, 180)), {
        id,
        sequence,
        reply: true,
        trigger: true,
      }),
    ];
  }).flat();
};

/** Packets in echoes, by the clock of who carries them. */
export const icmpTunnel: Story = (world, twin) => {
  const [far, host] = [world.stranger(), world.host()];
  return Array.from({ length: 80 }, (_, turn) => {
    const at = 300 + 0.15 * turn;
    const said = twin ? world.bytes(56) : world.bytes(world.from(60, 1200));
    return [
      world.echo(at, host, far, said, { id: 77, sequence: turn, trigger: true }),
      world.echo(at + 0.03, far, host, twin ? said : world.bytes(world.from(60, 1200)), {
        id: 77,
        sequence: turn,
        reply: true,
        trigger: true,
      }),
    ];
  }).flat();
};

/** Data in names. The twin asks for few, or for addresses that stand the wrong way round, or of lists of senders. */
export const dnsTunnel: Story = (world, twin) => {
  const [client, server]: [End, End] = [
    [world.host(), world.port()],
    [world.version === 6 ? world.stranger() : world.random.pick(['10.77.8.254', '9.9.9.9']), 53],
  ];
  const type = world.random.pick([16, 10, 1, 28, 5, 15]);
  const zone = `${world.letters(world.from(4, 9))}.${world.random.pick(['com', 'net', 'co.uk', 'xyz'])}`;
  const kind = world.random.pick(['list', 'reverse', 'few'] as const);
  const length = world.from(26, 60);
  const labels = world.from(1, 3);
  const hex = world.random.below(2) === 0 ? '0123456789abcdef' : undefined;
  const few = Array.from({ length: 12 }, () => `${world.letters(32, '0123456789abcdef')}.cdn.${zone}`);
  const dotted = () => Array.from({ length: 4 }, () => world.from(1, 254)).join('.');
  return Array.from({ length: world.from(60, 200) }, (_, turn) => {
    const name = !twin
      ? `${Array.from({ length: labels }, () => world.letters(length, hex)).join('.')}.${zone}`
      : kind === 'list'
        ? `${dotted()}.zen.spamhaus.example.org`
        : kind === 'reverse'
          ? `${dotted()}.in-addr.arpa`
          : world.random.pick(few);
    const question = concat([dnsName(name), be(16, type, 1)]);
    const data =
      type === 16 ? concat([be(8, 60), utf8(world.letters(60))]) : world.bytes(type === 28 ? 16 : type === 1 ? 4 : 90);
    const record = concat([be(16, 0xc00c, type, 1), be(32, 5), be(16, data.length), data]);
    const at = 200 + turn * world.seconds(0.4, 1.5);
    return [
      world.udp(at, client, server, concat([be(16, turn, 0x0100, 1, 0, 0, 0), question]), true),
      world.udp(at + 0.04, server, client, concat([be(16, turn, 0x8180, 1, 1, 0, 0), question, record]), true),
    ];
  }).flat();
};

/** Requests of a client that carries packets in them, by the clock and by need. The twin reads a site by its name. */
export const httpTunnel: Story = (world, twin) => {
  const [host, peer] = [world.host(), world.stranger()];
  const name = twin ? 'www.example.org' : peer;
  let now = 0;
  return Array.from({ length: 150 }, () => {
    now += twin ? -Math.log(1 - world.seconds(0, 1)) * 40 : world.seconds(18, 30);
    const body = world.letters(twin ? 0 : world.from(40, 90));
    const head = `POST /${twin ? world.letters(9) : 'a'} HTTP/1.1\r\nHost: ${name}\r\nContent-Length: ${body.length}\r\n\r\n`;
    const said: Said[] = [
      [0.01, '>', head + body],
      [0.05, '<', `HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n${world.letters(20)}`],
    ];
    return world.tcp(now, [host, world.port()], [peer, world.random.pick([80, 80])], said, { all: true });
  }).flat();
};
