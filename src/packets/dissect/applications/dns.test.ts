import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, datagramTo, talkOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';
import { dnsName, dnsQuestion, looksLikeDns } from './dns.ts';

/** Header of a message: identifier, flags, and how many of each kind of record there are. */
const header = (flags: number, questions: number, answers = 0): Uint8Array =>
  be(16, 0x1234, flags, questions, answers, 0, 0);
const QUERY = concat([header(0x0100, 1), bytesOf('\x03www\x07example\x03com\0'), be(16, 1, 1)]);
const ANSWER = concat([
  header(0x8180, 1, 1),
  QUERY.subarray(12),
  be(16, 0xc00c, 1, 1),
  be(32, 60),
  be(16, 4),
  be(8, 192, 0, 2, 1),
]);

describe('names', () => {
  const nameIn = (text: string, at = 0): ReturnType<typeof dnsName> => dnsName(bytesOf(text), at, text.length, 0);

  it('reads labels, pointers and the root', () => {
    const text = '\x03www\x07example\0\x02ns\xc0\x04\0';

    expect(nameIn(text)).toEqual({ name: 'www.example', end: 13 });
    expect(nameIn(text, 13)).toEqual({ name: 'ns.example', end: 18 });
    expect(nameIn(text, 18)).toEqual({ name: '', end: 19 });
  });

  it('writes bytes that are no letters as numbers', () => {
    expect(nameIn('\x05a.b\\\xff\0')).toEqual({ name: 'a\\046b\\092\\255', end: 7 });
  });

  it.each([
    ['a pointer to itself', '\xc0\0'],
    ['a pointer forward', '\xc0\x02\0'],
    ['a label that is cut', '\x09abc'],
    ['no end', '\x03abc'],
    ['a label of a kind that is not known', '\x40abc\0'],
    ['too long a name', `${`\x3f${'x'.repeat(63)}`.repeat(4)}\0`],
  ])('reads nothing where there is %s', (_, text) => {
    expect(nameIn(text)).toBeUndefined();
  });
});

it('reads questions and their answers', () => {
  const asked = { id: 0x1234, code: 0, name: 'www.example.com', type: 1 };

  expect(dnsQuestion(QUERY, 0, QUERY.length)).toEqual({ ...asked, response: false, answers: 0 });
  expect(dnsQuestion(ANSWER, 0, ANSWER.length)).toEqual({ ...asked, response: true, answers: 1 });
  expect(dnsQuestion(header(0, 0), 0, 12)).toBeUndefined();
  expect(dnsQuestion(QUERY, 0, QUERY.length - 1)).toBeUndefined();
});

it('knows messages on any port by what they hold', () => {
  const many = concat([header(0x0100, 7), QUERY.subarray(12)]);
  const refused = concat([header(0x8185, 1), QUERY.subarray(12)]);
  const looks = [QUERY, ANSWER, many, refused].map((one) => looksLikeDns(one, 0, one.length));

  expect(looks).toEqual([true, true, false, false]);
  expect(datagramTo(5000, QUERY)).toBe('udp/dns');
  expect(datagramTo(53, 'x')).toBe('udp/dns');
  expect(datagramTo(5353, QUERY)).toBe('udp');
});

it('cuts messages out of a stream', () => {
  expect(talkOf(53, [{ up: true, says: concat([be(16, QUERY.length), QUERY]) }])).toEqual(['tcp/dns']);
});

it('never throws, and never reads past the end', () => {
  fc.assert(
    fc.property(anyBytes(), fc.nat({ max: 300 }), (bytes, at) => {
      const name = dnsName(bytes, at, bytes.length, 0);

      expect(name === undefined || (name.end <= bytes.length && name.name.length <= 4 * 255)).toBe(true);
      looksLikeDns(bytes, at, bytes.length);
    }),
  );
});
