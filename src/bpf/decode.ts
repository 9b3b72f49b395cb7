import { LongwatchError } from '../model/errors.ts';
import type { Instruction } from './program.ts';

/** The size of a `struct sock_filter` in bytes. */
export const RECORD_BYTES = 8;

/** The order of bytes on the host that a program comes from. */
export type ByteOrder = 'le' | 'be';

/**
 * Decodes a classic BPF program.
 *
 * @param bytes `struct sock_filter` records back to back, 8 bytes each: u16 code, u8 jt, u8 jf, u32 k.
 * @param order Byte order of the host they came from.
 * @returns One instruction a record, in program order.
 * @throws {LongwatchError} `BPF_TRUNCATED` when a record is cut short.
 * @see struct sock_filter in include/uapi/linux/filter.h
 * @example
 * decodeClassicBpf(Uint8Array.of(0x06, 0, 0, 0, 0, 0, 4, 0), 'le'); // ret #262144
 */
export function decodeClassicBpf(bytes: Uint8Array, order: ByteOrder): Instruction[] {
  const rest = bytes.length % RECORD_BYTES;
  if (rest !== 0) {
    throw new LongwatchError('BPF_TRUNCATED', `record ${(bytes.length - rest) / RECORD_BYTES} has ${rest} of 8 bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = order === 'le';
  return Array.from({ length: bytes.length / RECORD_BYTES }, (_, index) => {
    const at = index * RECORD_BYTES;
    return {
      code: view.getUint16(at, little),
      jt: view.getUint8(at + 2),
      jf: view.getUint8(at + 3),
      k: view.getUint32(at + 4, little),
    };
  });
}
