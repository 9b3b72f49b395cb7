import { zstdCompress, zstdDecompressSync, constants } from 'node:zlib';
import { promisify } from 'node:util';
import { extract, pack } from 'tar-stream';
import { z } from 'zod';
import { sha256 } from '../lib/hash.ts';
import { LongwatchError } from '../model/errors.ts';
import type { Artifact, ArtifactGap, Evidence } from '../model/artifact.ts';
import type { Issue } from '../model/gap.ts';
import { UnseenReason } from '../model/unseen.ts';

const MANIFEST = 'manifest.json';
const MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
/** A snapshot of a large host is some 20 MiB; a bomb is stopped here. */
const UNPACKED_LIMIT = 1 << 30;

const Manifest = z.object({
  format: z.literal('longwatch-snapshot/1'),
  host: z.object({ id: z.string().max(128), name: z.string().max(255) }),
  observedAt: z.iso.datetime(),
  artifacts: z.array(z.object({ name: z.string(), file: z.string(), sizeBytes: z.number(), sha256: z.string() })),
  gaps: z.array(z.object({ name: z.string(), reason: UnseenReason, detail: z.string().exactOptional() })),
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
  return promisify(zstdCompress)(Buffer.concat(parts), { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
}

function memberOf(index: number, name: string): string {
  const readable = name.replace(/[^\w.-]+/g, '_').slice(0, 60);
  return `artifacts/${String(index).padStart(4, '0')}-${readable}`;
}

/**
 * Reads a snapshot. An artifact whose hash is not the manifest's, or that is missing, is left out and becomes a gap and an
 * issue; the rest is judged.
 *
 * @throws {LongwatchError} `SNAPSHOT_DAMAGED` when there is no manifest that can be read.
 */
export async function unpackSnapshot(bytes: Uint8Array): Promise<{ evidence: Evidence; issues: Issue[] }> {
  const { files, broken } = await untar(decompress(bytes));
  const manifest = manifestOf(files.get(MANIFEST));
  const artifacts = new Map<string, Artifact>();
  const gaps: ArtifactGap[] = [...manifest.gaps];
  const issues: Issue[] = broken === undefined ? [] : [{ artifact: 'the snapshot', reason: broken }];
  for (const { name, file, sha256: wanted } of manifest.artifacts) {
    const content = files.get(file);
    const fault =
      content === undefined
        ? 'it is missing in the snapshot'
        : sha256(content) === wanted
          ? undefined
          : 'its hash is not the one in the manifest';
    if (content !== undefined && fault === undefined) artifacts.set(name, { name, bytes: content, sha256: wanted });
    else {
      gaps.push({ name, reason: 'truncated', detail: fault ?? '' });
      issues.push({ artifact: name, reason: `${fault}; it is not judged` });
    }
  }
  return { evidence: { host: manifest.host, observedAt: manifest.observedAt, artifacts, gaps }, issues };
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    // An archive that was cut gives what its whole blocks hold.
    return zstdDecompressSync(bytes, { maxOutputLength: UNPACKED_LIMIT, finishFlush: constants.ZSTD_e_continue });
  } catch (cause) {
    throw new LongwatchError('SNAPSHOT_DAMAGED', 'the snapshot cannot be decompressed', { cause });
  }
}

async function untar(bytes: Uint8Array): Promise<{ files: ReadonlyMap<string, Uint8Array>; broken?: string }> {
  const files = new Map<string, Uint8Array>();
  const reader = extract();
  reader.end(Buffer.from(bytes));
  try {
    for await (const entry of reader) {
      const parts: Uint8Array[] = [];
      for await (const part of entry) parts.push(part as Uint8Array);
      files.set(entry.header.name, new Uint8Array(Buffer.concat(parts)));
    }
    return { files };
  } catch (error) {
    return { files, broken: `the archive breaks off: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function manifestOf(bytes: Uint8Array | undefined): Manifest {
  if (bytes === undefined) throw new LongwatchError('SNAPSHOT_DAMAGED', 'the snapshot has no manifest.json');
  try {
    return Manifest.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new LongwatchError('SNAPSHOT_DAMAGED', 'the manifest of the snapshot cannot be read', { cause });
  }
}
