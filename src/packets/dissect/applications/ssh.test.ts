import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat } from '../../../lib/bytes.ts';
import { anyBytes } from '../../../testing/mutations.ts';
import { bytesOf, talkOf } from '../../../testing/talking.ts';
import { be } from '../../../testing/wire.ts';
import { sshBanner } from './ssh.ts';

const bannerOf = (text: string): ReturnType<typeof sshBanner> => sshBanner(bytesOf(text), 0, text.length);
const BANNER = 'SSH-2.0-OpenSSH_9.6 Debian-4\r\n';
/** A packet in the clear: its length, how much fills it up, and what it is. */
const packet = (message: number, size: number): Uint8Array =>
  concat([be(32, size), be(8, 4, message), new Uint8Array(size - 2)]);

it('reads who an end says it is', () => {
  expect(bannerOf(`${BANNER}rest`)).toEqual({
    version: '2.0',
    software: 'OpenSSH_9.6',
    comments: 'Debian-4',
    end: BANNER.length,
  });
  expect(bannerOf('SSH-1.99-x\n')).toEqual({ version: '1.99', software: 'x', comments: '', end: 11 });
});

it.each(['', 'SSH-2.0-x', 'HTTP/1.1 200 OK\r\n', `SSH-2.0-${'x'.repeat(300)}\r\n`])('reads nothing of %j', (text) => {
  expect(bannerOf(text)).toBeUndefined();
});

it('puts packets together until the keys change', () => {
  const keys = packet(20, 100);

  expect(
    talkOf(22, [
      { says: BANNER },
      { says: keys.subarray(0, 60) },
      { says: keys.subarray(60) },
      { says: concat([packet(31, 30), packet(21, 12)]) },
      { says: be(32, 1000, 0) },
      { says: 'whatever' },
    ]),
  ).toEqual(['tcp/ssh', 'tcp/ssh', 'tcp/ssh/tcp.segments', 'tcp/ssh', 'tcp/ssh', 'tcp/ssh']);
});

it('goes on with lengths where version 1 is spoken', () => {
  // 5 bytes are filled up to 8 behind their length.
  const one = concat([be(32, 5), new Uint8Array(8)]);

  expect(
    talkOf(22, [{ says: 'SSH-1.5-x\n' }, { says: one }, { says: one.subarray(0, 9) }, { says: one.subarray(9) }]),
  ).toEqual(['tcp/ssh', 'tcp/ssh', 'tcp/ssh', 'tcp/ssh/tcp.segments']);
});

it('takes what is seen from the middle on as it comes', () => {
  expect(talkOf(22, [{ says: be(32, 1, 2, 3) }, { says: be(32, 0xffff_ffff) }])).toEqual(['tcp/ssh', 'tcp/ssh']);
});

it('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.array(anyBytes(), { maxLength: 5 }), (parts) => {
      const told = talkOf(
        22,
        [BANNER, ...parts].map((says) => ({ says })),
      );
      expect(told).toHaveLength(parts.length + 1);
    }),
  );
});
