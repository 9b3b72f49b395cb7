import { concat, utf8 } from '../../lib/bytes.ts';
import { be, icmp } from '../wire.ts';
import { sctpFrame, sctpSetUp, chunkOf } from './sctp.ts';
import { addressBytes, type Part, type Said, type World } from './world.ts';

type Innocent = (world: World) => Part[];

const AT = 300;
const TEXT = (...lines: readonly string[]): Said[] =>
  lines.map((line, index): Said => [0.05, index % 2 === 0 ? '<' : '>', `${line}\r\n`]);

/** What ordinary programs do that looks like a trigger and what follows. Both ends may be strangers to each other. */
export const innocents: Readonly<Record<string, Innocent>> = {
  'mail server that asks IDENT back'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      ...w.tcp(AT, [far, 40_001], [host, 25], TEXT('220 mx ready', 'EHLO a.example', '250 ok', 'QUIT', '221 bye')),
      ...w.tcp(
        AT + 0.1,
        [host, w.port()],
        [far, 113],
        [
          [0.01, '>', '40001, 25\r\n'],
          [0.01, '<', '40001, 25 : USERID : UNIX : joe\r\n'],
        ],
      ),
    ];
  },
  'FTP in active mode'(w) {
    const [client, server] = [w.host(), w.stranger()];
    return [
      ...w.asked(AT - 1, client, server),
      ...w.tcp(
        AT,
        [client, w.port()],
        [server, 21],
        TEXT(
          '220 ftp',
          'USER joe',
          '331 ?',
          'PASS x',
          '230 in',
          'PORT 10,77,8,9,200,1',
          '200 ok',
          'RETR a.zip',
          '150 opening',
        ),
        { close: false },
      ),
      ...w.tcp(AT + 2, [server, 20], [client, 51_201], [[0.02, '>', w.bytes(8000)]]),
    ];
  },
  'FTP in active mode, seen from the server'(w) {
    const [client, server] = [w.stranger(), w.host()];
    return [
      ...w.tcp(
        AT,
        [client, w.port()],
        [server, 21],
        TEXT(
          '220 ftp',
          'USER joe',
          '331 ?',
          'PASS x',
          '230 in',
          'PORT 10,77,8,9,200,1',
          '200 ok',
          'RETR a.zip',
          '150 opening',
        ),
        { close: false },
      ),
      ...w.tcp(AT + 2, [server, 20], [client, 51_201], [[0.02, '>', w.bytes(8000)]]),
    ];
  },
  'FTP with TLS, passive'(w) {
    const [client, server] = [w.stranger(), w.host()];
    return [
      ...w.tcp(
        AT,
        [client, w.port()],
        [server, 21],
        [...TEXT('220 ftp', 'AUTH TLS', '234 go'), ...w.tls(undefined, 4)],
        { close: false },
      ),
      ...w.tcp(AT + 3, [client, w.port()], [server, 50_123], w.tls(undefined, 5)),
    ];
  },
  'SIP and RTP'(w) {
    const [a, b] = [w.stranger(), w.host()];
    const rtp = (turn: number) => concat([be(8, 0x80, 0), be(16, turn), be(32, turn * 160, 0xabcdef), w.bytes(160)]);
    return [
      w.udp(AT, [a, 5060], [b, 5060], 'INVITE sip:joe@example.org SIP/2.0\r\nVia: x\r\n\r\n'),
      w.udp(AT + 0.1, [b, 5060], [a, 5060], 'SIP/2.0 200 OK\r\n\r\n'),
      ...Array.from({ length: 60 }, (_, turn) => [
        w.udp(AT + 0.5 + 0.02 * turn, [b, 17_000], [a, 22_000], rtp(turn)),
        w.udp(AT + 0.51 + 0.02 * turn, [a, 22_000], [b, 17_000], rtp(turn)),
      ]).flat(),
    ];
  },
  'portmapper, then NFS'(w) {
    const [client, server] = [w.host(), w.host()];
    const call = concat([be(32, w.random.word(), 0, 2, 100_000, 2, 3, 0, 0, 0, 0, 100_003, 3, 6, 0)]);
    return [
      w.udp(AT, [client, 800], [server, 111], call),
      w.udp(AT + 0.01, [server, 111], [client, 800], concat([call.slice(0, 4), be(32, 1, 0, 0, 0, 0, 2049)])),
      ...w.tcp(
        AT + 0.1,
        [client, 801],
        [server, 2049],
        [
          [0.01, '>', concat([be(32, 0x80000028), be(32, w.random.word(), 0, 2, 100_003, 3, 0, 0, 0, 0, 0)])],
          [0.01, '<', concat([be(32, 0x80000018), w.bytes(24)])],
        ],
      ),
      // The server calls back with a lock.
      ...w.tcp(
        AT + 3,
        [server, 900],
        [client, 40_200],
        [
          [0.01, '>', concat([be(32, 0x80000028), be(32, w.random.word(), 0, 2, 100_021, 4, 5, 0, 0, 0, 0)])],
          [0.01, '<', concat([be(32, 0x80000018), w.bytes(24)])],
        ],
      ),
    ];
  },
  'X11 back to the one who logged in'(w) {
    const [user, host] = [w.host(), w.host()];
    return [
      ...w.tcp(
        AT,
        [user, w.port()],
        [host, 23],
        [
          [0.1, '<', be(8, 255, 253, 24)],
          [0.1, '>', be(8, 255, 251, 24)],
          [1, '>', 'xterm\r\n'],
        ],
      ),
      ...w.tcp(
        AT + 5,
        [host, w.port()],
        [user, 6000],
        [
          [0.01, '>', be(8, 0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
          [0.01, '<', concat([be(8, 1, 0, 11, 0, 0, 0), be(8, 50, 0), w.bytes(200)])],
          [0.01, '>', concat([be(8, 1, 0, 8, 0), w.bytes(28)])],
        ],
      ),
    ];
  },
  'BitTorrent: DHT by UDP, then peers connect'(w) {
    const me = w.host();
    return Array.from({ length: 20 }, (_, turn) => {
      const peer = w.stranger();
      const at = AT + 2 * turn;
      const port = w.port();
      const dht = concat([utf8('d1:ad2:id20:'), w.bytes(20), utf8('e1:q4:ping1:t2:aa1:y1:qe')]);
      const hand = concat([be(8, 19), utf8('BitTorrent protocol'), new Uint8Array(8), w.bytes(40)]);
      const mse = w.bytes(w.from(96, 400));
      return [
        w.udp(at, [peer, port], [me, 51_413], turn % 2 === 0 ? dht : concat([be(8, 0x41, 0), be(16, 7), w.bytes(16)])),
        ...w.tcp(
          at + 1,
          [me, w.port()],
          [peer, port],
          [
            [0.01, '>', turn % 3 === 0 ? hand : mse],
            [0.05, '<', turn % 3 === 0 ? hand : w.bytes(300)],
          ],
        ),
      ];
    }).flat();
  },
  'STUN and media between two browsers'(w) {
    const [a, b] = [w.stranger(), w.host()];
    const bind = (type: number) =>
      concat([be(16, type, 8), be(32, 0x2112a442), w.bytes(12), be(16, 0x8022, 4), w.bytes(4)]);
    return [
      w.udp(AT, [a, 50_000], [b, 50_001], bind(1)),
      w.udp(AT + 0.01, [b, 50_001], [a, 50_000], bind(0x101)),
      w.udp(AT + 0.1, [b, 50_003], [a, 50_000], bind(1)),
      w.udp(AT + 0.2, [b, 50_001], [a, 50_000], concat([be(8, 22, 254, 253), w.bytes(120)])),
      ...w.tcp(
        AT + 1,
        [b, w.port()],
        [a, 50_005],
        [
          [0.01, '>', concat([be(16, 28), bind(1)])],
          [0.02, '<', concat([be(16, 28), bind(0x101)])],
        ],
      ),
    ];
  },
  'traceroute and a look at the web site'(w) {
    const [from, to] = [w.host(), w.stranger()];
    return [
      ...Array.from({ length: 15 }, (_, hop) => w.udp(AT + 0.1 * hop, [from, 45_000], [to, 33_434 + hop], w.bytes(32))),
      ...w.tcp(
        AT + 5,
        [to, w.port()],
        [from, 80],
        [
          [0.01, '>', 'GET / HTTP/1.1\r\nHost: a.example.org\r\n\r\n'],
          [0.01, '<', 'HTTP/1.1 200 OK\r\n\r\nhello'],
        ],
      ),
    ];
  },
  'discovery of the path and a session'(w) {
    const [from, to] = [w.host(), w.stranger()];
    const quoted = w.bytes(28);
    return [
      ...w.tcp(AT, [from, 41_000], [to, 443], w.tls('a.example.org', 5)),
      w.frame(AT + 0.5, to, from, from.includes(':') ? 58 : 1, icmp(from.includes(':') ? 2 : 3, 4, 0, 1280, quoted)),
      ...w.tcp(AT + 1, [from, 41_001], [to, 443], w.tls(undefined, 5)),
    ];
  },
  'flow exporter on a port of its own, whose collector looks at it'(w) {
    const [exporter, collector] = [w.host(), w.host()];
    const export9 = (turn: number) =>
      concat([be(16, 9, 2), be(32, turn * 1000, 1_790_000_000 + turn, turn, 7), be(16, 256, 84), w.bytes(80)]);
    return [
      ...Array.from({ length: 30 }, (_, turn) =>
        w.udp(AT + 5 * turn, [exporter, 50_100], [collector, 2100], export9(turn)),
      ),
      ...w.tcp(AT + 12, [collector, w.port()], [exporter, 443], w.tls(undefined, 3)),
    ];
  },
  'SNMP trap and the poll of its manager'(w) {
    const [agent, manager] = [w.host(), w.host()];
    const ber = (body: Uint8Array) => concat([be(8, 0x30, body.length), body]);
    const [trap, poll] = [
      ber(concat([be(8, 2, 1, 1, 4, 6), utf8('public'), w.bytes(30)])),
      ber(concat([be(8, 2, 1, 1, 4, 6), utf8('public'), w.bytes(20)])),
    ];
    return [
      w.udp(AT, [agent, w.port()], [manager, 162], trap),
      w.udp(AT + 1, [manager, w.port()], [agent, 161], poll),
      ...w.tcp(
        AT + 5,
        [manager, w.port()],
        [agent, 22],
        [[0.01, '<', 'SSH-2.0-Cisco\r\n'], [0.01, '>', 'SSH-2.0-paramiko\r\n'], ...w.opaqueShell(4, '>')],
      ),
    ];
  },
  'DNS notify, then the transfer'(w) {
    const [primary, secondary] = [w.stranger(), w.host()];
    const notify = concat([
      be(16, 7, 0x2400, 1, 0, 0, 0),
      be(8, 7),
      utf8('example'),
      be(8, 3),
      utf8('org'),
      be(8, 0),
      be(16, 6, 1),
    ]);
    const axfr = concat([
      be(16, 8, 0, 1, 0, 0, 0),
      be(8, 7),
      utf8('example'),
      be(8, 3),
      utf8('org'),
      be(8, 0),
      be(16, 252, 1),
    ]);
    return [
      w.udp(AT, [primary, 5300], [secondary, 53], notify),
      w.udp(AT + 0.01, [secondary, 53], [primary, 5300], concat([be(16, 7, 0xa400), notify.slice(4)])),
      ...w.tcp(
        AT + 0.5,
        [secondary, w.port()],
        [primary, 53],
        [
          [0.01, '>', concat([be(16, axfr.length), axfr])],
          [0.05, '<', concat([be(16, 600), axfr.slice(0, 12), w.bytes(588)])],
        ],
      ),
    ];
  },
  'a webhook to who posted'(w) {
    const [ci, host] = [w.stranger(), w.host()];
    const body = `{"ref":"refs/heads/main","id":"${w.letters(40, '0123456789abcdef')}"}`;
    return [
      ...w.tcp(
        AT,
        [ci, w.port()],
        [host, 8080],
        [
          [0.01, '>', `POST /hook HTTP/1.1\r\nHost: ci\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
          [0.05, '<', 'HTTP/1.1 200 OK\r\n\r\n'],
        ],
      ),
      ...w.tcp(AT + 2, [host, w.port()], [ci, 443], w.tls('git.example.org', 4)),
    ];
  },
  'a webhook whose body is a token, to who posted'(w) {
    const [ci, host] = [w.stranger(), w.host()];
    const body = `token=${w.letters(40, '0123456789abcdef')}`;
    return [
      ...w.tcp(
        AT,
        [ci, w.port()],
        [host, 8080],
        [
          [0.01, '>', `POST /hook HTTP/1.1\r\nHost: ci\r\nContent-Length: ${body.length}\r\n\r\n${body}`],
          [0.05, '<', 'HTTP/1.1 200 OK\r\n\r\n'],
        ],
      ),
      ...w.asked(AT + 1, host, ci),
      ...w.tcp(AT + 2, [host, w.port()], [ci, 443], w.tls('git.example.org', 4)),
    ];
  },
  'Kerberos, LDAP and SMB of one who logs in'(w) {
    const [pc, dc] = [w.host(), w.host()];
    const kerberos = concat([be(8, 0x6a, 0x81, 200), w.bytes(200)]);
    return [
      w.udp(AT, [pc, w.port()], [dc, 88], kerberos),
      w.udp(AT + 0.01, [dc, 88], [pc, w.port()], concat([be(8, 0x7e, 0x81, 100), w.bytes(100)])),
      w.udp(AT + 0.05, [pc, w.port()], [dc, 389], concat([be(8, 0x30, 40), w.bytes(40)])),
      ...w.tcp(
        AT + 0.2,
        [pc, w.port()],
        [dc, 88],
        [
          [0.01, '>', concat([be(32, kerberos.length), kerberos])],
          [0.01, '<', concat([be(32, 300), w.bytes(300)])],
        ],
      ),
      ...w.tcp(
        AT + 0.4,
        [pc, w.port()],
        [dc, 445],
        [
          [0.01, '>', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
          [0.01, '<', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
        ],
      ),
      ...w.tcp(
        AT + 9,
        [dc, w.port()],
        [pc, 445],
        [
          [0.01, '>', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
          [0.01, '<', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
        ],
      ),
    ];
  },
  'databases that replicate both ways'(w) {
    const [one, other] = [w.host(), w.host()];
    const pg = (size: number) => concat([be(32, size), be(32, 196_608), w.bytes(size - 8)]);
    return Array.from({ length: 6 }, (_, turn) => [
      ...w.tcp(
        AT + 40 * turn,
        [one, w.port()],
        [other, 5432],
        [
          [0.01, '>', pg(60)],
          [0.01, '<', concat([be(8, 0x52), be(32, 8), be(32, 0)])],
        ],
      ),
      ...w.tcp(
        AT + 40 * turn + 5,
        [other, w.port()],
        [one, 5432],
        [
          [0.01, '>', pg(60)],
          [0.01, '<', concat([be(8, 0x52), be(32, 8), be(32, 0)])],
        ],
      ),
    ]).flat();
  },
  'a cluster of a binary protocol of its own'(w) {
    const nodes = [w.host(), w.host(), w.host()];
    return nodes.flatMap((one, from) =>
      nodes.flatMap((other, to) =>
        from === to
          ? []
          : w.tcp(
              AT + from * 7 + to * 2,
              [one, w.port()],
              [other, 7000],
              [
                [0.01, '>', concat([w.bytes(2), be(8, 1, 0), w.bytes(30)])],
                [0.01, '<', w.bytes(40)],
                [0.1, '>', w.bytes(300)],
                [0.1, '<', w.bytes(90)],
              ],
            ),
      ),
    );
  },
  'gossip by UDP, then a full exchange by TCP'(w) {
    const nodes = Array.from({ length: 4 }, () => w.host());
    const gossip = () => concat([be(8, 0, 0x82), utf8('¥SeqNo'), w.bytes(20)]);
    return Array.from({ length: 40 }, (_, turn) => {
      const [one, other] = [nodes[turn % 4]!, nodes[(turn + 1 + (turn % 3)) % 4]!];
      if (one === other) return [];
      const at = AT + turn;
      return [
        w.udp(at, [one, 7946], [other, 7946], gossip()),
        w.udp(at + 0.01, [other, 7946], [one, 7946], gossip()),
        ...(turn % 5 === 2
          ? w.tcp(
              at + 0.5,
              [other, w.port()],
              [one, 7946],
              [
                [0.01, '>', w.bytes(400)],
                [0.01, '<', w.bytes(400)],
              ],
            )
          : []),
      ];
    }).flat();
  },
  'health checks of containers'(w) {
    const [node, pod] = [w.host(), w.host()];
    return Array.from({ length: 40 }, (_, turn) => [
      ...w.tcp(
        AT + 10 * turn,
        [node, w.port()],
        [pod, 8080],
        [
          [0.001, '>', 'GET /healthz HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n'],
          [0.001, '<', 'HTTP/1.1 200 OK\r\n\r\nok'],
        ],
      ),
      ...w.tcp(AT + 10 * turn + 1, [pod, w.port()], [node, 10_250], w.tls(undefined, 1)),
    ]).flat();
  },
  'an association with several homes'(w) {
    const [a, b, b2] = [w.host(), w.host(), w.host()];
    const heartbeat = chunkOf(4, 0, concat([be(16, 1, 44), w.bytes(40)]));
    const parts = sctpSetUp(
      w,
      AT,
      [a, 2905],
      [b, 2905],
      () => concat([be(8, 1, 0, 3, 3), be(32, 16), be(16, 9, 8), w.bytes(4)]),
      20,
      { protocol: 3 },
    );
    return [
      ...parts,
      ...Array.from({ length: 6 }, (_, turn) => [
        sctpFrame(w, AT + 30 * turn, [a, 2905], [b2, 2905], 7, heartbeat),
        sctpFrame(w, AT + 30 * turn + 0.01, [b2, 2905], [a, 2905], 9, concat([be(8, 5), heartbeat.slice(1)])),
      ]).flat(),
    ];
  },
  'a failover to the second home with data'(w) {
    const [a, a2, b] = [w.host(), w.host(), w.host()];
    const data = (turn: number) =>
      chunkOf(
        0,
        3,
        concat([
          be(32, 50 + turn),
          be(16, 0, turn),
          be(32, 3),
          be(8, 1, 0, 3, 3),
          be(32, 16),
          be(16, 9, 8),
          w.bytes(4),
        ]),
      );
    return [
      ...sctpSetUp(
        w,
        AT,
        [a, 2905],
        [b, 2905],
        () => concat([be(8, 1, 0, 3, 3), be(32, 16), be(16, 9, 8), w.bytes(4)]),
        10,
        { protocol: 3 },
      ),
      ...Array.from({ length: 6 }, (_, turn) => [
        sctpFrame(w, AT + 40 + turn, [a2, 2905], [b, 2905], 7, data(turn)),
        sctpFrame(
          w,
          AT + 40.01 + turn,
          [b, 2905],
          [a2, 2905],
          9,
          chunkOf(3, 0, concat([be(32, 50 + turn, 65_536), be(16, 0, 0)])),
        ),
      ]).flat(),
      ...w.tcp(
        AT + 50,
        [b, w.port()],
        [a2, 3868],
        [
          [
            0.01,
            '>',
            concat([
              be(8, 1),
              be(24, 36),
              be(8, 0x80),
              be(24, 280),
              be(32, 0, 1, 2),
              be(32, 264),
              be(8, 0x40),
              be(24, 14),
              utf8('b.test'),
              new Uint8Array(2),
            ]),
          ],
        ],
      ),
    ];
  },
  'WireGuard, and SSH beside it'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      w.udp(AT, [far, 51_820], [host, 51_820], concat([be(8, 1, 0, 0, 0), w.bytes(144)])),
      w.udp(AT + 0.02, [host, 51_820], [far, 51_820], concat([be(8, 2, 0, 0, 0), w.bytes(88)])),
      ...Array.from({ length: 10 }, (_, turn) =>
        w.udp(AT + 1 + turn, [far, 51_820], [host, 51_820], concat([be(8, 4, 0, 0, 0), w.bytes(92)])),
      ),
      ...w.tcp(
        AT + 4,
        [far, w.port()],
        [host, 22],
        [[0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n'], [0.01, '>', 'SSH-2.0-OpenSSH_9.2\r\n'], ...w.opaqueShell(9, '>')],
      ),
    ];
  },
  'OpenVPN over UDP, whose server is watched by its client'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      w.udp(AT, [far, 1194], [host, 1194], concat([be(8, 0x38), w.bytes(13)])),
      w.udp(AT + 0.02, [host, 1194], [far, 1194], concat([be(8, 0x40), w.bytes(25)])),
      ...Array.from({ length: 12 }, (_, turn) =>
        w.udp(
          AT + 1 + turn,
          [turn % 2 === 0 ? far : host, 1194],
          [turn % 2 === 0 ? host : far, 1194],
          concat([be(8, 0x48), w.bytes(120)]),
        ),
      ),
      ...w.tcp(AT + 5, [host, w.port()], [far, 443], w.tls(undefined, 3)),
    ];
  },
  'a game server that lists itself and is asked back'(w) {
    const [master, game] = [w.stranger(), w.host()];
    return [
      w.udp(AT, [master, 27_011], [game, 27_015], concat([be(32, 0xffffffff), utf8('TSource Engine Query\0')])),
      w.udp(
        AT + 0.02,
        [game, 27_015],
        [master, 27_011],
        concat([be(32, 0xffffffff), be(8, 0x49, 17), utf8('server\0map\0')]),
      ),
      ...w.tcp(AT + 9, [game, w.port()], [master, 443], w.tls('api.example.org', 3)),
    ];
  },
  'monitoring that pings, then is reported to'(w) {
    const [monitor, host] = [w.host(), w.host()];
    const pattern = Uint8Array.from({ length: 56 }, (_, at) => (at < 8 ? w.random.below(256) : at));
    return [
      ...Array.from({ length: 5 }, (_, turn) => [
        w.echo(AT + turn, monitor, host, pattern, { sequence: turn }),
        w.echo(AT + turn + 0.001, host, monitor, pattern, { sequence: turn, reply: true }),
      ]).flat(),
      ...w.tcp(
        AT + 8,
        [host, w.port()],
        [monitor, 10_051],
        [
          [0.01, '>', concat([utf8('ZBXD'), be(8, 1, 60, 0, 0, 0, 0, 0, 0, 0), w.bytes(60)])],
          [0.01, '<', concat([utf8('ZBXD'), be(8, 1, 20, 0, 0, 0, 0, 0, 0, 0), w.bytes(20)])],
        ],
      ),
    ];
  },
  'monitoring with a ping of chance bytes, then TLS to the monitor'(w) {
    const [monitor, host] = [w.host(), w.host()];
    const parts = Array.from({ length: 30 }, (_, turn) => {
      const said = w.bytes(64);
      return [
        w.echo(AT + 10 * turn, monitor, host, said, { sequence: turn }),
        w.echo(AT + 10 * turn + 0.001, host, monitor, said, { sequence: turn, reply: true }),
      ];
    }).flat();
    const agent = [100, 200, 300].flatMap((at) => w.tcp(at, [host, w.port()], [monitor, 8140], w.tls(undefined, 2)));
    return [...parts, ...agent];
  },
  'an agent that keeps calling its manager, which also probes it'(w) {
    const [manager, host] = [w.host(), w.host()];
    return Array.from({ length: 20 }, (_, turn) => [
      ...w.tcp(
        20 + 30 * turn,
        [host, w.port()],
        [manager, 1514],
        [
          [0.01, '>', w.bytes(120)],
          [0.01, '<', w.bytes(40)],
        ],
      ),
      w.udp(22 + 30 * turn, [manager, w.port()], [host, 1515], w.bytes(40)),
    ]).flat();
  },
  'print: a query by UDP, then the printer is used'(w) {
    const [pc, printer] = [w.host(), w.host()];
    return [
      w.udp(AT, [pc, w.port()], [printer, 8611], concat([utf8('BJNP'), be(8, 1, 1, 0, 0), be(32, 0, 0)])),
      w.udp(AT + 0.01, [printer, 8611], [pc, w.port()], concat([utf8('BJNP'), be(8, 0x81, 1, 0, 0), w.bytes(20)])),
      ...w.tcp(
        AT + 1,
        [pc, w.port()],
        [printer, 9100],
        [[0.01, '>', concat([utf8('\x1b%-12345X@PJL\r\n'), w.bytes(4000)])]],
      ),
    ];
  },
  'a scanner that sends a page back to who asked'(w) {
    const [pc, scanner] = [w.host(), w.host()];
    return [
      w.udp(
        AT,
        [pc, w.port()],
        [scanner, 54_925],
        concat([be(8, 2, 0, 0x30), utf8('BUTTON=SCAN;USER="joe";HOST=10.77.8.2:54925;')]),
      ),
      ...w.tcp(
        AT + 3,
        [scanner, w.port()],
        [pc, 54_921],
        [
          [0.01, '>', '\x1bS\nR=300,300\nM=CGRAY\n'],
          [0.01, '<', '+OK 200\r\n'],
        ],
      ),
    ];
  },
  'UPnP: a search, then its events are delivered back'(w) {
    const [pc, device] = [w.host(), w.host()];
    return [
      w.udp(AT, [pc, w.port()], [device, 1900], 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n'),
      ...w.tcp(
        AT + 1,
        [pc, w.port()],
        [device, 49_152],
        [
          [0.01, '>', 'SUBSCRIBE /e HTTP/1.1\r\nCALLBACK: <http://10.77.8.3:5000/>\r\n\r\n'],
          [0.01, '<', 'HTTP/1.1 200 OK\r\n\r\n'],
        ],
      ),
      ...w.tcp(
        AT + 2,
        [device, w.port()],
        [pc, 5000],
        [
          [0.01, '>', 'NOTIFY / HTTP/1.1\r\nHost: 10.77.8.3:5000\r\n\r\n<e/>'],
          [0.01, '<', 'HTTP/1.1 200 OK\r\n\r\n'],
        ],
      ),
    ];
  },
  'a magic packet that wakes a machine, which then mounts its disks'(w) {
    const [server, pc] = [w.host(), w.host()];
    const mac = w.bytes(6);
    return [
      w.udp(
        AT,
        [server, w.port()],
        [pc, 40_000],
        concat([be(8, 255, 255, 255, 255, 255, 255), ...Array.from({ length: 16 }, () => mac)]),
      ),
      ...w.tcp(
        AT + 30,
        [pc, w.port()],
        [server, 445],
        [
          [0.01, '>', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
          [0.01, '<', concat([be(32, 100), be(32, 0xfe534d42), w.bytes(96)])],
        ],
      ),
    ];
  },
  'TFTP from a port of its own'(w) {
    const [phone, server] = [w.host(), w.host()];
    return [
      w.udp(AT, [phone, 50_000], [server, 69], concat([be(16, 1), utf8('phone.cfg\0octet\0')])),
      ...Array.from({ length: 4 }, (_, turn) => [
        w.udp(AT + 0.1 + 0.1 * turn, [server, 60_000], [phone, 50_000], concat([be(16, 3, turn + 1), w.bytes(512)])),
        w.udp(AT + 0.15 + 0.1 * turn, [phone, 50_000], [server, 60_000], be(16, 4, turn + 1)),
      ]).flat(),
    ];
  },
  'IPsec that is keyed anew'(w) {
    const [a, b] = [w.stranger(), w.host()];
    const ike = (first: boolean) =>
      concat([
        w.bytes(8),
        first ? new Uint8Array(8) : w.bytes(8),
        be(8, 33, 0x20, 34, 8),
        be(32, 0, 228),
        w.bytes(200),
      ]);
    return [
      w.udp(AT, [a, 500], [b, 500], ike(true)),
      w.udp(AT + 0.05, [b, 500], [a, 500], ike(false)),
      w.udp(AT + 0.1, [a, 4500], [b, 4500], concat([be(32, 0), ike(false)])),
      ...Array.from({ length: 8 }, (_, turn) => w.udp(AT + 1 + turn, [b, 4500], [a, 4500], w.bytes(100))),
      ...w.tcp(AT + 20, [b, w.port()], [a, 443], w.tls('vpn.example.org', 2)),
    ];
  },
  'a fetch from the object store by address, each night'(w) {
    const [host, store] = [w.host(), w.host()];
    return Array.from({ length: 12 }, (_, turn) =>
      w.tcp(86_400 * turn + w.seconds(0, 30), [host, w.port()], [store, 9000], w.tls(undefined, 6)),
    ).flat();
  },
  'a bouncer: DCC of IRC'(w) {
    const [a, b, server] = [w.host(), w.stranger(), w.stranger()];
    return [
      ...w.asked(AT - 5, a, server),
      ...w.tcp(
        AT,
        [a, w.port()],
        [server, 6667],
        [
          [0.1, '>', 'NICK joe\r\n'],
          [0.1, '<', ':irc 001 joe :hi\r\n'],
          [1, '<', ':x PRIVMSG joe :\x01DCC SEND a.txt 3232235777 5001 10\x01\r\n'],
        ],
        { close: false },
      ),
      ...w.tcp(
        AT + 3,
        [a, w.port()],
        [b, 5001],
        [
          [0.1, '<', w.bytes(2000)],
          [0.1, '>', be(32, 2000)],
        ],
      ),
    ];
  },
  'a port scan, and a host of the network that then mails its scanner'(w) {
    const [scanner, host] = [w.stranger(), w.host()];
    return [
      ...Array.from({ length: 40 }, (_, turn) =>
        w.refused(AT + 0.05 * turn, [scanner, w.port()], [host, 100 + turn * 37]),
      ).flat(),
      ...w.tcp(AT + 4, [scanner, w.port()], [host, 22], [[0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n']]),
      ...w.tcp(AT + 20, [host, w.port()], [scanner, 25], TEXT('220 mx', 'EHLO a', '250 ok')),
    ];
  },
  'a client behind a translator that comes again'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      ...w.tcp(
        AT,
        [far, w.port()],
        [host, 9443],
        [
          [0.01, '>', w.bytes(80)],
          [0.01, '<', w.bytes(120)],
          [0.5, '>', w.bytes(80)],
          [0.1, '<', w.bytes(300)],
        ],
      ),
      ...w.tcp(
        AT + 9,
        [far, w.port()],
        [host, 9443],
        [
          [0.01, '>', w.bytes(80)],
          [0.01, '<', w.bytes(120)],
        ],
      ),
      ...w.tcp(
        AT + 20,
        [far, w.port()],
        [host, 9444],
        [
          [0.01, '>', w.bytes(80)],
          [0.01, '<', w.bytes(120)],
        ],
      ),
    ];
  },
  'remote shell of old, with its second channel'(w) {
    const [client, server] = [w.host(), w.host()];
    return [
      ...w.tcp(
        AT,
        [client, 1023],
        [server, 514],
        [
          [0.01, '>', '1022\0'],
          [0.2, '>', 'joe\0joe\0date\0'],
          [0.1, '<', '\0Thu\n'],
        ],
      ),
      ...w.tcp(AT + 0.1, [server, 1020], [client, 1022], [[0.1, '>', 'warning: no tty\n']]),
    ];
  },
  'MQTT and a device that is updated'(w) {
    const [device, broker] = [w.host(), w.stranger()];
    return [
      ...w.asked(AT - 1, device, broker),
      ...w.tcp(
        AT,
        [device, w.port()],
        [broker, 1883],
        [
          [0.01, '>', concat([be(8, 0x10, 20, 0, 4), utf8('MQTT'), be(8, 4, 2, 0, 60, 0, 8), utf8('device01')])],
          [0.01, '<', be(8, 0x20, 2, 0, 0)],
        ],
      ),
      ...w.tcp(AT + 5, [device, w.port()], [broker, 8883], w.tls(undefined, 5)),
    ];
  },
  'a load balancer that checks with bytes of its own'(w) {
    const [balancer, host] = [w.host(), w.host()];
    return Array.from({ length: 12 }, (_, turn) => [
      ...w.tcp(AT + 5 * turn, [balancer, w.port()], [host, 443], [[0.001, '>', w.bytes(24)]]),
      ...(turn === 4 ? w.tcp(AT + 22, [host, w.port()], [balancer, 443], w.tls('api.example.org', 2)) : []),
    ]).flat();
  },
  'GTP-C of a partner, and its own session for management'(w) {
    const [partner, node] = [w.stranger(), w.host()];
    const echo = (type: number, turn: number) =>
      concat([
        be(8, 0x32, type),
        be(16, type === 1 ? 4 : 6),
        be(32, 0),
        be(16, turn),
        be(8, 0, 0),
        ...(type === 1 ? [] : [be(8, 14, 1)]),
      ]);
    return Array.from({ length: 10 }, (_, turn) => [
      w.udp(AT + 60 * turn, [partner, 2123], [node, 2123], echo(1, turn)),
      w.udp(AT + 60 * turn + 0.01, [node, 2123], [partner, 2123], echo(2, turn)),
      w.udp(AT + 60 * turn + 30, [node, 2123], [partner, 2123], echo(1, turn)),
      w.udp(AT + 60 * turn + 30.01, [partner, 2123], [node, 2123], echo(2, turn)),
    ]).flat();
  },
  'a call back of a backup server to its client'(w) {
    const [client, server] = [w.host(), w.host()];
    return [
      ...w.tcp(
        AT,
        [client, w.port()],
        [server, 1500],
        [
          [0.01, '>', concat([be(16, 33, 0x1da5), w.bytes(29)])],
          [0.01, '<', concat([be(16, 60, 0x1ea5), w.bytes(56)])],
        ],
      ),
      ...w.tcp(
        AT + 4,
        [server, w.port()],
        [client, 1501],
        [
          [0.01, '>', concat([be(16, 33, 0x1da5), w.bytes(29)])],
          [0.01, '<', concat([be(16, 60, 0x1ea5), w.bytes(56)])],
        ],
      ),
    ];
  },
  'a cluster that elects over multicast'(w) {
    const [a, b] = [w.host(), w.host()];
    if (w.version === 6) return [];
    const vrrp = concat([be(8, 0x21, 51, 100, 1, 0, 1), be(16, 0), addressBytes('10.77.8.200')]);
    return [
      ...Array.from({ length: 30 }, (_, turn) => w.frame(AT + turn, a, '224.0.0.18', 112, vrrp)),
      ...w.tcp(
        AT + 10,
        [b, w.port()],
        [a, 694],
        [
          [0.01, '>', w.bytes(40)],
          [0.01, '<', w.bytes(40)],
        ],
      ),
    ];
  },
  'a stranger that speaks nonsense to a mail server, which asks IDENT who he is'(w) {
    const [far, host] = [w.stranger(), w.host()];
    const port = w.port();
    return [
      ...w.tcp(
        AT,
        [far, port],
        [host, 25],
        [
          [0.01, '<', '220 mx ready\r\n'],
          [0.01, '>', w.bytes(30)],
          [0.01, '<', '500 what?\r\n'],
        ],
      ),
      ...w.tcp(
        AT + 0.1,
        [host, w.port()],
        [far, 113],
        [
          [0.01, '>', `${port}, 25\r\n`],
          [0.01, '<', `${port}, 25 : USERID : UNIX : joe\r\n`],
        ],
      ),
    ];
  },
  'a mail server that tests whether the sender takes mail'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      ...w.tcp(
        AT,
        [far, w.port()],
        [host, 25],
        [...TEXT('220 mx', 'EHLO a', '250 STARTTLS', 'STARTTLS', '220 go'), ...w.tls(undefined, 2)],
      ),
      ...w.tcp(
        AT + 2,
        [host, w.port()],
        [far, 25],
        [...TEXT('220 mx', 'EHLO b', '250 STARTTLS', 'STARTTLS', '220 go'), ...w.tls(undefined, 2)],
      ),
    ];
  },
  'metrics by UDP in a form of their own, whose receiver looks after the sender by SSH and HTTP'(w) {
    const [node, collector] = [w.host(), w.host()];
    const collectd = (turn: number) =>
      concat([
        be(16, 0, 10),
        utf8('node1\0'),
        be(16, 8, 12),
        w.bytes(4),
        be(32, turn),
        be(16, 6, 15, 1),
        be(8, 1),
        w.bytes(8),
      ]);
    return [
      ...Array.from({ length: 12 }, (_, turn) =>
        w.udp(AT + 10 * turn, [node, 40_111], [collector, 25_826], collectd(turn)),
      ),
      ...w.tcp(
        AT + 15,
        [collector, w.port()],
        [node, 9103],
        [
          [0.01, '>', 'GET /metrics HTTP/1.1\r\nHost: 10.77.8.9\r\n\r\n'],
          [0.01, '<', 'HTTP/1.1 200 OK\r\n\r\nx 1\n'],
        ],
      ),
      ...w.tcp(
        AT + 25,
        [collector, w.port()],
        [node, 22],
        [
          [0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n'],
          [0.01, '>', 'SSH-2.0-paramiko\r\n'],
        ],
      ),
    ];
  },
  'logs in a compressed form, whose receiver asks an API of the sender'(w) {
    const [node, collector] = [w.host(), w.host()];
    return [
      ...Array.from({ length: 9 }, (_, turn) =>
        w.udp(AT + 1 * turn, [node, 40_112], [collector, 12_201], concat([be(8, 0x1f, 0x8b, 8, 0), w.bytes(180)])),
      ),
      ...w.tcp(AT + 4, [collector, w.port()], [node, 8443], w.tls(undefined, 3)),
    ];
  },
  'a protocol of its own that answers, and later calls back'(w) {
    const [client, server] = [w.stranger(), w.host()];
    return [
      ...w.tcp(
        AT,
        [client, w.port()],
        [server, 7788],
        [
          [0.01, '>', w.bytes(24)],
          [0.05, '<', w.bytes(80)],
          [0.5, '>', w.bytes(40)],
          [0.05, '<', w.bytes(90)],
        ],
      ),
      ...w.tcp(AT + 5, [server, w.port()], [client, 7789], w.opaqueShell(6, '>')),
      w.udp(AT + 100, [client, 5000], [server, 5001], w.bytes(40)),
      w.udp(AT + 100.1, [server, 5001], [client, 5000], w.bytes(40)),
      ...w.tcp(AT + 104, [server, w.port()], [client, 443], w.tls(undefined, 3)),
    ];
  },
  'a node of signalling that was started again, and its peer that did not notice'(w) {
    const [a, b] = [w.host(), w.host()];
    const data = chunkOf(
      0,
      3,
      concat([be(32, 50), be(16, 0, 3), be(32, 3), be(8, 1, 0, 3, 3), be(32, 16), be(16, 9, 8), w.bytes(4)]),
    );
    return [
      sctpFrame(w, AT, [a, 2905], [b, 2905], 0x1234, data),
      sctpFrame(w, AT + 0.01, [b, 2905], [a, 2905], 0x1234, chunkOf(6, 1, new Uint8Array())),
      ...sctpSetUp(
        w,
        AT + 3,
        [b, 2905],
        [a, 2905],
        () => concat([be(8, 1, 0, 3, 3), be(32, 16), be(16, 9, 8), w.bytes(4)]),
        12,
        { protocol: 3 },
      ),
    ];
  },
  'time from a server that is also asked over TLS'(w) {
    const [host, server] = [w.host(), w.stranger()];
    const ntp = (mode: number) => concat([be(8, 0x20 | mode, 2, 6, 0xe9), w.bytes(44)]);
    return [
      w.udp(AT, [server, 123], [host, 123], ntp(4)),
      w.udp(AT + 1, [host, 123], [server, 123], ntp(3)),
      w.udp(AT + 2, [server, 123], [host, 123], concat([ntp(4), be(32, 7), w.bytes(20)])),
      w.udp(
        AT + 3,
        [server, 50_123],
        [host, 123],
        concat([ntp(3), be(16, 0x0104, 36), w.bytes(32), be(16, 0x0204, 104), w.bytes(100)]),
      ),
      w.udp(AT + 3, [server, 50_124], [host, 123], concat([be(8, 0x16, 2), be(16, 7, 0, 0, 0, 20), w.bytes(20)])),
      ...w.tcp(AT + 4, [host, w.port()], [server, 4460], w.tls(undefined, 2)),
    ];
  },
};
