import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Placed } from './rows.ts';

/** A link below /proc/PID as ls -l prints it. */
export interface LinkRow extends Placed {
  readonly pid: number;
  /** `exe`, `cwd`, `root`, `fd/3`, `ns/net`. */
  readonly what: string;
  readonly target: string;
}

const ROW = /^l\S{9,10} +\d+ .*? \/proc\/(\d{1,10})\/(exe|cwd|root|fd\/\d{1,7}|ns\/\w+) -> (.*)$/;

export function* linkRows(artifact: Artifact): Generator<LinkRow> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    const [, pid, what, target] = ROW.exec(text) ?? [];
    if (pid !== undefined && what !== undefined && target !== undefined && target !== '')
      yield { offset, line: number, pid: Number(pid), what, target };
  }
}
