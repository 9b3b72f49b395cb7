import { ipText } from '../../../../lib/ip-address.ts';

/** One end of a tunnel. */
export interface TunnelEnd {
  readonly teid: number;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** Digits two a byte, the lower half first; a half of 15 fills up. */
export function semiOctets(bytes: Uint8Array, at: number, end: number): string {
  let digits = '';
  for (let from = at; from < end; from++) {
    for (const half of [bytes[from]! & 15, bytes[from]! >> 4]) if (half < 15) digits += half.toString(16);
  }
  return digits;
}

/** The name of an access point: labels with their lengths, or plain text of old senders. */
export function accessPoint(bytes: Uint8Array, at: number, end: number): string {
  const labels: string[] = [];
  for (let from = at; from < end;) {
    const size = bytes[from]!;
    if (from + 1 + size > end) return Buffer.from(bytes.subarray(at, end)).toString('latin1');
    labels.push(Buffer.from(bytes.subarray(from + 1, from + 1 + size)).toString('latin1'));
    from += 1 + size;
  }
  return labels.join('.');
}

/** An address of 4 or 16 bytes; another length is none. */
export function addressText(bytes: Uint8Array, at: number, end: number): string | undefined {
  return end - at === 4 || end - at === 16 ? ipText(bytes.subarray(at, end)) : undefined;
}
