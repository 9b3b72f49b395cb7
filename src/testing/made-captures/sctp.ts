import { concat } from '../../lib/bytes.ts';
import { be } from '../wire.ts';
import type { End, Part, World } from './world.ts';

export function chunkOf(type: number, flags: number, body: Uint8Array): Uint8Array {
  return concat([be(8, type, flags), be(16, 4 + body.length), body, new Uint8Array(-body.length & 3)]);
}

export function sctpFrame(
  world: World,
  at: number,
  from: End,
  to: End,
  tag: number,
  chunk: Uint8Array,
  trigger = false,
): Part {
  return world.frame(at, from[0], to[0], 132, concat([be(16, from[1], to[1]), be(32, tag, 0), chunk]), trigger);
}

/** An association, what its sides say in turn, and its end. */
export function sctpSetUp(
  world: World,
  at: number,
  client: End,
  server: End,
  say: (turn: number) => Uint8Array,
  turns: number,
  { protocol = 0, trigger = false, gap = 1 }: { protocol?: number; trigger?: boolean; gap?: number } = {},
): Part[] {
  const [mine, theirs] = [world.random.word(), world.random.word()];
  const out = (after: number, tag: number, chunk: Uint8Array) =>
    sctpFrame(world, at + after, client, server, tag, chunk, trigger);
  const back = (after: number, tag: number, chunk: Uint8Array) =>
    sctpFrame(world, at + after, server, client, tag, chunk, trigger);
  const init = (tag: number) => concat([be(32, tag, 65_536), be(16, 10, 10), be(32, 1)]);
  const cookie = world.bytes(64);
  const sent = { out: 0, back: 0 };
  return [
    out(0, 0, chunkOf(1, 0, init(mine))),
    back(0.004, mine, chunkOf(2, 0, concat([init(theirs), be(16, 7, 68), cookie]))),
    out(0.005, theirs, chunkOf(10, 0, cookie)),
    back(0.009, mine, chunkOf(11, 0, new Uint8Array())),
    ...Array.from({ length: turns }, (_, turn) => {
      const forward = turn % 2 === 0;
      const tsn = forward ? ++sent.out : ++sent.back;
      const data = chunkOf(0, 3, concat([be(32, tsn), be(16, 0, tsn - 1), be(32, protocol), say(turn)]));
      const sack = chunkOf(3, 0, concat([be(32, tsn, 65_536), be(16, 0, 0)]));
      const after = 0.02 + gap * turn;
      return forward
        ? [out(after, theirs, data), back(after + 0.003, mine, sack)]
        : [back(after, mine, data), out(after + 0.003, theirs, sack)];
    }).flat(),
  ];
}
