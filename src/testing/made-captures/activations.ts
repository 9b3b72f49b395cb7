import { concat, toHex, utf8 } from '../../lib/bytes.ts';
import { be, tcp, TCP } from '../wire.ts';
import { chunkOf, sctpFrame, sctpSetUp } from './sctp.ts';
import { addressBytes, type End, type Part, type World } from './world.ts';

/** A story: what happens, or its twin without one necessary fact. */
export type Story = (world: World, twin: boolean) => Part[];

/** Bytes that begin with a word, or hold it further on, and may name an address in one of its forms. */
export function magic(
  world: World,
  named?: string,
  word: Uint8Array = world.bytes(world.random.pick([2, 4, 8])),
): Uint8Array {
  const parts = [world.bytes(world.random.pick([0, 0, 3, 8])), word];
  if (named !== undefined) {
    const bytes = addressBytes(named);
    const forms = bytes.length === 4 ? [bytes, bytes.toReversed(), utf8(` ${named} `)] : [bytes];
    parts.push(world.random.pick(forms), be(16, world.port()));
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([...parts, filler(world, Math.max(world.from(9, 200) - length, 2))]);
}

/** What stands behind the word: chance bytes, or a password with zeros behind it. */
function filler(world: World, length: number): Uint8Array {
  if (world.random.below(4) !== 0) return world.bytes(length);
  const password = utf8(world.letters(Math.min(length, world.from(4, 14))));
  return concat([password, new Uint8Array(length - password.length)]);
}

/** A session outward that nobody asked for, of one kind or another. */
export function consequence(world: World, at: number, host: string, peer: string): Part[] {
  const client: End = [host, world.port()];
  const server: End = [peer, world.random.pick([443, 80, 53, 8443, 4444, world.port()])];
  return world.random.pick([
    () => world.tcp(at, client, server, world.tls(undefined, world.from(2, 12))),
    () => world.tcp(at, client, server, world.opaqueShell(world.from(5, 40), '>')),
    () => world.tcp(at, client, server, world.opaqueShell(world.from(5, 40), '<')),
  ])();
}

/** What looks like a consequence and is none: a session that a name led to, elsewhere. */
function ordinary(world: World, at: number, host: string): Part[] {
  const peer = world.stranger();
  return [
    ...world.asked(at - 0.3, host, peer),
    ...world.tcp(at, [host, world.port()], [peer, 443], world.tls('www.example.org')),
  ];
}

const delay = (world: World) =>
  world.seconds(
    ...world.random.pick<[number, number]>([
      [0.05, 1],
      [1, 10],
      [10, 55],
    ]),
  );
const START = 300;

/** A trigger, and what follows it or, of the twin, does not. */
const followed =
  (
    sent: (world: World, sender: string, host: string, named: string | undefined) => readonly Part[],
    aimed = true,
  ): Story =>
  (world, twin) => {
    const [sender, host] = [world.stranger(), world.host()];
    const peer = aimed && world.random.below(2) === 0 ? world.stranger() : sender;
    const named = peer !== sender || world.random.below(2) === 0 ? peer : undefined;
    const trigger = sent(world, sender, host, aimed ? named : undefined);
    const at = trigger.findLast((part) => part.trigger)!.at + delay(world);
    return [...trigger, ...(twin ? ordinary(world, at, host) : consequence(world, at, host, peer))];
  };

export const udpMagic = followed((world, sender, host, named) => {
  const [from, to]: [End, End] = [
    [sender, world.port()],
    [host, world.random.pick([53, 123, 161, 500, 1812, 33_512, world.port()])],
  ];
  const sent = magic(world, named);
  const once = world.udp(START, from, to, sent, true);
  return world.random.below(3) === 0 ? [once, world.udp(START + 1, from, to, sent, true)] : [once];
});

export const icmpMagic = followed((world, sender, host, named) => {
  const sent = magic(world, named);
  const reply = world.random.below(4) === 0;
  const options = { id: world.random.below(65_536), sequence: world.random.pick([1, 1234, 40]) };
  return [
    world.echo(START, sender, host, sent, { ...options, reply, trigger: true }),
    ...(reply ? [] : [world.echo(START + 0.001, host, sender, sent, { ...options, reply: true, trigger: true })]),
  ];
});

export const icmpRelay: Story = (world, twin) => {
  const [sender, first, second, third] = [world.stranger(), world.host(), world.host(), world.host()];
  const sent = magic(world, world.random.below(2) === 0 ? sender : undefined);
  const hops = world.random.pick([
    [first, second],
    [first, second, third],
  ]);
  const parts = hops.flatMap((hop, index) => [
    world.echo(START + 0.02 * index, index === 0 ? sender : hops[index - 1]!, hop, sent, { id: 9, trigger: true }),
    world.echo(START + 0.02 * index + 0.001, hop, index === 0 ? sender : hops[index - 1]!, sent, {
      id: 9,
      reply: true,
      trigger: true,
    }),
  ]);
  const at = START + 0.1 + delay(world);
  return [
    ...parts,
    ...(twin
      ? ordinary(world, at, hops.at(-1)!)
      : consequence(world, at, hops.at(-1)!, world.random.pick([sender, world.stranger()]))),
  ];
};

export const tcpMagic = followed((world, sender, host, named) => {
  const port = world.random.pick([22, 25, 80, 443, 3306, 8080, world.port()]);
  const answer = world.random.pick([[], [[0.05, '<', 'HTTP/1.1 400 Bad Request\r\n\r\n']]] as const);
  return world.tcp(START, [sender, world.port()], [host, port], [[0.01, '>', magic(world, named)], ...answer], {
    trigger: 0,
    again: world.random.below(3) === 0,
  });
});

/** A banner comes first, as of servers that speak first. */
export const markerInService = followed((world, sender, host) => {
  const [port, banner] = world.random.pick([
    [22, 'SSH-2.0-OpenSSH_9.6\r\n'],
    [25, '220 mail.example.org ESMTP\r\n'],
    [21, '220 ready\r\n'],
  ] as const);
  return world.tcp(
    START,
    [sender, world.port()],
    [host, port],
    [
      [0.02, '<', banner],
      [0.02, '>', magic(world)],
    ],
    { trigger: 1 },
  );
}, false);

export const synData = followed((world, sender, host, named) => {
  const [from, to]: [End, End] = [
    [sender, world.port()],
    [host, world.random.pick([80, 443, 22, world.port()])],
  ];
  const syn = tcp(
    from[1],
    to[1],
    { flags: TCP.syn, seq: 5, window: world.random.pick([54_321, 64_240, 8192]) },
    magic(world, named),
  );
  return [
    world.frame(START, sender, host, 6, syn, true),
    world.frame(
      START + 0.001,
      host,
      sender,
      6,
      tcp(to[1], from[1], { flags: TCP.syn | TCP.ack, seq: 9, ack: 6 }),
      true,
    ),
    world.frame(START + 0.03, sender, host, 6, tcp(from[1], to[1], { flags: TCP.rst, seq: 6 }), true),
  ];
});

export const sctpMarker = followed((world, sender, host, named) => {
  const data = chunkOf(
    0,
    3,
    concat([be(32, 1), be(16, 0, 0), be(32, world.random.pick([0, 3, 46])), magic(world, named)]),
  );
  const port = world.random.pick([2905, 3868, 36_412, world.port()]);
  return [
    sctpFrame(world, START, [sender, port], [host, port], world.random.word(), data, true),
    sctpFrame(world, START + 0.001, [host, port], [sender, port], 0, chunkOf(6, 1, new Uint8Array()), true),
  ];
});

export const httpPost = followed((world, sender, host) => {
  const bytes = world.bytes(world.from(12, 60));
  const body = world.random.pick([toHex(bytes), bytes.toBase64()]);
  const head = `POST /${world.letters(world.from(3, 20))} HTTP/1.1\r\nHost: ${world.random.pick([host, 'www.example.org'])}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answer = `HTTP/1.1 ${world.random.pick(['404 Not Found', '200 OK', '403 Forbidden'])}\r\nContent-Length: 0\r\n\r\n`;
  const port = world.random.pick([80, 8080, world.port()]);
  const split = world.random.below(2) === 0;
  const said = split
    ? ([
        [0.01, '>', head],
        [0.01, '>', body],
      ] as const)
    : ([[0.01, '>', head + body]] as const);
  return world.tcp(START, [sender, world.port()], [host, port], [...said, [0.05, '<', answer]], { all: true });
}, false);

export const dnsPort = followed((world, sender, host, named) => [
  world.udp(START, [sender, world.port()], [host, 53], magic(world, named), true),
]);

/** A knock; then a port that was closed lets the one in who knocked. The twin's stays closed. */
export const portKnock: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  const open = world.random.pick([22, 2222, world.port()]);
  const ports = Array.from({ length: world.from(3, 7) }, () => world.port());
  const byUdp = world.random.below(3) === 0;
  const knocks = ports.flatMap((port, index) =>
    byUdp
      ? [world.udp(START + 0.4 * index, [sender, world.port()], [host, port], new Uint8Array(), true)]
      : world.refused(START + 0.4 * index, [sender, world.port()], [host, port], true),
  );
  const at = START + 0.4 * ports.length + world.seconds(0.2, 15);
  const session = twin
    ? world.refused(at, [sender, world.port()], [host, open])
    : world.tcp(at, [sender, world.port()], [host, open], world.opaqueShell(world.from(5, 30), '>'));
  return [...world.refused(START - 100, [sender, world.port()], [host, open]), ...knocks, ...session];
};

/** A knock; then a port in service speaks to one client alone what it never spoke. The twin's speaks its own. */
export const redirectNic: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  const port = world.random.pick([22, 25, 80, 443]);
  const said = twin
    ? port === 22
      ? ([
          [0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n'],
          [0.01, '>', 'SSH-2.0-PuTTY\r\n'],
          ...world.opaqueShell(12, '>'),
        ] as const)
      : port === 25
        ? ([
            [0.01, '<', '220 mail\r\n'],
            [0.05, '>', 'EHLO a.example.org\r\n'],
            [0.05, '<', '250 ok\r\n'],
          ] as const)
        : world.tls('www.example.org')
    : world.opaqueShell(world.from(6, 30), '>');
  const at = START + delay(world);
  return [
    world.udp(START, [sender, world.port()], [host, world.random.pick([1812, 53, world.port()])], magic(world), true),
    ...world.tcp(at, [sender, world.port()], [host, port], said),
  ];
};

/** As seen behind a redirect: the answers come from another port. */
export const redirectSplit: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  const served = twin ? 443 : world.random.pick([22, 80, 443, 8080]);
  const hidden = twin ? served : world.random.pick([world.from(42_391, 43_390), world.port(), world.from(1025, 9000)]);
  const own: End = [sender, world.port()];
  const at = START + delay(world);
  const marker = world.tcp(START, [sender, world.port()], [host, served], [[0.01, '>', magic(world)]], { trigger: 0 });
  if (twin) return [...marker, ...world.tcp(at, own, [host, served], world.tls('www.example.org'))];
  const segment = (after: number, out: boolean, flags: number, seq: number, ack: number, data?: Uint8Array) =>
    out
      ? world.frame(at + after, sender, host, 6, tcp(own[1], served, { flags, seq, ack }, data))
      : world.frame(at + after, host, sender, 6, tcp(hidden, own[1], { flags, seq, ack }, data));
  return [
    ...marker,
    segment(0, true, TCP.syn, 100, 0),
    segment(0.01, false, TCP.syn | TCP.ack, 900, 101),
    segment(0.02, true, TCP.ack, 101, 901),
    ...Array.from({ length: 12 }, (_, turn) => [
      segment(1 + turn, true, TCP.ack | TCP.psh, 101 + 30 * turn, 901 + 60 * turn, world.bytes(30)),
      segment(1.1 + turn, false, TCP.ack | TCP.psh, 901 + 60 * turn, 131 + 30 * turn, world.bytes(60)),
    ]).flat(),
  ];
};

/** The woken host answers over UDP, or over SCTP. */
export const overUdp: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  const [own, far]: [End, End] = [
    [host, world.port()],
    [sender, world.port()],
  ];
  const at = START + delay(world);
  return [
    world.udp(START, [sender, world.port()], [host, world.port()], magic(world, sender), true),
    ...(twin
      ? ordinary(world, at, host)
      : Array.from({ length: 14 }, (_, turn) => [
          world.udp(at + 1.3 * turn, own, far, world.bytes(world.from(30, 200))),
          world.udp(at + 1.3 * turn + 0.4, far, own, world.bytes(world.from(20, 90))),
        ]).flat()),
  ];
};

export const overSctp: Story = (world, twin) => {
  const [sender, host] = [world.stranger(), world.host()];
  const at = START + delay(world);
  const [own, far]: [End, End] = [
    [host, world.port()],
    [sender, world.port()],
  ];
  return [
    world.udp(START, [sender, world.port()], [host, world.port()], magic(world, sender), true),
    ...(twin ? ordinary(world, at, host) : sctpSetUp(world, at, own, far, () => world.bytes(world.from(30, 120)), 12)),
  ];
};
