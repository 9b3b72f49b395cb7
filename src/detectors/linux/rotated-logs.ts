import type { Observation } from '../../model/observation.ts';
import { seen } from '../../model/unseen.ts';

type FileRow = Observation<'file'>;

/** A log, with its earlier parts as logrotate(8) and its like keep them, the newest first. */
export interface Log {
  readonly path: string;
  readonly current: FileRow | undefined;
  readonly rotated: readonly FileRow[];
}

const ROTATED = /^(.+?)(?:\.(\d{1,4})|-(\d{8}(?:\d{2,6})?)|\.old)(?:\.(?:gz|xz|bz2|zst))?$/;

/** The logs of a host by the names of their files. */
export function logsOf(files: Iterable<FileRow>): readonly Log[] {
  const rows = [...files].filter(({ file }) => file.path.startsWith('/var/log/'));
  const paths = new Map(rows.map((row) => [row.file.path, row]));
  const parts = Map.groupBy(rows, ({ file }) => ROTATED.exec(file.path)?.[1] ?? file.path);
  return [...parts].map(([path, all]) => ({
    path,
    current: paths.get(path),
    rotated: all
      .filter(({ file }) => file.type === 'file' && file.path !== path)
      .sort((a, b) => Date.parse(b.file.modifiedAt) - Date.parse(a.file.modifiedAt)),
  }));
}

/** When a part was put aside: renaming changes the inode. */
export function putAsideAt({ file }: FileRow): number {
  return Date.parse(seen(file.changedAt) ?? file.modifiedAt);
}

export function isCompressed({ file }: FileRow): boolean {
  return /\.(?:gz|xz|bz2|zst)$/.test(file.path);
}
