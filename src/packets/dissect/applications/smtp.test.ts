import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, talkOf } from '../../../testing/talking.ts';
import { smtpLine } from './smtp.ts';

const lineOf = (text: string): ReturnType<typeof smtpLine> => smtpLine(bytesOf(text), 0, text.length);

it.each([
  ['mail from:<a@example.com>\r\n', { word: 'MAIL', rest: 'from:<a@example.com>', end: 27 }],
  ['250-SIZE 1000\r\n250 OK\r\n', { word: '250', rest: 'SIZE 1000', end: 15 }],
  ['QUIT\n', { word: 'QUIT', rest: '', end: 5 }],
  ['QUIT', undefined],
])('reads %j', (text, expected) => {
  expect(lineOf(text)).toEqual(expected);
});

it('reads a dialogue, lines that come in two, and the message in it', () => {
  expect(
    talkOf(25, [
      { says: '220 example.com\r\n' },
      { up: true, says: 'HELO' },
      { up: true, says: ' there\r\n' },
      { says: '250 hi\r\n' },
      { up: true, says: 'DATA\r\n' },
      { says: '354 go\r\n' },
      { up: true, says: 'Subject: x\r\n' },
      { up: true, says: '\r\n.\r\n' },
      { up: true, says: 'QU' },
    ]),
  ).toEqual(['tcp/smtp', 'tcp', 'tcp/smtp/tcp.segments', ...Array.from({ length: 5 }, () => 'tcp/smtp'), 'tcp']);
});

it('knows a message that does not wait for its turn', () => {
  expect(
    talkOf(25, [
      { up: true, says: 'HELO x\r\nDATA\r\nSubject' },
      { up: true, says: ': x\r\n' },
    ]),
  ).toEqual(['tcp/smtp', 'tcp/smtp']);
});

it('gives way to TLS', () => {
  expect(
    talkOf(587, [
      { up: true, says: 'STARTTLS\r\n' },
      { says: '220 go\r\n' },
      { up: true, says: '\x16\x03\x01\0\x01x' },
    ]),
  ).toEqual(['tcp/smtp', 'tcp/smtp', 'tcp/tls']);
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ up: fc.boolean(), says: anyBytes() }), { maxLength: 6 }), (parts) => {
      expect(talkOf(25, parts)).toHaveLength(parts.length);
    }),
  );
});
