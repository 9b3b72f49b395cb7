import { shellQuote } from '../../../lib/shell-quote.ts';
import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { foreignMappings } from '../foreign-code.ts';
import type { HostView } from '../host-view.ts';
import { digestBy } from '../standing.ts';
import { isForEverybody } from '../paths.ts';
import { isInMemory, isPackaged } from '../trust.ts';
import type { Blind, Sign } from './sign.ts';

/** The program and the libraries it mapped, against what their packages brought; and code that no file holds any more. */
export function* integrity(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, exeDeleted, exeMd5, exeSha256, sameRoot } = row.process;
  const standing = view.standingOf(row);
  if (standing.is === 'altered' && typeof exe === 'string') {
    const { algorithm } = standing.owned.owned;
    yield altered(
      row,
      standing.owned,
      exe,
      seen(digestBy(algorithm, { md5: exeMd5, sha256: exeSha256 })) ?? '',
      'the program',
    );
  }
  // Of an earlier version that still runs no digest is known, and none is missed.
  if (standing.is === 'packaged' && exeDeleted === false)
    yield { blind: 'digest of the program', hides: ['integrity'], observation: row };
  // Without the program its own code would be taken for somebody else's; provenance tells that it was not seen.
  if (isUnseen(exe)) return;
  // Software of no package brings its own libraries: then the one follows from the other.
  if (isPackaged(view, row)) for (const mapping of foreignMappings(view, row)) yield broughtIn(row, mapping);
  for (const mapping of view.mapped.get(pid) ?? []) {
    const { path, deleted } = mapping.mapped;
    if (path === exe) continue;
    if ((isInMemory(view, path) || isForEverybody(path)) && !view.wasReplaced(path)) yield unowned(view, mapping);
    else if (!deleted && sameRoot === true) yield* againstPackage(view, row, mapping);
  }
}

/**
 * Java and its like unpack libraries into a folder for everybody, load and delete them. Nothing is unpacked into shared
 * memory or /run, and to delete it there leaves no trace. What is compiled at run time is mapped as shared, which is not seen
 * here: a private mapping is a loaded library.
 */
function unowned(view: HostView, mapping: Observation<'mapped_file'>): Sign {
  const { pid, path, deleted } = mapping.mapped;
  return {
    family: 'integrity',
    weight: deleted && !isForEverybody(path) ? 2.5 : 1,
    attack: ['T1055', 'T1574.006'],
    shown: [{ observation: mapping, text: `/proc/${pid}/maps: ${path}${deleted ? ' (deleted)' : ''}, mapped as code` }],
    says: `has mapped code from ${path}, ${isInMemory(view, path) ? 'a file in memory' : 'where everybody may write'}${deleted ? ', deleted since' : ''}`,
    benign: 'Runtimes unpack libraries there, load and delete them.',
    next: `keep the code: ls -l /proc/${pid}/map_files; compare with a sibling process`,
  };
}

/** Drivers of graphics and of storage come this way into the programs that use them; nobody has to ask the environment for it. */
function broughtIn(row: Observation<'process'>, mapping: Observation<'mapped_file'>): Sign {
  const { pid, path } = mapping.mapped;
  const environ = seen(row.process.environ) ?? {};
  const asked = ['LD_PRELOAD', 'LD_AUDIT'].find((name) =>
    (Object.hasOwn(environ, name) ? (environ[name] ?? '') : '').split(/[\s:]+/).includes(path),
  );
  return {
    family: 'integrity',
    weight: asked === undefined ? 2 : 2.5,
    attack: ['T1574.006', 'T1055'],
    shown: [
      { observation: mapping, text: `/proc/${pid}/maps: ${path}, mapped as code, of no package` },
      ...(asked === undefined ? [] : [{ observation: row, text: `/proc/${pid}/environ: ${asked} names it` }]),
    ],
    says: `is a program of a package and runs code of ${path}, which belongs to no package, lies in the folders of the distribution${asked === undefined ? '' : `, was put in by ${asked}`} and is in hardly another program`,
    benign: 'A driver or an agent whose vendor installs libraries there without a package.',
    next: `see what it is and when it came: ls -l --time-style=full-iso ${shellQuote(path)}; compare with a sibling host`,
  };
}

function* againstPackage(
  view: HostView,
  row: Observation<'process'>,
  mapping: Observation<'mapped_file'>,
): Generator<Sign | Blind> {
  const { path } = mapping.mapped;
  const owned = view.ownerOf(path);
  if (owned === undefined) return;
  const { algorithm, digest } = owned.owned;
  const file = view.digestOf(path)?.file;
  const real = file && digestBy(algorithm, file);
  if (real === undefined || isUnseen(real) || isUnseen(digest))
    yield { blind: 'digest of a library', hides: ['integrity'], observation: row };
  else if (real !== digest) yield altered(mapping, owned, path, real, 'a library');
}

function altered(
  observation: Observation,
  owned: Observation<'package_file'>,
  path: string,
  real: string,
  what: string,
): Sign {
  const { package: name, algorithm, digest } = owned.owned;
  return {
    family: 'integrity',
    weight: 3,
    attack: ['T1554'],
    shown: [
      { observation: owned, text: `package ${name} recorded ${algorithm} ${seen(digest) ?? ''} for ${path}` },
      { observation, text: `the file that runs has ${algorithm} ${real}` },
    ],
    says: `runs ${what} ${path}, which is not the one that package ${name} brought`,
    benign: 'A hot fix of the vendor, put in place without a package.',
    next: `fetch the package of this version from its source and compare ${shellQuote(path)} with it`,
  };
}
