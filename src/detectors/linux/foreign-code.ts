import type { Observation } from '../../model/observation.ts';
import { isUnseen, seen } from '../../model/unseen.ts';
import { isShellProcess } from './claim.ts';
import { scriptOfProgram } from './commands.ts';
import type { Origin } from './file-view.ts';
import type { HostView } from './host-view.ts';
import { isOfTheDistribution, join, lastPart } from './paths.ts';
import { placeOfFile, type Place } from './places.ts';

type ProcessRow = Observation<'process'>;

/** Code that a program of a package runs and that its package did not bring. */
export type ForeignCode =
  | { readonly is: 'script'; readonly path: string; readonly place: Place; readonly origin: Origin }
  | { readonly is: 'arguments' | 'input' };

/** What an interpreter runs, where that is of no package; undefined for other programs and where it is not known. */
export function foreignScript(view: HostView, row: ProcessRow): ForeignCode | undefined {
  const { exe, cmdline, cwd, sameRoot } = row.process;
  if (typeof exe !== 'string' || isUnseen(cmdline) || cmdline.length === 0 || sameRoot === false) return undefined;
  const said = scriptOfProgram(isShellProcess(view, row) ? 'sh' : lastPart(view.resolve(exe)), cmdline.slice(1));
  if (said === undefined) return undefined;
  if (said.file === undefined) return { is: said.from };
  const folder = seen(cwd) ?? undefined;
  if (!said.file.startsWith('/') && folder === undefined) return undefined;
  const path = join(folder ?? '/', said.file);
  const origin = view.originOf(path, true);
  return origin === 'unpackaged' ? { is: 'script', path, place: placeOfFile(view, path), origin } : undefined;
}

const mappings = new WeakMap<HostView, Map<ProcessRow, readonly Observation<'mapped_file'>[]>>();

/** What many programs load was put into all of them, as by ld.so.preload: rules over files speak of it once. */
const MOST_PROGRAMS = 2;

/**
 * Files of no package among the libraries of the distribution that a process mapped as code, and hardly another program: put
 * in by its environment, by a tool that attaches to processes, or run by way of the loader.
 */
export function foreignMappings(view: HostView, row: ProcessRow): readonly Observation<'mapped_file'>[] {
  const known = mappings.get(view) ?? new Map<ProcessRow, readonly Observation<'mapped_file'>[]>();
  mappings.set(view, known);
  const found = known.get(row) ?? mappingsOf(view, row);
  known.set(row, found);
  return found;
}

function mappingsOf(view: HostView, row: ProcessRow): readonly Observation<'mapped_file'>[] {
  const { pid, exe, sameRoot } = row.process;
  if (sameRoot !== true || !view.packagesKnown) return [];
  return (view.mapped.get(pid) ?? []).filter(
    ({ mapped: { path, deleted } }) =>
      path !== exe &&
      !deleted &&
      (view.mappers.get(path) ?? 0) <= MOST_PROGRAMS &&
      isOfTheDistribution(view.canonical(path)) &&
      view.originOf(path, true) === 'unpackaged',
  );
}

/** Whether a process runs other code than its package brought. */
export function runsForeignCode(view: HostView, row: ProcessRow): boolean {
  return foreignScript(view, row) !== undefined || foreignMappings(view, row).length > 0;
}
