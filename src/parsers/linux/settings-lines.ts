import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { At } from '../../model/parser.ts';

/** One line of one of several files, as `grep -aH` prints it. */
export interface SettingsLine {
  /** The file, as it is called in its root. */
  readonly path: string;
  /** The process in whose root it lies; absent for that of the host. */
  readonly inRootOf?: number;
  readonly text: string;
  readonly at: At;
}

/** Lines `PATH:TEXT`; a path has no colon. Messages of grep are none. */
export function* settingsLinesOf(artifact: Artifact): Generator<SettingsLine> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    const [, root, path, line] = /^(?:\/proc\/(\d{1,10})\/root(?=\/))?(\/[^:]*):(.*)$/s.exec(text) ?? [];
    if (path === undefined || line === undefined) continue;
    yield { path, text: line, at: { offset, line: number }, ...(root === undefined ? {} : { inRootOf: Number(root) }) };
  }
}
