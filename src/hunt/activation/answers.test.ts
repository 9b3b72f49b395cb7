import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { answerSctp, answerTcp, answerUdp } from './answers.ts';
import type { Trigger } from './trigger.ts';

const OPAQUE = fromHex('aeaaeb76a84b226b00353b8bd8e8d802dc9bcd77')!;
const DNS = concat([fromHex('123481810001000000000000')!, fromHex('01610000010001')!]);

/** What a trigger's answer is taken for. */
function taken(answer: typeof answerTcp, bytes: Uint8Array, sourcePort: number, trigger: Partial<Trigger> = {}) {
  const held = { kind: 'tcp', answer: 'none', followers: 0, ...trigger } as Trigger;
  answer(held, { bytes, payload: 0, end: bytes.length, sourcePort } as Sight);
  return held.answer;
}

it.each<[string, Uint8Array, number, Partial<Trigger>, Trigger['answer']]>([
  ['an end without a word', new Uint8Array(), 80, {}, 'refused'],
  ['an error of HTTP', utf8('HTTP/1.1 400 Bad Request\r\n'), 80, {}, 'refused'],
  ['what the port is for', utf8('HTTP/1.1 200 OK\r\n'), 80, {}, 'answered'],
  ['bytes in kind', OPAQUE, 7777, {}, 'understood'],
  ['an answer behind more that was said', utf8('HTTP/1.1 200 OK\r\n'), 80, { followers: 2 }, 'understood'],
  ['any page that a POST is given', utf8('HTTP/1.1 200 OK\r\n'), 80, { kind: 'post' }, 'answered'],
  ['a second answer', OPAQUE, 80, { answer: 'refused' }, 'refused'],
])('takes %s over TCP for what it is', (_, bytes, port, trigger, answer) => {
  expect(taken(answerTcp, bytes, port, trigger)).toBe(answer);
});

it.each<[string, Uint8Array, number, Trigger['answer']]>([
  ['one byte', Uint8Array.of(0x31), 40_000, 'none'],
  ['bytes in kind', OPAQUE, 40_000, 'understood'],
  ['an error of DNS', DNS, 53, 'answered'],
])('takes %s over UDP for what it is', (_, bytes, port, answer) => {
  expect(taken(answerUdp, bytes, port, { kind: 'udp' })).toBe(answer);
});

it('tells the end of an association from an acknowledgement', () => {
  const chunk = (type: number) => Uint8Array.of(type, 0, 0, 4);

  expect([taken(answerSctp, chunk(6), 1), taken(answerSctp, chunk(3), 1)]).toEqual(['refused', 'understood']);
});
