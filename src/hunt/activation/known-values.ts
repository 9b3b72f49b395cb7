import { u16, u32 } from '../../lib/endian.ts';
import type { TriggerKind } from './trigger.ts';

/** Values that were published, by where they stand at the beginning of what a trigger carries. They raise a level, never more. */
const TWO_BYTES: ReadonlySet<number> = new Set([
  0x7255, 0x5293, 0x8d6c, 0x9f4f, 0x5571, 0x2048, 0x1155, 0x5433, 0x3182, 0x1051, 0x3321, 0xdead, 0x6693, 0x4274,
  0x7820,
]);
const FOUR_BYTES: ReadonlySet<number> = new Set([0x39393939, 0xabc00922, 0x4430cd9f]);

/** Bytes of a trigger with a word, an address, a port and a password; with what ICMP adds. */
const LAYOUTS: ReadonlySet<number> = new Set([24, 44]);

/**
 * The published value that a trigger carries where it was published to stand.
 *
 * @returns Such as `0x7255`, or undefined.
 * @see the published analyses of BPFDoor of 2022 to 2026
 */
export function knownValueOf(kind: TriggerKind, bytes: Uint8Array, at: number, end: number): string | undefined {
  if (kind === 'post') return u32(bytes, at + 26) === 0x39393939 ? '9999 at byte 26' : undefined;
  if (end - at < 4) return undefined;
  const four = u32(bytes, at);
  if (FOUR_BYTES.has(four)) return `0x${four.toString(16)}`;
  const two = u16(bytes, at);
  if (!TWO_BYTES.has(two) || !LAYOUTS.has(end - at)) return undefined;
  return `0x${two.toString(16)}`;
}
