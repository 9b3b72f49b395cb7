import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import * as yauzl from 'yauzl';
import { concat } from '../../lib/bytes.ts';
import { wordsOf, type Packed } from './flow.ts';
import { Members, type Limits, type Unpacked } from './members.ts';
import { isWanted } from './wanted.ts';

const LINK = 0o120000;
const FOLDER = 0o040000;
const FORMAT = 0o170000;
const LINK_LENGTH = 4096;

/** Reads a zip archive by its directory; where that is missing, because the end is cut off, by the headers before each member. */
export async function unzip(packed: Packed, limits: Limits): Promise<Unpacked> {
  const members = new Members(limits);
  let zip: yauzl.ZipFile;
  try {
    const options = { decodeStrings: false, lazyEntries: true, autoClose: false };
    zip =
      'path' in packed
        ? await yauzl.openPromise(packed.path, options)
        : await yauzl.fromBufferPromise(Buffer.from(packed.bytes), options);
  } catch (error) {
    const broken = `it has no directory that could be read (${wordsOf(error)}); what its beginning shows is judged`;
    return { members: salvage(await wholeOf(packed, limits), members, limits), broken };
  }
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileNameRaw.toString('utf8');
      const mode = entry.externalFileAttributes >>> 16;
      if (name.endsWith('/') || (mode & FORMAT) === FOLDER) {
        members.add(name, { type: 'directory' });
        continue;
      }
      const isLink = (mode & FORMAT) === LINK;
      if (!isLink && !isWanted(name)) {
        members.add(name, { type: 'other' });
        continue;
      }
      if (!entry.canDecodeFileData()) {
        members.fault(name, entry.isEncrypted() ? 'it is encrypted' : 'its way of packing is not known');
        continue;
      }
      const room = members.room(isLink ? Math.min(entry.uncompressedSize, LINK_LENGTH) : entry.uncompressedSize);
      try {
        const bytes = await contentOf(zip, entry, room);
        unpacked += bytes.length;
        if (unpacked > limits.unpackedBytes)
          return { members, broken: `it unpacks to more than ${limits.unpackedBytes} bytes` };
        if (isLink) members.add(name, { type: 'link', target: Buffer.from(bytes).toString('utf8') });
        else
          members.add(name, {
            type: 'file',
            bytes,
            cut: bytes.length < entry.uncompressedSize,
            sizeBytes: entry.uncompressedSize,
          });
      } catch (error) {
        members.fault(name, `it cannot be unpacked: ${wordsOf(error)}`);
      }
    }
    return { members };
  } catch (error) {
    return { members, broken: `its directory breaks off: ${wordsOf(error)}` };
  } finally {
    zip.close();
  }
}

/** The first bytes of a member; what is beyond is not unpacked. */
async function contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry, room: number): Promise<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  const parts: Uint8Array[] = [];
  let had = 0;
  try {
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      parts.push(part.subarray(0, room - had));
      had += part.length;
      if (had >= room) break;
    }
  } finally {
    stream.destroy();
  }
  return concat(parts);
}

/** Of a zip archive without a directory no more is read at once. */
async function wholeOf(packed: Packed, { keptBytes }: Limits): Promise<Buffer> {
  const bytes = 'path' in packed ? await readFile(packed.path) : Buffer.from(packed.bytes);
  return bytes.subarray(0, 4 * keptBytes);
}

const LOCAL_HEADER = 0x04034b50;
const HEADER_BYTES = 30;
/** Sizes stand behind the member, not before it. */
const SIZES_BEHIND = 8;

/** Members by the headers that stand before them, one behind the other. Whether one is a link is not told there. */
function salvage(bytes: Buffer, members: Members, limits: Limits): Members {
  for (let at = 0; at + HEADER_BYTES <= bytes.length && bytes.readUInt32LE(at) === LOCAL_HEADER;) {
    const [flags, method] = [bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8)];
    const [packedSize, size] = [bytes.readUInt32LE(at + 18), bytes.readUInt32LE(at + 22)];
    const start = at + HEADER_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + bytes.readUInt16LE(at + 26));
    const end = start + packedSize;
    if ((flags & SIZES_BEHIND) !== 0 || end > bytes.length) {
      members.fault(name.slice(0, 200), 'the archive breaks off in it');
      break;
    }
    if (name.endsWith('/')) members.add(name, { type: 'directory' });
    else if (!isWanted(name) || (method !== 0 && method !== 8)) members.add(name, { type: 'other' });
    else {
      const room = members.room(size);
      const packed = bytes.subarray(start, end);
      try {
        const content =
          method === 0
            ? packed
            : inflateRawSync(packed, { maxOutputLength: Math.max(1, Math.min(size, limits.memberBytes)) });
        members.add(name, {
          type: 'file',
          bytes: content.subarray(0, room),
          cut: content.length > room,
          sizeBytes: size,
        });
      } catch (error) {
        members.fault(name.slice(0, 200), `it cannot be unpacked: ${wordsOf(error)}`);
      }
    }
    at = end;
  }
  return members;
}
