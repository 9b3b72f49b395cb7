import { concat, utf8 } from '../../../lib/bytes.ts';
import { be } from '../../wire.ts';
import type { Innocent } from './innocent.ts';
import { addressBytes } from '../world.ts';

const AT = 300;

/** What machines do among themselves: names, time, keys, replication. */
export const networks: Readonly<Record<string, Innocent>> = {
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
