import { zstdCompress, createZstdDecompress, constants } from 'node:zlib';
import { promisify } from 'node:util';
import { extract, pack } from 'tar-stream';
import { z } from 'zod';
import { concat } from '../lib/bytes.ts';
import { sha256 } from '../lib/hash.ts';
import { LongwatchError } from '../model/errors.ts';
import type { Artifact, ArtifactGap, Evidence } from '../model/artifact.ts';
import type { Issue } from '../model/gap.ts';
import { UnseenReason } from '../model/unseen.ts';

const MANIFEST = 'manifest.json';
const MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
/** A snapshot of a large host is some 20 MiB; a bomb is stopped here. */
const UNPACKED_LIMIT = 256 << 20;
/** A look brings some forty artifacts; what lists thousands was not made by us. */
const LISTED_LIMIT = 10_000;

const MANIFEST_LIMIT = 16 << 20;

const Name = z.string().min(1).max(4096);

const Word = z.string().min(1).max(255);

const Manifest = z.object({
  format: z.literal('longwatch-snapshot/1'),
  host: z.object({
    id: z.string().min(1).max(128),
    name: Word,
    role: Word.exactOptional(),
    site: Word.exactOptional(),
  }),
  observedAt: z.iso.datetime(),
  artifacts: z
    .array(z.object({ name: Name, file: Name, sizeBytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(LISTED_LIMIT),
  gaps: z
    .array(z.object({ name: Name, reason: UnseenReason, detail: z.string().max(4096).exactOptional() }))
    .max(LISTED_LIMIT),
});
type Manifest = z.infer<typeof Manifest>;

/** Whether bytes begin as a zstd frame does. */
export function isSnapshot(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * One host's evidence as one file: a tar archive under zstd, the manifest with the SHA-256 of every artifact first.
 * The same evidence gives the same bytes.
 */
export async function packSnapshot({ host, observedAt, artifacts, gaps }: Evidence): Promise<Uint8Array> {
  const listed = [...artifacts.values()].map((artifact, index) => ({ artifact, file: memberOf(index, artifact.name) }));
  const manifest: Manifest = {
    format: 'longwatch-snapshot/1',
    host: { ...host },
    observedAt,
    artifacts: listed.map(({ artifact, file }) => ({
      name: artifact.name,
      file,
      sizeBytes: artifact.bytes.length,
      sha256: artifact.sha256,
    })),
    gaps: gaps.map((gap) => ({ ...gap })),
  };
  const tar = pack();
  const parts: Uint8Array[] = [];
  const taken = (async () => {
    for await (const part of tar) parts.push(part as Uint8Array);
  })();
  const mtime = new Date(observedAt);
  tar.entry({ name: MANIFEST, mtime }, `${JSON.stringify(manifest, null, 1)}\n`);
  for (const { artifact, file } of listed) tar.entry({ name: file, mtime }, Buffer.from(artifact.bytes));
  tar.finalize();
  await taken;
  return promisify(zstdCompress)(concat(parts), { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
}

function memberOf(index: number, name: string): string {
  const readable = name.replace(/[^\w.-]+/g, '_').slice(0, 60);
  return `artifacts/${String(index).padStart(4, '0')}-${readable}`;
}

/**
 * Reads a snapshot. An artifact whose hash is not the manifest's, or that is missing, is left out and becomes a gap and an
 * issue; the rest is judged.
 *
 * @param limitBytes What it may unpack to; more is taken for a bomb.
 * @throws {LongwatchError} `SNAPSHOT_DAMAGED` when there is no manifest that can be read.
 */
export async function unpackSnapshot(
  bytes: Uint8Array,
  limitBytes = UNPACKED_LIMIT,
): Promise<{ evidence: Evidence; issues: Issue[] }> {
  const { content: tar, broken: damage } = await decompress(bytes, limitBytes);
  const { files, broken = damage } = await untar(tar);
  const manifest = manifestOf(files.get(MANIFEST));
  const artifacts = new Map<string, Artifact>();
  const gaps: ArtifactGap[] = [...manifest.gaps];
  const issues: Issue[] = broken === undefined ? [] : [{ artifact: 'the snapshot', reason: broken }];
  const short = new Set(
    manifest.gaps.filter(({ reason }) => reason === 'truncated' || reason === 'timed_out').map(({ name }) => name),
  );
  for (const { name, file, sha256: wanted } of manifest.artifacts) {
    if (artifacts.has(name)) {
      issues.push({ artifact: name, reason: 'the manifest lists it twice; the first is judged' });
      continue;
    }
    const content = files.get(file);
    const fault =
      content === undefined
        ? 'it is missing in the snapshot'
        : sha256(content) === wanted
          ? undefined
          : 'its hash is not the one in the manifest';
    if (content !== undefined && fault === undefined)
      artifacts.set(name, { name, bytes: content, sha256: wanted, ...(short.has(name) ? { cut: true as const } : {}) });
    else {
      gaps.push({ name, reason: 'truncated', detail: fault ?? '' });
      issues.push({ artifact: name, reason: `${fault}; it is not judged` });
    }
  }
  return { evidence: { host: manifest.host, observedAt: manifest.observedAt, artifacts, gaps }, issues };
}

/** What could be decompressed: an archive that was cut, or damaged inside, gives what comes before. */
async function decompress(bytes: Uint8Array, limitBytes: number): Promise<{ content: Uint8Array; broken?: string }> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  const stream = createZstdDecompress({ finishFlush: constants.ZSTD_e_continue });
  stream.end(bytes);
  try {
    for await (const part of stream as AsyncIterable<Uint8Array>) {
      parts.push(part);
      sizeBytes += part.length;
      if (sizeBytes > limitBytes) break;
    }
  } catch (error) {
    return { content: concat(parts), broken: `it cannot be decompressed to its end: ${wordsOf(error)}` };
  }
  if (sizeBytes > limitBytes)
    throw new LongwatchError('SNAPSHOT_DAMAGED', `the snapshot unpacks to more than ${limitBytes} bytes`);
  return { content: concat(parts) };
}

async function untar(bytes: Uint8Array): Promise<{ files: ReadonlyMap<string, Uint8Array>; broken?: string }> {
  const files = new Map<string, Uint8Array>();
  const reader = extract();
  reader.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    for await (const entry of reader) {
      const parts: Uint8Array[] = [];
      for await (const part of entry) parts.push(part as Uint8Array);
      files.set(entry.header.name, concat(parts));
    }
    return { files };
  } catch (error) {
    return { files, broken: `the archive breaks off: ${wordsOf(error)}` };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function manifestOf(bytes: Uint8Array | undefined): Manifest {
  if (bytes === undefined || bytes.length > MANIFEST_LIMIT)
    throw new LongwatchError('SNAPSHOT_DAMAGED', 'the snapshot has no manifest.json that could be ours');
  try {
    return Manifest.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new LongwatchError('SNAPSHOT_DAMAGED', 'the manifest of the snapshot cannot be read', { cause });
  }
}
