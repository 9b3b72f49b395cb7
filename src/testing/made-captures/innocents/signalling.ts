import { concat, utf8 } from '../../../lib/bytes.ts';
import { be } from '../../wire.ts';
import { chunkOf, sctpFrame, sctpSetUp } from '../sctp.ts';
import type { Innocent } from './innocent.ts';

const AT = 300;

/** What nodes of a telephone network do. */
export const signalling: Readonly<Record<string, Innocent>> = {
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
};
