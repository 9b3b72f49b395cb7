import { concat, utf8 } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import type { Artifact, ArtifactGap, Origin } from '../../model/artifact.ts';

const LINE_FEED = 0x0a;
/** Larger than any honest artifact; what is beyond is cut and told. */
const ARTIFACT_LIMIT = 64 << 20;

interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly cut: boolean;
  /** The line of the original at which it begins, from 1. */
  readonly line: number;
  /** The bytes are those of the original. */
  readonly same: boolean;
  readonly sha256: string;
}

/** Artifacts in the making: each is put together from files that show the same thing, in the order of their names. */
export class Bundle {
  readonly #parts = new Map<string, Part[]>();

  /** Takes a file as it is. */
  add(artifact: string, name: string, bytes: Uint8Array, cut = false): void {
    this.#push(artifact, { name, bytes, cut, line: 1, same: true, sha256: sha256(bytes) });
  }

  /**
   * Takes lines of a file with something changed, such as a number of a process before each.
   *
   * @param original The whole file, by whose digest it is known.
   * @param line Where the first of the lines stands in it, from 1; they follow one another there.
   */
  addLines(
    artifact: string,
    name: string,
    lines: readonly string[],
    original: Uint8Array,
    cut = false,
    line = 1,
  ): void {
    if (lines.length === 0) return;
    this.#push(artifact, {
      name,
      bytes: utf8(`${lines.join('\n')}\n`),
      cut,
      line,
      same: false,
      sha256: sha256(original),
    });
  }

  has(artifact: string): boolean {
    return this.#parts.has(artifact);
  }

  #push(artifact: string, part: Part): void {
    const parts = this.#parts.get(artifact);
    if (parts) parts.push(part);
    else this.#parts.set(artifact, [part]);
  }

  /** The artifacts in the order of their names, and a gap for each of which a part is cut. */
  made(): { artifacts: Map<string, Artifact>; gaps: ArtifactGap[] } {
    const artifacts = new Map<string, Artifact>();
    const gaps: ArtifactGap[] = [];
    for (const name of [...this.#parts.keys()].sort()) {
      const parts = [...(this.#parts.get(name) ?? [])].sort((a, b) =>
        a.name < b.name ? -1 : a.name > b.name ? 1 : a.line - b.line,
      );
      const { artifact, short } = joined(name, parts);
      artifacts.set(name, artifact);
      if (short !== undefined) gaps.push({ name, reason: 'truncated', detail: short });
    }
    return { artifacts, gaps };
  }
}

function joined(name: string, parts: readonly Part[]): { artifact: Artifact; short?: string } {
  const pieces: Uint8Array[] = [];
  const origins: Origin[] = [];
  let [offset, line] = [0, 1];
  let short = parts.find(({ cut }) => cut)?.name;
  for (const part of parts) {
    if (offset + part.bytes.length > ARTIFACT_LIMIT) {
      short = part.name;
      break;
    }
    origins.push({
      name: part.name,
      sha256: part.sha256,
      offset,
      line,
      originalLine: part.line,
      ...(part.same ? { originalOffset: 0 } : {}),
    });
    const ended = part.bytes.length === 0 || part.bytes.at(-1) === LINE_FEED;
    pieces.push(part.bytes, ...(ended ? [] : [utf8('\n')]));
    offset += part.bytes.length + (ended ? 0 : 1);
    line += part.bytes.reduce((count, byte) => count + Number(byte === LINE_FEED), 0) + (ended ? 0 : 1);
  }
  const bytes = concat(pieces);
  const artifact = {
    name,
    bytes,
    sha256: sha256(bytes),
    origins,
    ...(short === undefined ? {} : { cut: true as const }),
  };
  return { artifact, ...(short === undefined ? {} : { short: `the end of ${short} is missing` }) };
}

/** Two artifacts of one name as one, the second behind the first. */
export function joinedArtifacts(first: Artifact, second: Artifact): Artifact {
  const head =
    first.bytes.length === 0 || first.bytes.at(-1) === LINE_FEED ? first.bytes : concat([first.bytes, utf8('\n')]);
  const bytes = concat([head, second.bytes]);
  const lines = head.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
  const behind = originsOf(second).map((one) => ({ ...one, offset: one.offset + head.length, line: one.line + lines }));
  const cut = first.cut === true || second.cut === true;
  return {
    name: first.name,
    bytes,
    sha256: sha256(bytes),
    origins: [...originsOf(first), ...behind],
    ...(cut ? { cut } : {}),
  };
}

function originsOf({ name, sha256: digest, origins }: Artifact): readonly Origin[] {
  return origins ?? [{ name, sha256: digest, offset: 0, line: 1, originalLine: 1, originalOffset: 0 }];
}
