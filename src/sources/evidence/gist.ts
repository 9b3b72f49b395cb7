/**
 * What a file is by its first bytes: a container to be unpacked, text, or something else that can be named.
 */
export type Gist =
  | { readonly is: 'gzip' | 'bzip2' | 'xz' | 'zip' | 'tar' | 'text' | 'empty' }
  | { readonly is: 'other'; readonly looksLike?: string };

/** Enough for the header of a tar archive and a judgement of text. */
export const GIST_BYTES = 64 << 10;

/** Bytes in hexadecimal, at an offset, that begin a format; the first that fits counts. */
const MAGIC: readonly (readonly [at: number, bytes: string, gist: Gist])[] = [
  [0, '1f8b08', { is: 'gzip' }],
  [0, 'fd377a585a00', { is: 'xz' }],
  [0, '504b0304', { is: 'zip' }],
  [0, '504b0506', { is: 'zip' }],
  [257, '7573746172', { is: 'tar' }],
  [0, '425a68', { is: 'bzip2' }],
  [0, '28b52ffd', other('something packed by zstd that is no snapshot')],
  [0, '377abcaf271c', other('a 7z archive; unpack it first')],
  [0, '526172211a07', other('a RAR archive; unpack it first')],
  [0, 'd4c3b2a1', other('a packet capture')],
  [0, 'a1b2c3d4', other('a packet capture')],
  [0, '4d3cb2a1', other('a packet capture')],
  [0, 'a1b23c4d', other('a packet capture')],
  [0, '0a0d0d0a', other('a packet capture (pcapng)')],
  [0, '7f454c46', other('a program (ELF)')],
  [0, '514649fb', other('a disk image (qcow2); mount it read-only and give its folder to scan --root')],
  [0, '4b444d56', other('a disk image (VMDK); mount it read-only and give its folder to scan --root')],
  [0, '4c694d45', other('a memory image (LiME)')],
  [0, '45564609', other('a disk image (EWF); mount it read-only and give its folder to scan --root')],
  [0, '53514c69746520666f726d61742033', other('an SQLite database')],
  [0, '4c504b5348485248', other('a systemd journal')],
  [0, '25504446', other('a PDF document')],
  [0, '89504e47', other('a picture')],
  [0, 'ffd8ff', other('a picture')],
  [0, 'd0cf11e0', other('a document of an office suite or a mail')],
  [0x438, '53ef', other('an image of a file system (ext); mount it read-only and give its folder to scan --root')],
  [0, '58465342', other('an image of a file system (XFS); mount it read-only and give its folder to scan --root')],
  [0x10040, '5f42485266535f4d', other('an image of a file system (btrfs); mount it read-only and give its folder')],
  [510, '55aa', other('an image of a disk; mount it read-only and give its folder to scan --root')],
];

function other(looksLike: string): Gist {
  return { is: 'other', looksLike };
}

/** @param head The first bytes of a file, up to `GIST_BYTES`. */
export function gistOf(head: Uint8Array): Gist {
  if (head.length === 0) return { is: 'empty' };
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  for (const [at, magic, gist] of MAGIC) {
    if (bytes.subarray(at, at + magic.length / 2).toString('hex') === magic) return gist;
  }
  if (bytes.every((byte) => byte === 0)) return { is: 'other', looksLike: 'nothing but zeros' };
  // Control characters other than tab, line feed, carriage return and escape are in no output of a command.
  const odd = bytes.reduce((count, byte) => count + Number(byte < 32 && ![9, 10, 13, 27].includes(byte)), 0);
  return odd > bytes.length / 100 ? { is: 'other', looksLike: 'binary data' } : { is: 'text' };
}
