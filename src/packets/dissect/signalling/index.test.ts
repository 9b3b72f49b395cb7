import { expect, it } from 'vitest';
import { bytesOf, WATCHDOG } from '../../../testing/signalling.ts';
import { PROTOCOL_NAMES } from '../protocols.ts';
import { TCP_SIGNALLING } from './index.ts';

it.each<[port: number, bytes: Uint8Array, told: readonly [protocol: string, length: number]]>([
  [3868, bytesOf(WATCHDOG, WATCHDOG), ['diameter', 36]],
  [3868, bytesOf('47455420 2f'), ['diameter', -1]],
  // Of GTP a segment is a message, of whichever version.
  [2123, bytesOf('4001 0009 000001 00 0300010000 aabb'), ['gtp', 15]],
  [2152, bytesOf('47455420 2f'), ['gtp', 5]],
  [2152, bytesOf('70'), ['gtp', -1]],
])('says how long a message over TCP port %d is', (port, bytes, told) => {
  const framed = TCP_SIGNALLING.get(port)!;

  expect([PROTOCOL_NAMES[framed.protocol], framed.lengthOf(bytes, 0, bytes.length)]).toEqual(told);
});
