import { expect, it } from 'vitest';
import { concat, fromHex, utf8 } from '../../lib/bytes.ts';
import { knownValueOf } from './known-values.ts';

const of = (head: string, length: number) =>
  concat([fromHex(head)!, new Uint8Array(length).fill(0x9b)]).slice(0, length);

it.each([
  ['a word before an address, a port and a password', 'udp', of('72550000', 24), '0x7255'],
  ['the same in an echo', 'icmp', of('72550000', 44), '0x7255'],
  ['the word alone, in something else', 'udp', of('72550000', 60), undefined],
  ['four bytes at the beginning of anything', 'tcp', of('4430cd9f5e142766', 31), '0x4430cd9f'],
  ['an unknown word', 'udp', of('83e30000', 24), undefined],
  ['a marker at its place in a request', 'post', utf8('POST /account/view.aspx?n=99990 HTTP/1.1'), '9999 at byte 26'],
  ['a marker at another', 'post', utf8('POST /account/view.aspx?n=1&m=9999 HTTP/1.1'), undefined],
] as const)('knows %s', (_, kind, bytes, value) => {
  expect(knownValueOf(kind, bytes, 0, bytes.length)).toBe(value);
});
