import { expect, it } from 'vitest';
import { fromHex, toHex } from '../lib/bytes.ts';
import { internetChecksum, wordSum } from './checksum.ts';
import { completeHeaders } from './complete.ts';
import { sampleFrames } from './frames.ts';

const bytes = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array();
const always = (): boolean => true;

it('adds up words as RFC 1071 does', () => {
  // The example of RFC 1071, section 3: the sum is ddf2.
  expect(internetChecksum(bytes('0001 f203 f4f5 f6f7'), 0, 8)).toBe(0xddf2 ^ 0xffff);
  expect(internetChecksum(bytes('0001 f2'), 0, 3)).toBe(0xf201 ^ 0xffff);
});

it('fills in lengths and checksums of IPv4 and UDP', () => {
  const packet = bytes('45000000 00010000 40110000 c0000201 c6336402 c3500035 00000000 6869');

  completeHeaders(packet, 0, undefined, always);

  expect(toHex(packet)).toBe('4500001e0001000040118e97c0000201c6336402c3500035000ae7b36869');
});

it('leaves alone what may not be written, and later fragments', () => {
  const packet = bytes('45000000 00010001 40110000 c0000201 c6336402 c3500035 00000000 6869');

  completeHeaders(packet, 0, 0x0800, (at) => at !== 2);

  expect(toHex(packet.slice(2, 4))).toBe('0000');
  expect(toHex(packet.slice(24, 28))).toBe('00000000');
});

it('finds the network header behind VLAN tags', () => {
  const frame = bytes(
    `00005e005302 00005e005301 8100 0005 86dd 60000000 0000 11 40 ${'20010db8000000000000000000000001'.repeat(2)} c3500035 00000000`,
  );

  completeHeaders(frame, 14, 0x8100, always);

  expect(toHex(frame.slice(22, 24))).toBe('0008');
  expect(toHex(frame.slice(62, 64))).toBe('0008');
});

it('never writes behind the end, however short the packet', () => {
  for (const frame of sampleFrames('ethernet')) {
    for (let length = 14; length < frame.length; length++) {
      const cut = frame.slice(0, length);
      completeHeaders(cut, 14, ((cut[12] ?? 0) << 8) | (cut[13] ?? 0), always);
      expect(cut.length).toBe(length);
    }
  }
});

it('makes sample packets whose checksums hold', () => {
  for (const frame of sampleFrames('ethernet')) {
    const packet = frame.slice();
    if (packet[12] !== 0x08 || packet[13] !== 0x00) continue;
    completeHeaders(packet, 14, 0x0800, always);
    expect(internetChecksum(packet, 14, 34)).toBe(0);
    if (packet[23] !== 17 && packet[23] !== 6) continue;
    const pseudo = wordSum(packet, 26, 34) + packet[23] + packet.length - 34;
    expect(internetChecksum(packet, 34, packet.length, pseudo)).toBe(0);
  }
});
