import type { Observation } from '../../../model/observation.ts';
import { isUnseen, seen } from '../../../model/unseen.ts';
import { isInMemory, type HostView } from '../host-view.ts';
import type { Blind, Sign } from './sign.ts';

/** The program and the libraries it mapped, against what their packages brought. */
export function* integrity(view: HostView, row: Observation<'process'>): Generator<Sign | Blind> {
  const { pid, exe, exeMd5, exeSha256 } = row.process;
  const standing = view.standingOf(row);
  if (standing.is === 'altered' && typeof exe === 'string') {
    const real = seen(exeMd5) ?? seen(exeSha256) ?? '';
    yield altered(row, standing.owned, exe, real, 'the program');
  }
  for (const mapping of view.mapped.get(pid) ?? []) {
    const { path, deleted } = mapping.mapped;
    if (path === exe || path.startsWith('/memfd:')) continue;
    if (deleted) {
      if (
        !view.wasReplaced(path) &&
        isInMemory(view, path) &&
        path.startsWith('/') &&
        !/^\/(?:SYSV|dev\/zero)/.test(path)
      ) {
        yield {
          family: 'integrity',
          weight: 2,
          attack: ['T1055', 'T1574.006'],
          shown: [{ observation: mapping, text: `/proc/${pid}/maps: ${path} (deleted), mapped as code` }],
          says: `has mapped code from ${path}, a file in memory that was deleted since`,
          benign: 'Runtimes that compile at run time keep code in such files.',
          next: `keep the code: ls -l /proc/${pid}/map_files; compare with a sibling process`,
        };
      }
      continue;
    }
    const owned = view.ownerOf(path);
    const digest = view.digestOf(path)?.file;
    if (owned === undefined || digest === undefined || row.process.sameRoot !== true) continue;
    const real =
      owned.owned.algorithm === 'md5' ? digest.md5 : owned.owned.algorithm === 'sha256' ? digest.sha256 : undefined;
    if (real !== undefined && !isUnseen(real) && !isUnseen(owned.owned.digest) && real !== owned.owned.digest)
      yield altered(mapping, owned, path, real, 'a library');
  }
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
      { observation: owned, text: `package ${name} recorded ${algorithm} ${seen(digest) ?? 'none'} for ${path}` },
      { observation, text: `the file that runs has ${algorithm} ${real}` },
    ],
    says: `runs ${what} ${path}, which is not the one that package ${name} brought`,
    benign: 'A hot fix of the vendor, put in place without a package.',
    next: `fetch the package of this version from its source and compare ${path} with it`,
  };
}
