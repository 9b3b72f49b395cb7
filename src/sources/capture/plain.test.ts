import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCapture, type ByteSource, type CaptureIssue, type Supply } from '../../packets/capture/read.ts';
import { randomFrom } from '../../testing/random.ts';
import { openPlain } from './plain.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longwatch-plain-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

/** Frames of all lengths, some longer than what is kept free before a buffer. */
function longCapture(): Buffer {
  const random = randomFrom(11);
  const records = Array.from({ length: 300 }, (_, second) => {
    const frame = Buffer.alloc(random.pick([60, 1500, 9000, 70_000, random.below(20_000)]), second);
    const header = Buffer.alloc(16);
    header.writeUInt32LE(second, 0);
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    return Buffer.concat([header, frame]);
  });
  return Buffer.concat([HEADER, ...records]);
}

async function told(source: ByteSource | Supply): Promise<{ frames: string[]; issues: CaptureIssue[] }> {
  const frames: string[] = [];
  const issues: CaptureIssue[] = [];
  for await (const some of readCapture(source, (issue) => void issues.push(issue))) {
    for (let index = 0; index < some.count; index++) {
      const start = some.start[index]!;
      const bytes = some.bytes.subarray(start, start + some.captured[index]!);
      const same = bytes.every((byte) => byte === bytes[0]);
      frames.push(`${some.first + index} ${some.at[index]} ${bytes.length} ${bytes[0]} ${same}`);
    }
  }
  return { frames, issues };
}

function memory(bytes: Buffer): ByteSource {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}

it('reads ahead and gives what one buffer gives, of whole captures and of cut ones', async () => {
  const whole = longCapture();
  expect(whole.length).toBeGreaterThan(4e6);
  for (const size of [whole.length, 3 << 20, (2 << 20) + 24, 1_234_567, 24]) {
    const path = join(folder, `${size}.pcap`);
    writeFileSync(path, whole.subarray(0, size));
    const plain = openPlain(path)!;
    const ahead = await told(plain.bytes());
    await plain.close();

    expect(ahead).toEqual(await told(memory(whole.subarray(0, size))));
    expect(ahead.frames.filter((frame) => !frame.endsWith(' true'))).toEqual([]);
  }
});

it('reads from a record on, behind the header', async () => {
  const bytes = longCapture();
  const second = 24 + 16 + bytes.readUInt32LE(24 + 8);
  const path = join(folder, 'from.pcap');
  writeFileSync(path, bytes);
  const plain = openPlain(path)!;
  const { frames } = await told(plain.bytes({ head: 24, from: second }));
  await plain.close();

  expect(frames.length).toBe((await told(memory(bytes))).frames.length - 1);
});

it('may be closed while it reads ahead', async () => {
  const path = join(folder, 'closed.pcap');
  writeFileSync(path, longCapture());
  const plain = openPlain(path)!;
  await plain.bytes().more(new Uint8Array(), 0);

  await expect(plain.close()).resolves.toBeUndefined();
});

it('leaves to others what is packed or no file, and says what cannot be read', () => {
  const path = join(folder, 'text');
  writeFileSync(path, 'no capture');

  expect(openPlain(path)).toBeUndefined();
  expect(openPlain(folder)).toBeUndefined();
  expect(() => openPlain(join(folder, 'absent'))).toThrow('absent cannot be read (ENOENT)');
});
