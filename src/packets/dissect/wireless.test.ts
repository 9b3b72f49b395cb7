import { expect, it } from 'vitest';
import { concat, fromHex } from '../../lib/bytes.ts';
import { be, ip4, le, udp } from '../../testing/wire.ts';
import { CORE } from './core.ts';
import { Dissector } from './dissector.ts';
import { PROTOCOL_NAMES } from './protocols.ts';

const hex = (text: string): Uint8Array => fromHex(text)!;
const zeros = (length: number): Uint8Array => new Uint8Array(length);

const d = new Dissector(CORE);
const pathOf = (link: number, bytes: Uint8Array): string => {
  d.dissect(link, bytes, 0, bytes.length);
  return Array.from(d.protocol.subarray(0, d.count), (number) => PROTOCOL_NAMES[number]).join('/');
};
const PACKET = concat([
  hex('aaaa030000000800'),
  ip4({ src: '192.0.2.1', dst: '198.51.100.2', protocol: 17 }, udp(5000, 53, hex('6869'))),
]);
/** A frame with its type and flags, and what stands behind the 24 bytes of its header. */
const frame = (control: string, ...rest: readonly Uint8Array[]) => concat([hex(control), zeros(22), ...rest]);
const INNER = concat([zeros(12), be(16, PACKET.length), PACKET]);
const FRAGMENT = concat([hex('0800'), zeros(20), hex('0100'), PACKET]);

it.each([
  ['data', frame('0800', PACKET), 'wlan/llc/ip/udp'],
  ['data between two access points', frame('0803', zeros(6), PACKET), 'wlan/llc/ip/udp'],
  ['data of a class', frame('8801', zeros(2), PACKET), 'wlan/llc/ip/udp'],
  ['data of a class, with control', frame('8881', zeros(6), PACKET), 'wlan/llc/ip/udp'],
  [
    'several frames in one',
    frame('8801', hex('8000'), INNER, zeros((4 - (INNER.length % 4)) % 4), INNER),
    'wlan/wlan_aggregate/llc/ip/udp/llc/ip/udp',
  ],
  ['data that is encrypted', frame('0840', PACKET), 'wlan'],
  ['data in fragments', frame('0804', PACKET), 'wlan'],
  ['a later fragment', FRAGMENT, 'wlan'],
  ['a frame without data', frame('4800'), 'wlan'],
  ['a beacon', frame('8000', PACKET), 'wlan'],
  ['a header that is cut', zeros(10), 'wlan'],
])('reads %s', (_, bytes, path) => {
  expect(pathOf(105, bytes)).toBe(path);
});

/** Notes of a receiver: which there are, and those. */
const radiotap = (present: number, notes: Uint8Array, ...rest: readonly Uint8Array[]) =>
  concat([hex('0000'), le(16, 8 + notes.length), le(32, present), notes, ...rest]);
const DATA = frame('0800', PACKET);
const PADDED = frame('8801', zeros(4), PACKET);

it.each([
  ['without notes', radiotap(0, zeros(0), DATA), 'radiotap/wlan_radio/wlan/llc/ip/udp'],
  ['with a time', radiotap(3, concat([zeros(8), hex('10')]), DATA, zeros(4)), 'radiotap/wlan_radio/wlan/llc/ip/udp'],
  ['with a header that is filled up', radiotap(2, hex('20'), PADDED), 'radiotap/wlan_radio/wlan/llc/ip/udp'],
  ['longer than the frame', concat([hex('0000ffff'), zeros(20)]), 'radiotap'],
])('reads what a receiver notes, %s', (_, bytes, path) => {
  expect(pathOf(127, bytes)).toBe(path);
});

it('leaves out the checksum behind a frame', () => {
  d.dissect(127, radiotap(2, hex('10'), DATA, zeros(4)), 0, 9 + DATA.length + 4);

  expect(d.end[2]).toBe(9 + DATA.length);
});

it.each([
  [119, 144],
  [163, 64],
])('finds the frame of link %i behind %i bytes of notes', (link, length) => {
  expect(pathOf(link, concat([zeros(length), DATA]))).toBe('wlan/llc/ip/udp');
});
