import { linesOf } from '../../lib/lines.ts';
import { entryOf } from '../../lib/table.ts';
import type { BodyOf } from '../../model/observation.ts';
import { defineParser, issueAt, type Parsed } from '../../model/parser.ts';
import { isUnseen, unseen, type Maybe } from '../../model/unseen.ts';
import { linksOf } from '../../snapshot/links.ts';

const RECORD =
  /^(\w) (\d{1,19}) (\d{1,10}) (\d{1,10}) ([0-7]{1,5}) (\d{1,10}) (\d{1,20}) (-?\d{1,11}(?:\.\d*)?) (-?\d{1,11}(?:\.\d*)?) (-?\d{1,11}(?:\.\d*)?) (\S{0,30}) (.*)$/s;
const TYPES: Readonly<Record<string, 'file' | 'directory' | 'link'>> = { f: 'file', d: 'directory', l: 'link' };

/**
 * Path, then type, size, owner, group, mode, links, inode, four times and target of find(1): each pair ends in NUL. Of hosts whose
 * find cannot print that, lines of stat(1): mode with type in hexadecimal, size, owner, group, links, inode, three times, path.
 */
export const metadata = defineParser({
  id: 'linux/metadata',
  summary: 'Sizes, owners, modes and times of files that start something, of logs and of volatile folders.',
  reads: ['files/metadata'],
  yields: ['file'],
  *parse(artifact) {
    if (!artifact.bytes.includes(0)) {
      yield* linesOfStat(artifact.bytes);
      return;
    }
    const seenPaths = new Set<string>();
    for (const { path: raw, target: words, offset } of linksOf(artifact.bytes)) {
      const path = plain(raw);
      const [, type = '', size, uid, gid, mode = '0', , inode, accessed, modified, changed, born, target = ''] =
        RECORD.exec(words) ?? [];
      const modifiedAt = timeOf(modified);
      if (type === '' || isUnseen(modifiedAt)) {
        yield issueAt('not a record of find', { offset });
        continue;
      }
      if (seenPaths.has(path)) continue;
      seenPaths.add(path);
      yield {
        body: {
          kind: 'file',
          file: {
            path,
            type: entryOf(TYPES, type) ?? 'other',
            ...(type === 'l' ? { target } : {}),
            sizeBytes: Number(size),
            uid: Number(uid),
            gid: Number(gid),
            mode: parseInt(mode, 8),
            inode: Number(inode),
            modifiedAt,
            changedAt: timeOf(changed),
            accessedAt: timeOf(accessed),
            bornAt: /^0*\.?0*$/.test(born ?? '') ? unseen('unsupported') : timeOf(born),
          },
        },
        at: { offset },
      };
    }
  },
});

const LINE =
  /^([0-9a-f]{1,8}) (\d{1,19}) (\d{1,10}) (\d{1,10}) \d{1,10} (\d{1,20}) (-?\d{1,11}) (-?\d{1,11}) (-?\d{1,11}) (\/.*)$/s;
/** @see inode(7), S_IFMT */
const KINDS: Readonly<Record<string, 'file' | 'directory' | 'link'>> = { 8: 'file', 4: 'directory', 10: 'link' };

function* linesOfStat(bytes: Uint8Array): Generator<Parsed<'file'>> {
  const seenPaths = new Set<string>();
  for (const { text, offset, number } of linesOf(bytes)) {
    const at = { offset, line: number };
    const [, mode = '', size, uid, gid, inode, accessed, modified, changed, raw = ''] = LINE.exec(text) ?? [];
    const modifiedAt = timeOf(modified);
    if (mode === '' || isUnseen(modifiedAt)) {
      if (text !== '') yield issueAt('not a line of stat', at);
      continue;
    }
    const path = plain(raw);
    if (seenPaths.has(path)) continue;
    seenPaths.add(path);
    const bits = parseInt(mode, 16);
    const file: BodyOf<'file'>['file'] = {
      path,
      type: entryOf(KINDS, String((bits >> 12) & 0xf)) ?? 'other',
      sizeBytes: Number(size),
      uid: Number(uid),
      gid: Number(gid),
      mode: bits & 0o7777,
      inode: Number(inode),
      modifiedAt,
      changedAt: timeOf(changed),
      accessedAt: timeOf(accessed),
      bornAt: unseen('unsupported'),
    };
    yield { body: { kind: 'file', file }, at };
  }
}

/** One spelling for a path that was found below `FOLDER/`. */
function plain(path: string): string {
  return path.replace(/(?<=.)\/+$/, '').replaceAll(/\/{2,}/g, '/');
}

/** Seconds with fractions as RFC 3339. Where a file system does not tell, find prints nothing, a hyphen, zero or `-1.-000000010`. */
function timeOf(seconds: string | undefined): Maybe<string> {
  const at = new Date(seconds === undefined || seconds === '' ? NaN : Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? unseen('unsupported') : at.toISOString();
}
