import { concat, utf8 } from '../../../lib/bytes.ts';
import { be } from '../../wire.ts';
import type { Innocent } from './innocent.ts';
import { linesOf } from './innocent.ts';

const AT = 300;

/** What people do: mail, files, calls, games, printing. */
export const people: Readonly<Record<string, Innocent>> = {
  'mail server that asks IDENT back'(w) {
    const [far, host] = [w.stranger(), w.host()];
    return [
      ...w.tcp(AT, [far, 40_001], [host, 25], linesOf('220 mx ready', 'EHLO a.example', '250 ok', 'QUIT', '221 bye')),
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
        linesOf(
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
        linesOf(
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
        [...linesOf('220 ftp', 'AUTH TLS', '234 go'), ...w.tls(undefined, 4)],
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
        [...linesOf('220 mx', 'EHLO a', '250 STARTTLS', 'STARTTLS', '220 go'), ...w.tls(undefined, 2)],
      ),
      ...w.tcp(
        AT + 2,
        [host, w.port()],
        [far, 25],
        [...linesOf('220 mx', 'EHLO b', '250 STARTTLS', 'STARTTLS', '220 go'), ...w.tls(undefined, 2)],
      ),
    ];
  },
};
