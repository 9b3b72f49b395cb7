import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { talkOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';

/** A message of TACACS+ with so many bytes behind its header. */
const message = (size: number): Uint8Array => concat([be(8, 0xc0, 1, 1, 0), be(32, 7, size), new Uint8Array(size)]);

it('tells of each message of a segment', () => {
  expect(talkOf(49, [{ says: concat([message(3), message(0), message(9)]) }])).toEqual(['tcp/tacplus/tacplus/tacplus']);
});

it('waits for what a message says that it has', () => {
  const bytes = concat([message(3), message(40)]);

  expect(talkOf(49, [{ says: bytes.subarray(0, 30) }, { says: bytes.subarray(30) }])).toEqual([
    'tcp/tacplus',
    'tcp/tacplus/tcp.segments',
  ]);
});

it('tells of nothing behind what is no message, and leaves to others what never was one', () => {
  expect(talkOf(49, [{ says: concat([message(3), be(8, 1, 2, 3)]) }])).toEqual(['tcp/tacplus']);
  expect(talkOf(49, [{ says: '\x16\x03\x01\0\x01x' }])).toEqual(['tcp/tls']);
});
