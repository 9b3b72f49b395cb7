import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { fromHex } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import { readCapture, type CaptureIssue } from '../../packets/capture/read.ts';
import { directoryOf } from '../../testing/files.ts';
import { pcap } from '../../testing/wire.ts';
import { isCaptureFile, openCapture, streamedCapture, type OpenCapture, type OpenStream } from './open.ts';

const CAPTURE = pcap(
  Array.from({ length: 5000 }, (_, index) => ({ at: index, bytes: new Uint8Array(100).fill(index) })),
);

async function read(open: (note: (issue: CaptureIssue) => void) => Promise<OpenCapture | OpenStream>) {
  const issues: CaptureIssue[] = [];
  const note = (issue: CaptureIssue) => void issues.push(issue);
  const capture = await open(note);
  let count = 0;
  for await (const frames of readCapture(capture, note)) count += frames.count;
  const digest = 'sha256' in capture ? await capture.sha256() : undefined;
  await capture.close();
  return { count, issues, digest };
}

const stored = (bytes: Uint8Array): string => {
  const path = join(directoryOf({}), 'capture');
  writeFileSync(path, bytes);
  return path;
};

it.each([
  ['as it is', CAPTURE],
  ['packed by gzip', gzipSync(CAPTURE)],
  ['packed by zstd', zstdCompressSync(CAPTURE)],
])('reads a capture %s, from a file and as it comes', async (_, bytes) => {
  const whole = { count: 5000, issues: [], digest: sha256(bytes) };
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  };

  expect(await read((note) => openCapture(stored(bytes), note))).toEqual(whole);
  expect(await read((note) => streamedCapture(pieces(), note))).toEqual({ ...whole, digest: undefined });
  expect(await isCaptureFile(stored(bytes), bytes.subarray(0, 1000))).toBe(true);
});

it('gives what a packed capture that was cut still holds, and says where it ends', async () => {
  const cut = gzipSync(CAPTURE).subarray(0, 300);
  const { count, issues } = await read((note) => openCapture(stored(cut), note));

  expect(count).toBeGreaterThan(0);
  expect(issues).toContainEqual(
    expect.objectContaining({ reason: 'it cannot be unpacked to its end: unexpected end of file' }),
  );
});

it.each([
  ['a text', new TextEncoder().encode('hello, world: no capture')],
  ['nothing', new Uint8Array()],
])('refuses %s', async (_, bytes) => {
  await expect(openCapture(stored(bytes), () => undefined)).rejects.toMatchObject({ code: 'INPUT_UNKNOWN' });
  expect(await isCaptureFile(stored(bytes), bytes)).toBe(false);
});

it('says that a file is not there, and that a folder is none', async () => {
  const folder = directoryOf({});

  await expect(openCapture(join(folder, 'none'), () => undefined)).rejects.toThrow('cannot be read (ENOENT)');
  await expect(openCapture(folder, () => undefined)).rejects.toThrow('is a folder');
});

it('takes a file packed by gzip that holds something else for no capture', async () => {
  for (const bytes of [gzipSync(fromHex('00ff00ff')!), Uint8Array.of(0x1f, 0x8b, 1, 2, 3)])
    expect(await isCaptureFile(stored(bytes), bytes)).toBe(false);
});
