import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import type { Observation } from '../../model/observation.ts';
import { FILE_KINDS, FILE_USES, fileViewOf } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile, standingInWords, type Place } from './places.ts';
import { shownFile } from './startups.ts';

const SETUID = 0o4000;
const SETGID = 0o2000;

/** A program that gives whoever runs it the rights of its owner: the shortest way back to root. Those of a host come from packages. */
export const foreignPrivilege = defineDetector({
  id: 'linux/foreign-privilege',
  title: 'Program of no package that gives the rights of another user',
  level: 'high',
  status: 'experimental',
  attack: ['T1548.001'],
  needs: ['file', ...FILE_KINDS],
  uses: ['package_change', ...FILE_USES],
  judges: 'file',
  identity: ['the path'],
  falsePositives: ['Helpers of vendors that were installed without a package, in folders of their own.'],
  next: ['compare with a sibling host of the same role'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const gained = new Set(
      [...facts.each('package_change')].flatMap(({ change: { path, differs } }) =>
        differs.includes('mode') ? [view.canonical(path)] : [],
      ),
    );
    for (const row of facts.each('file')) {
      const { path, type } = row.file;
      const gives = type === 'file' ? whatItGives(row) : undefined;
      if (gives === undefined) continue;
      const origin = view.originOf(path);
      const place = placeOfFile(view, path);
      const isShell = view.isShell(path);
      if (origin === 'unknown' && !isShell) yield notSeen(row, 'package of the file');
      const isNew = gives.strong && gained.has(view.canonical(path));
      // A shell of the distribution has no such right, whoever owns it.
      if (origin !== 'unpackaged' && !isNew && !(isShell && gives.strong)) continue;
      yield {
        level: isShell ? 'high' : isNew ? 'medium' : levelOf(place, gives.strong),
        message: `${path} ${gives.words}${isShell ? ', and it is a login shell' : isNew ? ', which its package did not give it' : `; it ${standingInWords(place, origin)}`}`,
        subject: { path },
        identity: [view.canonical(path)],
        evidence: shownFile(view, path),
        next: [
          `see what it is and when it came: file ${quoted(path)}; stat ${quoted(path)}`,
          'compare with a sibling host of the same role',
        ],
      };
    }
  },
});

function whatItGives({ file }: Observation<'file'>): { readonly words: string; readonly strong: boolean } | undefined {
  const { mode, uid } = file;
  if ((mode & SETUID) !== 0) return { words: `runs as user ${uid}, whoever starts it (setuid)`, strong: uid === 0 };
  return (mode & SETGID) === 0 || (mode & 0o010) === 0
    ? undefined
    : { words: 'runs with the group of its owner, whoever starts it (setgid)', strong: false };
}

function levelOf(place: Place, strong: boolean): Level {
  if (place === 'elsewhere') return strong ? 'low' : 'informational';
  return strong ? 'high' : 'low';
}
