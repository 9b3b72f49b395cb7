import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sought } from '../hunt/predicates/seats.ts';
import { programOf } from '../testing/bpf-corpus.ts';
import { randomFrom } from '../testing/random.ts';
import { huntCaptures, type HuntResult } from './hunt.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longwatch-hunt-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Frames that begin with the bytes 7 and 7. */
const sevens: Sought = {
  id: 'sevens',
  link: 'ethernet',
  program: programOf([
    [0x28, 0, 0, 0],
    [0x15, 0, 1, 0x0707],
    [0x06, 0, 0, 1],
    [0x06, 0, 0, 0],
  ]),
};

const record = (frame: Uint8Array, second: number): Buffer => {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(second, 0);
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, frame]);
};
const HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

/** A capture whose frames hold what looks like records, so that whoever begins in the middle is led astray. */
function confusing(frames: number): Buffer {
  const random = randomFrom(frames);
  const records = Array.from({ length: frames }, (_, second) => {
    const decoys = Buffer.concat(Array.from({ length: 20 }, () => record(Buffer.alloc(6, 7), 5)));
    const kind = random.below(3);
    const body =
      kind === 0 ? Buffer.alloc(20 + random.below(60), 7) : kind === 1 ? decoys : Buffer.alloc(random.below(90), 1);
    return record(body, second);
  });
  return Buffer.concat([HEADER, ...records]);
}

async function hunted(paths: readonly string[], workers: number): Promise<{ hits: string[]; results: HuntResult[] }> {
  const hits: string[] = [];
  const results: HuntResult[] = [];
  await huntCaptures(
    paths,
    { filters: [sevens], inner: false, senders: false, workers, partBytes: 3000 },
    {
      onHits(path, found) {
        for (const { frame, micros, offset } of found) hits.push(`${path} ${frame} ${micros} ${offset}`);
      },
      onDone: (result) => void results.push(result),
      stdin: async function* () {
        yield HEADER;
      },
      signal: new AbortController().signal,
    },
  );
  return { hits, results };
}

describe('several threads', () => {
  it.each([
    ['a whole capture', (bytes: Buffer) => bytes],
    ['one that breaks off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 7)],
    [
      'one that is damaged in its middle',
      (bytes: Buffer) => {
        const copy = Buffer.from(bytes);
        copy.fill(0xff, copy.length >> 1, (copy.length >> 1) + 200);
        return copy;
      },
    ],
  ] as const)('find the same as one in %s', async (name, change) => {
    const path = join(folder, `${name}.pcap`);
    writeFileSync(path, change(confusing(700)));
    const one = await hunted([path, path], 1);

    expect(one.hits.length).toBeGreaterThan(50);
    expect(await hunted([path, path], 2)).toEqual(one);
    expect(await hunted([path, path], 5)).toEqual(one);
  });

  it('name what cannot be read, and read the others', async () => {
    const path = join(folder, 'good.pcap');
    writeFileSync(path, Buffer.concat([HEADER, record(Buffer.alloc(9, 7), 3)]));
    const text = join(folder, 'text.pcap');
    writeFileSync(text, 'no capture at all');
    for (const workers of [1, 3]) {
      const { hits, results } = await hunted([text, join(folder, 'absent'), '-', path], workers);

      expect(hits).toEqual([`${path} 1 3000000 0`]);
      expect(results.map(({ frames, failed }) => failed?.message ?? frames)).toEqual([
        `${text} is no capture of packets`,
        `${join(folder, 'absent')} cannot be read (ENOENT)`,
        0,
        1,
      ]);
    }
  });
});
