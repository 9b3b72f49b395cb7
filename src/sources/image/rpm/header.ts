import type { Recorded } from '../recorded.ts';

// @see rpmtag.h of rpm
const TAG = {
  name: 1000,
  installTime: 1008,
  states: 1029,
  digests: 1035,
  flags: 1037,
  verified: 1045,
  folderOf: 1116,
  baseNames: 1117,
  folders: 1118,
  digestAlgorithm: 5011,
};
const CHAR = 1;
const STRING = 6;
const INT32 = 4;
const STRING_ARRAY = 8;
/** RPMFILE_CONFIG and RPMFILE_GHOST: what is a ghost is listed and not brought. */
const CONFIGURATION = 1;
const GHOST = 64;
/** RPMVERIFY_FILEDIGEST: without it the package says that the content may change. */
const BY_DIGEST = 1;
/** RPMFILE_STATE_NORMAL: any other file was replaced, left out, or is that of another architecture. */
const NORMAL = 0;
/** PGPHASHALGO of RFC 4880; without the tag it is MD5. Others than these are not compared. */
const ALGORITHMS = new Map([
  [1, 'md5'],
  [2, 'sha1'],
  [8, 'sha256'],
] as const);
const DIGEST_LENGTH = { md5: 32, sha1: 40, sha256: 64 };
const FILES = 500_000;

/**
 * The files of one installed package, out of its header as the database holds it: number of entries and size of the data
 * as u32, entries of tag, type, offset and count as u32 each, then the data; all big-endian. What does not fit gives
 * nothing, and lists of unlike length end with the shortest.
 *
 * @see headerImport() in lib/header.c of rpm
 */
export function filesOfHeader(blob: Uint8Array): Recorded[] {
  const header = entriesOf(blob);
  const [name] = header?.strings(TAG.name, STRING) ?? [];
  if (header === undefined || name === undefined || name === '') return [];
  const [installed] = header.numbers(TAG.installTime);
  const algorithm = ALGORITHMS.get((header.numbers(TAG.digestAlgorithm)[0] ?? 1) as 1 | 2 | 8);
  const folders = header.strings(TAG.folders, STRING_ARRAY);
  const folderOf = header.numbers(TAG.folderOf);
  const digests = header.strings(TAG.digests, STRING_ARRAY);
  const flags = header.numbers(TAG.flags);
  const verified = header.numbers(TAG.verified);
  const states = header.numbers(TAG.states);
  return header.strings(TAG.baseNames, STRING_ARRAY).flatMap((base, index) => {
    const path = `${folders[folderOf[index] ?? -1] ?? ''}${base}`;
    const [digest = '', flag = 0] = [digests[index], flags[index]];
    if (!path.startsWith('/') || /[\t\n\0]/.test(path)) return [];
    const compared =
      (flag & GHOST) === 0 &&
      ((verified[index] ?? BY_DIGEST) & BY_DIGEST) !== 0 &&
      (states[index] ?? NORMAL) === NORMAL;
    const told = algorithm !== undefined && digest.length === DIGEST_LENGTH[algorithm] && /^[0-9a-f]+$/.test(digest);
    return [
      {
        path,
        package: name,
        configuration: (flag & CONFIGURATION) !== 0,
        ...(compared && told ? { digest, algorithm } : {}),
        ...(installed === undefined ? {} : { installed }),
      },
    ];
  });
}

interface Header {
  numbers(tag: number): number[];
  strings(tag: number, type: number): string[];
}

function entriesOf(blob: Uint8Array): Header | undefined {
  if (blob.length < 8) return undefined;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const [count, size] = [view.getUint32(0), view.getUint32(4)];
  const start = 8 + count * 16;
  if (count === 0 || start + size > blob.length) return undefined;
  const entries = new Map<number, { type: number; at: number; count: number }>();
  for (let index = 0; index < count; index++) {
    const at = 8 + index * 16;
    const [offset, number] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (offset < size && number <= FILES)
      entries.set(view.getUint32(at), { type: view.getUint32(at + 4), at: start + offset, count: number });
  }
  const end = start + size;
  return {
    numbers(tag) {
      const entry = entries.get(tag);
      if (entry?.type === CHAR) return [...blob.subarray(entry.at, Math.min(end, entry.at + entry.count))];
      if (entry?.type !== INT32) return [];
      const room = Math.floor((end - entry.at) / 4);
      return Array.from({ length: Math.min(entry.count, room) }, (_, index) => view.getUint32(entry.at + index * 4));
    },
    strings(tag, type) {
      const entry = entries.get(tag);
      if (entry?.type !== type) return [];
      const found: string[] = [];
      for (let at = entry.at; found.length < entry.count && at < end;) {
        const zero = blob.indexOf(0, at);
        if (zero === -1 || zero >= end) break;
        found.push(decoder.decode(blob.subarray(at, zero)));
        at = zero + 1;
      }
      return found;
    },
  };
}

const decoder = new TextDecoder();
