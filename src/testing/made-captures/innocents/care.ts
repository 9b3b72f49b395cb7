import { concat, utf8 } from '../../../lib/bytes.ts';
import { be, icmp } from '../../wire.ts';
import type { Innocent } from './innocent.ts';
import { linesOf } from './innocent.ts';

const AT = 300;

/** What looks after machines: monitoring, logs, backups, tests of reachability. */
export const care: Readonly<Record<string, Innocent>> = {
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
  'a fetch from the object store by address, each night'(w) {
    const [host, store] = [w.host(), w.host()];
    return Array.from({ length: 12 }, (_, turn) =>
      w.tcp(86_400 * turn + w.seconds(0, 30), [host, w.port()], [store, 9000], w.tls(undefined, 6)),
    ).flat();
  },
  'a port scan, and a host of the network that then mails its scanner'(w) {
    const [scanner, host] = [w.stranger(), w.host()];
    return [
      ...Array.from({ length: 40 }, (_, turn) =>
        w.refused(AT + 0.05 * turn, [scanner, w.port()], [host, 100 + turn * 37]),
      ).flat(),
      ...w.tcp(AT + 4, [scanner, w.port()], [host, 22], [[0.01, '<', 'SSH-2.0-OpenSSH_9.2\r\n']]),
      ...w.tcp(AT + 20, [host, w.port()], [scanner, 25], linesOf('220 mx', 'EHLO a', '250 ok')),
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
};
