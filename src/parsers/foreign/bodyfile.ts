import { bodyfileLines } from '../../lib/bodyfile.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import {
  folderOf,
  HOME_SETTINGS,
  HOME_UNIT_FOLDERS,
  HOOK_FOLDERS,
  LISTED_FLAT,
  LISTED_FOLDERS,
  SETTINGS,
  SETTINGS_FOLDERS,
  UNIT_FOLDERS,
} from '../../model/settings-files.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';
import { linkRows } from './link-rows.ts';

/** Folders of which every file is told: what starts programs, and where intruders leave things. */
const EVERY_FOLDER = new Set([
  ...SETTINGS_FOLDERS,
  ...UNIT_FOLDERS,
  ...HOOK_FOLDERS,
  ...LISTED_FOLDERS,
  ...LISTED_FLAT,
]);
const EVERY_FILE = new Set(SETTINGS.filter((place) => folderOf(place) === undefined));
const IN_HOMES = [...HOME_SETTINGS, ...HOME_UNIT_FOLDERS].map((name) => `/${name.replace(/\/\*.*/, '')}`);
/** Those places, some by an older name, and what of packages and users is hidden or decides who may enter. */
const EVERY =
  /^\/(?:var\/run|var\/lock|var\/spool\/cron|(?:usr\/)?lib\/(?:systemd|udev|security)|root\/\.|home\/[^/]+\/\.)/;
/** Programs: what somebody may execute, in any folder but those for data. */
const PROGRAMS = /^\/(?:bin|sbin|usr\/(?:s?bin|lib\w*|local)|lib\w*|opt|srv|var\/lib)\//;
const LINKS = /^\/(?:bin|sbin|lib\w*|etc\/alternatives\/[^/]+|usr\/(?:local\/)?s?bin\/[^/]+)$/;
const ROWS = 200_000;

/**
 * Of the whole host only the files that are of interest here are told: what may start, what may run, what lies where everybody
 * may write; and the links among programs.
 */
export const bodyfile = defineParser({
  id: 'foreign/bodyfile',
  summary: 'Metadata of files and links among programs from a bodyfile.',
  reads: ['foreign/bodyfile'],
  beside: ['foreign/proc-links'],
  yields: ['file', 'program_link'],
  *parse(artifact, beside) {
    const running = runningPrograms(beside('foreign/proc-links'));
    let told = 0;
    for (const { row, ...at } of bodyfileLines(artifact.bytes)) {
      if (row === undefined) {
        yield issueAt('not a line of a bodyfile', at);
        continue;
      }
      const { path, target, type, mode } = row;
      if (target !== undefined && LINKS.test(path))
        yield { body: { kind: 'program_link', link: { path, target } }, at };
      const isProgram = type === 'file' && (mode & 0o111) !== 0 && PROGRAMS.test(path);
      if (told >= ROWS || !(isPlace(path) || isProgram || (mode & 0o6000) !== 0 || running.has(path))) continue;
      told += 1;
      const { sizeBytes, uid, gid, inode = unseen('absent') } = row;
      const file: BodyOf<'file'>['file'] = {
        path,
        type,
        ...(target === undefined ? {} : { target }),
        sizeBytes,
        uid,
        gid,
        mode,
        inode,
        modifiedAt: new Date((row.modified ?? 0) * 1000).toISOString(),
        changedAt: timeOf(row.changed),
        accessedAt: timeOf(row.accessed),
        bornAt: timeOf(row.born),
      };
      yield { body: { kind: 'file', file }, at };
    }
    if (told >= ROWS)
      yield { gap: 'truncated', artifact: artifact.name, detail: `more than ${ROWS} files of interest`, missing: 0.5 };
  },
});

function runningPrograms(artifact: Artifact | undefined): ReadonlySet<string> {
  return new Set(
    artifact ? [...linkRows(artifact)].flatMap(({ what, target }) => (what === 'exe' ? [target] : [])) : [],
  );
}

/** Whether a path is one of the places of the list, or lies below a folder of it. */
function isPlace(path: string): boolean {
  if (EVERY_FILE.has(path) || EVERY.test(path) || IN_HOMES.some((name) => path.includes(name))) return true;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (EVERY_FOLDER.has(path.slice(0, end))) return true;
  }
  return false;
}

function timeOf(seconds: number | undefined): Maybe<string> {
  return seconds === undefined ? unseen('absent') : new Date(seconds * 1000).toISOString();
}
