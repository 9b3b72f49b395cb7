import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { eventsOf } from '../../testing/watched.ts';
import { address, be, ethernet, ip4, tcpFrame, TCP, udpFrame, type MadeFrame } from '../../testing/wire.ts';
import { activation } from './activation.ts';

const [HOST, SENDER] = ['10.1.2.3', '198.51.100.7'];
const NOISE = fromHex('9c01f3a8e27745d10bb6c8f91e2d')!;
/** What is strong by itself: wrong for its port, and it holds its sender's address. */
const strong = (at: number): MadeFrame => ({
  at,
  bytes: udpFrame([SENDER, 999], [HOST, 161], concat([fromHex('c30d0000')!, address(SENDER), NOISE])),
});
const asked = (at: number, port = 443): MadeFrame => ({
  at,
  bytes: tcpFrame([HOST, 50_000], [SENDER, port], { flags: TCP.syn, seq: 100 }),
});
const chunkFrame = (
  at: number,
  from: readonly [string, number],
  to: readonly [string, number],
  type: number,
  body: Uint8Array,
) => {
  const header = concat([be(16, from[1], to[1]), be(32, 7, 0), be(8, type, 3), be(16, 4 + body.length)]);
  return { at, bytes: ethernet(0x0800, ip4({ src: from[0], dst: to[0], protocol: 132 }, concat([header, body]))) };
};
const told = async (frames: readonly MadeFrame[]) =>
  (await eventsOf([activation], frames)).map(({ measures }) => [measures['consequence'], measures['certain']]);

it('calls an attempt likely that failed after a strong trigger', async () => {
  expect(await told([strong(1), asked(3)])).toEqual([['back', false]]);
});

it('is certain of a session that says nothing, after such a trigger', async () => {
  const accepted = { at: 3.1, bytes: tcpFrame([SENDER, 443], [HOST, 50_000], { flags: TCP.syn | TCP.ack }) };

  expect(await told([strong(1), asked(3), accepted])).toEqual([['back', true]]);
});

it('corrects what was only likely when it becomes certain', async () => {
  const later = [
    asked(70, 8443),
    { at: 70.1, bytes: tcpFrame([SENDER, 8443], [HOST, 50_000], { flags: TCP.syn | TCP.ack }) },
    { at: 70.2, bytes: tcpFrame([HOST, 50_000], [SENDER, 8443], { flags: TCP.ack | TCP.psh }, NOISE) },
  ];

  expect(await told([strong(1), asked(3), strong(65), ...later])).toEqual([
    ['back', false],
    ['back', true],
  ]);
});

it.each<[string, number, number, boolean[]]>([
  ['bytes of nothing', 0, 40_000, [true]],
  ['a message of signalling', 3, 40_000, [false]],
  ['bytes of nothing to the port that the trigger came from', 0, 999, []],
])('follows a trigger to an association of SCTP with %s', async (_, protocol, port, certain) => {
  const lone = { at: 1, bytes: udpFrame([SENDER, 999], [HOST, 40_001], NOISE) };
  const frames = [
    chunkFrame(3, [HOST, 50_000], [SENDER, port], 1, new Uint8Array(16)),
    chunkFrame(3.1, [SENDER, port], [HOST, 50_000], 2, new Uint8Array(16)),
    chunkFrame(3.2, [HOST, 50_000], [SENDER, port], 0, concat([be(32, 1, 0, protocol), NOISE])),
  ];

  expect((await told([lone, ...frames])).map(([, sure]) => sure)).toEqual(certain);
});

it('takes a host that calls many back for one whose work that is', async () => {
  const others = Array.from({ length: 8 }, (_, index): MadeFrame[] => {
    const other = `192.0.2.${index + 1}`;
    return [
      { at: 1 + index, bytes: tcpFrame([other, 2000], [HOST, 25], { flags: TCP.syn }) },
      { at: 1.5 + index, bytes: tcpFrame([HOST, 3000 + index], [other, 113], { flags: TCP.syn }) },
    ];
  }).flat();
  const accepted = { at: 33.1, bytes: tcpFrame([SENDER, 443], [HOST, 50_000], { flags: TCP.syn | TCP.ack }) };

  expect(await told([...others, strong(31), asked(33), accepted])).toEqual([]);
});
