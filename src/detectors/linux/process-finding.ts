import type { Detection, Shown } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { seen } from '../../model/unseen.ts';
import type { HostView } from './host-view.ts';
import type { Signs } from './signs/index.ts';
import type { Family, Sign } from './signs/sign.ts';

/** One finding about one process from its signs, the heaviest first. */
export function processFinding(
  view: HostView,
  { row, byFamily }: Signs,
  families: readonly Family[],
  level: Level,
): Detection {
  const signs = families
    .flatMap((family) => byFamily.get(family) ?? [])
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const { pid, comm, cmdline, uid, ppid } = row.process;
  const exe = seen(row.process.exe) ?? null;
  const parent = view.parentOf(row);
  const startedAt = view.startedAt(row);
  const context = [
    `pid ${pid}, parent ${seen(ppid) ?? '?'}${parent ? ` (${parent.process.comm})` : ''}, uid ${String(seen(uid) ?? '?')}`,
    ...(startedAt === undefined ? [] : [`started ${startedAt}`]),
    ...(typeof row.process.unit === 'string' ? [`unit ${row.process.unit}`] : []),
  ].join(', ');
  return {
    level,
    message: `${comm} (pid ${pid}, ${exe ?? 'program not seen'}) ${unique(signs.map(({ says }) => says)).join('; it ')}`,
    subject: { pid, comm, ...(exe === null ? {} : { exe }) },
    identity: [
      exe === null ? comm : exe.startsWith('/memfd:') ? '/memfd:' : view.canonical(exe),
      (seen(cmdline) ?? [comm])[0]?.split(' ')[0] ?? '',
    ],
    evidence: [{ observation: row, text: context }, ...firstOfEach(signs)].slice(0, 16),
    attack: unique(signs.flatMap(({ attack }) => attack)),
    benign: unique(signs.map(({ benign }) => benign)),
    next: unique(signs.map(({ next }) => next)),
  };
}

/** The families that carry weight, heaviest first. */
export function weighty(signs: Signs, least: number): readonly Family[] {
  return [...signs.weights]
    .filter(([, weight]) => weight >= least)
    .sort(([, a], [, b]) => b - a)
    .map(([family]) => family);
}

/** What each sign shows first, then the rest: a reader who stops early has seen every sign. */
function firstOfEach(signs: readonly Sign[]): readonly Shown[] {
  return [...signs.flatMap(({ shown }) => shown.slice(0, 1)), ...signs.flatMap(({ shown }) => shown.slice(1))];
}

function unique<T extends Sign['says']>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
