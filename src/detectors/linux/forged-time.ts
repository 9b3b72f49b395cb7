import { defineDetector, notSeen, type Shown } from '../../model/detector.ts';
import type { Level } from '../../model/level.ts';
import { isUnseen } from '../../model/unseen.ts';
import { FILE_KINDS, FILE_USES, fileViewOf, type FileView } from './file-view.ts';
import { quoted } from './paths.ts';
import { placeOfFile } from './places.ts';
import { shownFile } from './startups.ts';
import { isCode, unownedFiles, type Unowned } from './unowned-files.ts';

const DAY_MS = 86_400_000;
/** An archive that is unpacked leaves many old files in one moment. */
const SAME_MOMENT_MS = 60_000;
const AN_INSTALLATION = 8;

/**
 * A time of modification that was set by hand, so that a program looks as old as its neighbours. Packages, archives and copies
 * bring old times as well: only a single program among those of the distribution that no package owns is told, and more than
 * a remark only where its time is that of a file beside it, as `touch -r` makes it.
 */
export const forgedTime = defineDetector({
  id: 'linux/forged-time',
  title: 'Program whose time of modification was set by hand',
  level: 'medium',
  status: 'experimental',
  attack: ['T1070.006'],
  needs: ['file', ...FILE_KINDS],
  uses: FILE_USES,
  judges: 'file',
  identity: ['the path'],
  falsePositives: [
    'A program that was copied with its times, or unpacked from an archive, into the folders of the distribution.',
  ],
  next: ['stat FILE: the time of change and of birth cannot be set by touch'],
  *detect(facts) {
    const view = fileViewOf(facts);
    const candidates: Aged[] = [];
    for (const one of unownedFiles(view, facts.each('file'))) {
      const place = placeOfFile(view, one.path);
      if (!isCode(one.row) || (place !== 'distribution' && place !== 'hidden')) continue;
      const cameAt = cameThere(one);
      if (cameAt === undefined) yield notSeen(one.row, 'file.changedAt');
      else if (cameAt - Date.parse(one.row.file.modifiedAt) > DAY_MS) candidates.push({ ...one, cameAt });
    }
    const brothers = Map.groupBy(facts.each('file'), ({ file }) => folderOf(view.canonical(file.path)));
    const byMinute = Map.groupBy(candidates, ({ cameAt }) => minuteOf(cameAt));
    for (const one of candidates) {
      const { row, path, cameAt } = one;
      const { modifiedAt } = row.file;
      const like = (brothers.get(folderOf(path)) ?? []).filter(
        ({ file }) => file.modifiedAt === modifiedAt && view.canonical(file.path) !== path,
      );
      const packaged = like.find(({ file }) => view.ownerOf(file.path) !== undefined);
      const minute = minuteOf(cameAt);
      const together = [minute - 1, minute, minute + 1].reduce((sum, at) => sum + (byMinute.get(at)?.length ?? 0), 0);
      if (packaged === undefined && together >= AN_INSTALLATION) continue;
      yield {
        level: levelOf(packaged !== undefined, isWholeSecond(modifiedAt)),
        message: `${path} says that it was modified ${modifiedAt} and came there ${new Date(cameAt).toISOString()}${packaged === undefined ? '' : `; its time is exactly that of ${packaged.file.path} beside it`}, and no package owns it`,
        subject: { path },
        identity: [path],
        evidence: [
          ...shownFile(view, path),
          ...(packaged === undefined ? [] : shownNeighbour(view, packaged.file.path)),
        ],
        next: [
          `see its times: stat ${quoted(path)}`,
          `see what else came in that moment: find / -xdev -newerct ${quoted(new Date(cameAt - SAME_MOMENT_MS).toISOString())} ! -newerct ${quoted(new Date(cameAt + SAME_MOMENT_MS).toISOString())} -ls`,
        ],
      };
    }
  },
});

interface Aged extends Unowned {
  /** When the file came there, by the clock of the kernel: milliseconds since 1970. */
  readonly cameAt: number;
}

/** Birth or, where it is not told, the last change of the inode; undefined where neither was seen. */
function cameThere({ row: { file } }: Unowned): number | undefined {
  const { bornAt, changedAt } = file;
  if (!isUnseen(bornAt)) return Date.parse(bornAt);
  return isUnseen(changedAt) ? undefined : Date.parse(changedAt);
}

function minuteOf(at: number): number {
  return Math.floor(at / SAME_MOMENT_MS);
}

/** The kernel writes nanoseconds, tools that are given a date write none. */
function isWholeSecond(at: string): boolean {
  return !/\.\d*[1-9]/.test(at);
}

function levelOf(isThatOfANeighbour: boolean, wholeSecond: boolean): Level {
  if (isThatOfANeighbour) return 'medium';
  return wholeSecond ? 'low' : 'informational';
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function shownNeighbour(view: FileView, path: string): readonly Shown[] {
  return shownFile(view, path).slice(0, 1);
}
