import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, talkOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';
import { handshakeIn, isOldHello, looksLikeTls, looksLikeZero } from './tls.ts';

const record = (kind: number, size: number): Uint8Array =>
  concat([be(8, kind, 3, 3), be(16, size), new Uint8Array(size)]);

it('reads records that come in pieces', () => {
  const bytes = concat([record(22, 100), record(22, 200)]);

  expect(
    talkOf(443, [{ says: bytes.subarray(0, 150) }, { says: bytes.subarray(150, 200) }, { says: bytes.subarray(200) }]),
  ).toEqual(['tcp/tls', 'tcp', 'tcp/tls/tcp.segments']);
});

it('shows a record that begins behind one that others completed', () => {
  const bytes = concat([record(22, 100), record(22, 200)]);

  expect(talkOf(443, [{ says: bytes.subarray(0, 50) }, { says: bytes.subarray(50, 200) }])).toEqual([
    'tcp/tls',
    'tcp/tls/tcp.segments/tls',
  ]);
});

it('knows it on any port by its first record, and from then on', () => {
  expect(talkOf(40_001, [{ says: record(22, 10) }, { says: 'abcde' }, { says: record(23, 10) }])).toEqual([
    'tcp/tls',
    'tcp',
    'tcp/tls',
  ]);
});

it('takes the middle of a record for part of it on its own ports', () => {
  expect(talkOf(443, [{ says: '\x99\x88\x77\x66\x55' }])).toEqual(['tcp/tls']);
});

it('takes no words for it', () => {
  expect(talkOf(443, [{ says: 'hello there' }])).toEqual(['tcp']);
  expect(talkOf(443, [{ up: true, says: '1QTV0' }])).toEqual(['tcp']);
});

it('reads it behind a greeting in the clear', () => {
  expect(talkOf(21, [{ says: '220 ready\r\n' }, { up: true, says: record(22, 10) }, { says: record(23, 10) }])).toEqual(
    ['tcp', 'tcp/tls', 'tcp/tls'],
  );
});

it.each<[string, string, (bytes: Uint8Array, at: number, end: number) => boolean, boolean]>([
  ['a record', '\x16\x03\x01\x01\0', looksLikeTls, true],
  ['a record of nothing', '\x16\x03\x01\0\0', looksLikeTls, false],
  ['a record that is too long', '\x16\x03\x01\xff\0', looksLikeTls, false],
  ['another kind', '\x30\x03\x01\0\x05', looksLikeTls, false],
  ['the hello of SSL 2', '\x80\x2e\x01\x03\x01', isOldHello, true],
  ['something else of SSL 2', '\x80\x2e\x04\x03\x01', isOldHello, false],
  ['Zero', '0QTV\0', looksLikeZero, true],
  ['no Zero', '2QTV\0', looksLikeZero, false],
])('knows %s', (_, text, looks, expected) => {
  expect(looks(bytesOf(text), 0, text.length)).toBe(expected);
});

it('finds the handshake in a record', () => {
  expect(handshakeIn(bytesOf('\x16\x03\x01\0\x02ab!'), 0, 8)).toEqual(bytesOf('ab'));
  expect(handshakeIn(bytesOf('\x16\x03\x01\0\x09ab'), 0, 7)).toEqual(bytesOf('ab'));
  expect(handshakeIn(bytesOf('\x17\x03\x03\0\x02ab'), 0, 7)).toBeUndefined();
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.array(anyBytes(), { maxLength: 5 }), (parts) => {
      expect(
        talkOf(
          443,
          parts.map((says) => ({ says })),
        ),
      ).toHaveLength(parts.length);
    }),
  );
});
