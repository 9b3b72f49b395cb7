import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../lib/hash.ts';
import { LongwatchError } from '../model/errors.ts';
import type { Evidence } from '../model/artifact.ts';
import { collect } from '../testing/artifact.ts';
import { evidenceOf } from '../testing/evidence.ts';
import { anyBytes, mutationsOf } from '../testing/mutations.ts';
import { samples } from '../testing/samples.ts';
import { isSnapshot, packSnapshot, unpackSnapshot } from './archive.ts';

const EVIDENCE = evidenceOf(samples, {
  gaps: [
    { name: '/etc/hostname', reason: 'absent' },
    { name: 'command/ss', reason: 'denied', detail: 'by \u202e somebody' },
  ],
});

/** As a hostile hand would write one. */
async function archiveOf(manifest: unknown, members: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  const tar = pack();
  const parts = collect(tar as AsyncIterable<Uint8Array>);
  tar.entry({ name: 'manifest.json' }, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  for (const [name, content] of Object.entries(members)) tar.entry({ name }, content);
  tar.finalize();
  return zstdCompressSync(Buffer.concat(await parts));
}

const listed = (name: string, file: string, content: string) => ({
  name,
  file,
  sizeBytes: content.length,
  sha256: sha256(content),
});
const manifestOf = (artifacts: readonly unknown[], more = {}) => ({
  format: 'longwatch-snapshot/1',
  host: { id: 'aa', name: 'amf1' },
  observedAt: '2026-11-23T04:05:06.000Z',
  artifacts,
  gaps: [],
  ...more,
});
const contentsOf = ({ artifacts }: Evidence) =>
  Object.fromEntries([...artifacts].map(([name, { bytes }]) => [name, new TextDecoder().decode(bytes)]));
const codeOf = (error: unknown) => (error instanceof LongwatchError ? error.code : String(error));

it('gives back what was put in', async () => {
  const packed = await packSnapshot(EVIDENCE);

  expect(isSnapshot(packed)).toBe(true);
  expect(await unpackSnapshot(packed)).toEqual({ evidence: EVIDENCE, issues: [] });
});

it('gives back what the operator said of the host', async () => {
  const evidence = { ...EVIDENCE, host: { ...EVIDENCE.host, role: 'hss', site: 'north' } };

  expect((await unpackSnapshot(await packSnapshot(evidence))).evidence.host).toEqual(evidence.host);
});

it('gives back any bytes under any name', async () => {
  const contents = fc.dictionary(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), fc.uint8Array());
  await fc.assert(
    fc.asyncProperty(contents, async (record) => {
      const evidence = evidenceOf(record);
      expect(await unpackSnapshot(await packSnapshot(evidence))).toEqual({ evidence, issues: [] });
    }),
    { numRuns: 30 },
  );
});

it('makes the same bytes of the same evidence', async () => {
  expect(
    Buffer.compare(await packSnapshot(EVIDENCE), await packSnapshot(evidenceOf(samples, { gaps: EVIDENCE.gaps }))),
  ).toBe(0);
});

describe('damage', () => {
  it('leaves out the artifact whose hash is wrong, says so, and gives the rest', async () => {
    const tar = zstdDecompressSync(await packSnapshot(EVIDENCE));
    tar[tar.indexOf('btime 1795400000')] = 0x42;
    const { evidence, issues } = await unpackSnapshot(zstdCompressSync(tar));

    expect(issues).toEqual([
      { artifact: '/proc/stat', reason: 'its hash is not the one in the manifest; it is not judged' },
    ]);
    expect(evidence.gaps).toEqual([
      ...EVIDENCE.gaps,
      { name: '/proc/stat', reason: 'truncated', detail: 'its hash is not the one in the manifest' },
    ]);
    expect(contentsOf(evidence)).toEqual(
      Object.fromEntries(Object.entries(samples).filter(([name]) => name !== '/proc/stat')),
    );
  });

  it('gives the members before the place where a large archive was cut', async () => {
    const noise = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * index * 2654435761) >>> 13));
    const packed = await packSnapshot(evidenceOf({ first: 'small', noise, last: 'small' }));
    const { evidence, issues } = await unpackSnapshot(packed.subarray(0, packed.length - 1_000));

    expect(contentsOf(evidence)).toEqual({ first: 'small' });
    expect(evidence.gaps.map(({ name, reason }) => ({ name, reason }))).toEqual([
      { name: 'noise', reason: 'truncated' },
      { name: 'last', reason: 'truncated' },
    ]);
    expect(issues.map(({ artifact }) => artifact)).toEqual(['the snapshot', 'noise', 'last']);
  });

  it('is the only thing said of one that was cut anywhere', async () => {
    const packed = await packSnapshot(EVIDENCE);
    for (let length = 0; length < packed.length; length += 10) {
      const told = await unpackSnapshot(packed.subarray(0, length)).then(
        ({ issues }) => (issues.length > 0 ? 'issues' : 'nothing'),
        codeOf,
      );
      expect(['SNAPSHOT_DAMAGED', 'issues'], `cut at ${length}`).toContain(told);
    }
  });

  it('never gives content that the manifest does not confirm, whatever is done to it', async () => {
    const packed = await packSnapshot(EVIDENCE);
    const tar = zstdDecompressSync(packed);
    const hostile = fc.oneof(
      anyBytes(),
      mutationsOf(packed),
      mutationsOf(tar).map((bytes) => new Uint8Array(zstdCompressSync(bytes))),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (bytes) => {
        const unpacked = await unpackSnapshot(bytes).catch(codeOf);
        const artifacts = typeof unpacked === 'string' ? [] : [...unpacked.evidence.artifacts.values()];

        expect(typeof unpacked === 'string' ? unpacked : 'SNAPSHOT_DAMAGED').toBe('SNAPSHOT_DAMAGED');
        expect(artifacts.filter(({ bytes: content, sha256: hash }) => sha256(content) !== hash)).toEqual([]);
      }),
    );
  });
});

describe('a hostile archive', () => {
  it('is stopped when it unpacks without end', async () => {
    // 16 GiB in 140 KB: whoever unpacks it before counting is out of memory, or out of time.
    const frame = zstdCompressSync(Buffer.alloc(64 << 20));
    const bomb = Buffer.concat(Array.from({ length: 256 }, () => frame));
    const started = performance.now();

    await expect(unpackSnapshot(bomb, 1 << 20)).rejects.toMatchObject({
      code: 'SNAPSHOT_DAMAGED',
      message: 'the snapshot unpacks to more than 1048576 bytes',
    });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('names what it likes: names are only names', async () => {
    const names = ['../../etc/passwd', '/etc/passwd', '__proto__', 'constructor', 'a\nb', '\x1b[2J'];
    const members = Object.fromEntries(names.map((_, index) => [`m${index}`, `content of ${index}`]));
    const { evidence, issues } = await unpackSnapshot(
      await archiveOf(
        manifestOf(names.map((name, index) => listed(name, `m${index}`, `content of ${index}`))),
        members,
      ),
    );

    expect([...evidence.artifacts.keys()]).toEqual(names);
    expect(issues).toEqual([]);
  });

  it('may ask for a member outside of itself, and has none', async () => {
    const { evidence, issues } = await unpackSnapshot(
      await archiveOf(manifestOf([listed('a', '../../../etc/hostname', 'x'), listed('b', '__proto__', 'x')])),
    );

    expect(evidence.artifacts.size).toBe(0);
    expect(issues.map(({ artifact, reason }) => `${artifact}: ${reason}`)).toEqual([
      'a: it is missing in the snapshot; it is not judged',
      'b: it is missing in the snapshot; it is not judged',
    ]);
  });

  it('may list an artifact twice, and the first counts', async () => {
    const { evidence, issues } = await unpackSnapshot(
      await archiveOf(manifestOf([listed('a', 'm0', 'one'), listed('a', 'm1', 'two')]), { m0: 'one', m1: 'two' }),
    );

    expect(contentsOf(evidence)).toEqual({ a: 'one' });
    expect(issues).toEqual([{ artifact: 'a', reason: 'the manifest lists it twice; the first is judged' }]);
  });

  it.each([
    ['no JSON', '{'],
    ['another format', manifestOf([], { format: 'longwatch-snapshot/2' })],
    ['lists without end', manifestOf(Array.from({ length: 10_001 }, () => listed('a', 'b', '')))],
    ['a name without end', manifestOf([listed('a'.repeat(5_000), 'b', '')])],
    ['no time', manifestOf([], { observedAt: 'yesterday' })],
    ['no host', manifestOf([], { host: { id: '', name: '' } })],
    ['nesting without end', '['.repeat(200_000)],
  ])('with %s in its manifest is refused', async (_, manifest) => {
    await expect(unpackSnapshot(await archiveOf(manifest))).rejects.toMatchObject({ code: 'SNAPSHOT_DAMAGED' });
  });

  it('without a manifest is refused', async () => {
    await expect(unpackSnapshot(zstdCompressSync(Buffer.alloc(10_240)))).rejects.toMatchObject({
      code: 'SNAPSHOT_DAMAGED',
    });
    await expect(unpackSnapshot(new Uint8Array())).rejects.toMatchObject({ code: 'SNAPSHOT_DAMAGED' });
  });
});
