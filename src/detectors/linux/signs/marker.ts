import { shellQuote } from '../../../lib/shell-quote.ts';
import type { Observation } from '../../../model/observation.ts';
import { isUnseen } from '../../../model/unseen.ts';
import type { HostView } from '../host-view.ts';
import { lastPart } from '../paths.ts';
import type { Sign } from './sign.ts';

/** An empty file that a process of the same moment left may be its mark that it runs already. */
const SAME_MOMENT_MS = 3000;

/** Empty lock or pid files that no unit names and no process of that name explains. */
export function orphanMarkers(view: HostView): readonly Observation<'file'>[] {
  const names = view.processes.flatMap(({ process }) => [
    process.comm,
    ...(typeof process.exe === 'string' ? [lastPart(process.exe)] : []),
  ]);
  return view.emptyFiles.filter(({ file }) => {
    if (file.uid !== 0 || !/\.(?:pid|lock)$/.test(file.path)) return false;
    if (view.pidFiles.has(file.path.replace(/^\/var\/run\//, '/run/'))) return false;
    const stem = lastPart(file.path).replace(/\.(?:pid|lock)$/, '');
    return !names.some(
      (name) =>
        name === stem || (stem.length > 2 && name.startsWith(stem)) || (name.length > 2 && stem.startsWith(name)),
    );
  });
}

/** The mark of a process that began in the same moment; it says something only beside another sign. */
export function* marker(view: HostView, row: Observation<'process'>): Generator<Sign> {
  const began = Date.parse(view.startedAt(row) ?? '');
  const standing = view.standingOf(row);
  if (Number.isNaN(began) || standing.is === 'verified' || standing.is === 'packaged') return;
  for (const found of view.emptyFiles) {
    const { path, uid, changedAt } = found.file;
    if (
      uid !== 0 ||
      !/\.(?:pid|lock)$/.test(path) ||
      isUnseen(changedAt) ||
      Math.abs(Date.parse(changedAt) - began) > SAME_MOMENT_MS
    )
      continue;
    yield {
      family: 'marker',
      weight: 0.5,
      attack: ['T1480.002'],
      shown: [{ observation: found, text: `${path}: 0 bytes, changed ${changedAt}, as the process began` }],
      says: `began in the moment in which the empty ${path} was made`,
      benign: 'Many init scripts leave empty lock files, all of them at boot.',
      next: `stat ${shellQuote(path)}`,
    };
  }
}
