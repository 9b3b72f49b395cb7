import { expect, it } from 'vitest';
import { fromHex, utf8 } from '../../lib/bytes.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { hear, isTyped, newSide, type Session } from './session.ts';

const made = (): Session =>
  ({
    direction: 'back',
    initiator: 1,
    protocol: 'tcp',
    port: 4444,
    steps: [],
    asking: newSide(),
    answering: newSide(),
    nameless: false,
  }) as unknown as Session;

function say(session: Session, source: number, bytes: Uint8Array, seconds: number, flags = 0x18): void {
  hear(session, {
    source,
    flags,
    bytes,
    payload: 0,
    end: bytes.length,
    micros: seconds * 1e6,
    frame: 1,
    at: 0,
    whole: false,
    frameStart: 0,
  } as Sight);
}

it('gathers the first bytes of each side until they tell something', () => {
  const session = made();
  for (const [index, letter] of [...'9c01f3a8e277'.matchAll(/../g)].entries())
    say(session, 1, fromHex(letter[0])!, index);
  say(session, 2, utf8('ls'), 3);

  expect([session.asking.first, session.answering.first, session.asking.bytes]).toEqual(['opaque', undefined, 6]);
});

it('puts each packet into words', () => {
  const session = made();
  say(session, 1, new Uint8Array(), 1, 2);
  say(session, 2, utf8('SSH-2.0-x\r\n'), 2);

  expect(session.steps.map(({ asking, what }) => [asking, what])).toEqual([
    [true, 'SYN'],
    [false, 'ACK 11 bytes (ssh)'],
  ]);
});

it('keeps no more than a few packets', () => {
  const session = made();
  for (let index = 0; index < 100; index++) say(session, 1, utf8('a'), index);

  expect([session.steps.length, session.asking.packets, session.asking.heard]).toEqual([18, 100, 64]);
});

it('knows a person by small packets with pauses, at the end that is not the woken host', () => {
  const [typed, quick, large] = [made(), made(), made()];
  for (let index = 0; index < 5; index++) {
    for (const [session, gap, length] of [
      [typed, 0.2, 2],
      [quick, 0.001, 2],
      [large, 0.2, 900],
    ] as const) {
      say(session, 2, new Uint8Array(length), index * gap);
      say(session, 1, new Uint8Array(3), index * gap + gap / 2);
    }
  }

  expect([typed, quick, large].map(isTyped)).toEqual([true, false, false]);
});
