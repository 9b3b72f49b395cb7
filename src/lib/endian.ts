// Numbers in bytes. An offset outside of the bytes reads zeros: who needs to know checks the length before.

/** 16 bits, most significant byte first. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** 32 bits, most significant byte first, unsigned. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

/** 16 bits, least significant byte first. */
export function u16le(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1]! << 8) | bytes[at]!;
}

/** 32 bits, least significant byte first, unsigned. */
export function u32le(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;
}
