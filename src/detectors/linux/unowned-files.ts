import type { Observation } from '../../model/observation.ts';
import type { FileView } from './file-view.ts';

export interface Unowned {
  readonly row: Observation<'file'>;
  readonly path: string;
}

const EXECUTABLE = 0o111;

/** Regular files that no package owns, of those whose metadata was taken. */
export function* unownedFiles(view: FileView, rows: Iterable<Observation<'file'>>): Generator<Unowned> {
  for (const row of rows) {
    const { type, path } = row.file;
    if (type === 'file' && view.originOf(path) === 'unpackaged') yield { row, path: view.canonical(path) };
  }
}

export function isExecutable({ file }: Observation<'file'>): boolean {
  return (file.mode & EXECUTABLE) !== 0;
}

/** A program, or a library, which need not be executable. */
export function isCode(row: Observation<'file'>): boolean {
  return isExecutable(row) || /\.so(?:\.[\d.]+)*$/.test(row.file.path);
}
