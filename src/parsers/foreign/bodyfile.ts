import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen, type Maybe } from '../../model/unseen.ts';
import { linkRows } from './link-rows.ts';

const ROW =
  /^[^|]*\|(\/.*)\|(\d{0,19})\|([^|]{10,12})\|(\d{1,10})\|(\d{1,10})\|(\d{1,16})\|(-?\d{0,11})\|(-?\d{0,11})\|(-?\d{0,11})\|(-?\d{0,11})\s*$/;

/** Folders of which every file is told: what starts programs, and where intruders leave things. */
const EVERY =
  /^\/(?:run|var\/run|var\/lock|tmp|var\/tmp|dev\/shm|etc\/(?:cron|systemd|init|rc|profile|ld\.so|pam|udev|sudoers|ssh|modprobe|modules|apt|default|sysconfig|xdg)|var\/spool\/cron|var\/log|(?:usr\/)?lib\/(?:systemd|udev|security)|root\/\.|home\/[^/]+\/\.)/;
/** Programs: what somebody may execute, in any folder but those for data. */
const PROGRAMS = /^\/(?:bin|sbin|usr\/(?:s?bin|lib\w*|local)|lib\w*|opt|srv|var\/lib)\//;
const LINKS = /^\/(?:bin|sbin|lib\w*|etc\/alternatives\/[^/]+|usr\/(?:local\/)?s?bin\/[^/]+)$/;
const ROWS = 200_000;

/**
 * Metadata of files as `mactime` wants it: `MD5|name|inode|mode|uid|gid|size|atime|mtime|ctime|crtime`, with ` -> TARGET` behind
 * the name of a link. Of the whole host only the files that are of interest here are told: what may start, what may run, what lies where
 * everybody may write; and the links among programs.
 *
 * @see the format of The Sleuth Kit 3.0
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
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, whole, inode = '', mode = '', uid, gid, size, accessed, modified, changed, born] = ROW.exec(text) ?? [];
      if (whole === undefined) {
        if (text.trim() !== '') yield issueAt('not a line of a bodyfile', at);
        continue;
      }
      const type = mode.replace(/^.\//, '')[0];
      const arrow = type === 'l' ? whole.indexOf(' -> ') : -1;
      const [path, target] = arrow === -1 ? [whole, undefined] : [whole.slice(0, arrow), whole.slice(arrow + 4)];
      if (target !== undefined && LINKS.test(path))
        yield { body: { kind: 'program_link', link: { path, target } }, at };
      const bits = bitsOf(mode);
      const isProgram = type === '-' && (bits & 0o111) !== 0 && PROGRAMS.test(path);
      if (told >= ROWS || !(EVERY.test(path) || isProgram || (bits & 0o6000) !== 0 || running.has(path))) continue;
      told += 1;
      const file: BodyOf<'file'>['file'] = {
        path,
        type: type === 'd' ? 'directory' : type === 'l' ? 'link' : type === '-' || type === 'r' ? 'file' : 'other',
        ...(target === undefined ? {} : { target }),
        sizeBytes: Number(size),
        uid: Number(uid),
        gid: Number(gid),
        mode: bits,
        inode: inode === '' ? unseen('absent') : Number(inode),
        modifiedAt: timeOf(modified) ?? new Date(0).toISOString(),
        changedAt: orUnseen(timeOf(changed)),
        accessedAt: orUnseen(timeOf(accessed)),
        bornAt: orUnseen(timeOf(born)),
      };
      // Where UAC used a stat that prints a dash for the kind of an empty file, the mode is dashes alone: a file without bits.
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

/** Permission bits of `-rwsr-xr-x`, of which the last ten characters count (`r/rrwxr-xr-x` names the kind twice). */
function bitsOf(mode: string): number {
  const text = mode.slice(-9);
  let bits = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter !== '-' && letter !== 'S' && letter !== 'T') bits |= 0o400 >> index;
  }
  const special = [
    /[sS]/.test(text[2] ?? '') ? 0o4000 : 0,
    /[sS]/.test(text[5] ?? '') ? 0o2000 : 0,
    /[tT]/.test(text[8] ?? '') ? 0o1000 : 0,
  ];
  return special.reduce((sum, bit) => sum | bit, bits);
}

/** 0 stands for a time that the file system or the tool does not tell. */
function timeOf(seconds: string | undefined): string | undefined {
  return seconds === undefined || seconds === '' || Number(seconds) <= 0
    ? undefined
    : new Date(Number(seconds) * 1000).toISOString();
}

function orUnseen(time: string | undefined): Maybe<string> {
  return time ?? unseen('absent');
}
