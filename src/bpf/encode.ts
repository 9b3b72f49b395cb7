import { RECORD_BYTES, type ByteOrder } from './decode.ts';
import type { Program } from './program.ts';

/**
 * Encodes a classic BPF program: the reverse of `decodeClassicBpf`.
 *
 * @param order Byte order of the host that shall run it.
 * @returns `struct sock_filter` records back to back: u16 code, u8 jt, u8 jf, u32 k.
 * @see struct sock_filter in include/uapi/linux/filter.h
 * @example
 * encodeClassicBpf([{ code: 0x06, jt: 0, jf: 0, k: 262144 }], 'le'); // 06 00 00 00 00 00 04 00
 */
export function encodeClassicBpf(program: Program, order: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(program.length * RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  const little = order === 'le';
  program.forEach(({ code, jt, jf, k }, index) => {
    const at = index * RECORD_BYTES;
    view.setUint16(at, code, little);
    view.setUint8(at + 2, jt);
    view.setUint8(at + 3, jf);
    view.setUint32(at + 4, k, little);
  });
  return bytes;
}
