import { entryOf } from '../../lib/table.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { isUnseen, unseen, type Maybe } from '../../model/unseen.ts';
import { linksOf } from '../../snapshot/links.ts';

const RECORD =
  /^(\w) (\d{1,19}) (\d{1,10}) (\d{1,10}) ([0-7]{1,5}) (\d{1,10}) (\d{1,20}) (-?\d{1,11}(?:\.\d*)?) (-?\d{1,11}(?:\.\d*)?) (-?\d{1,11}(?:\.\d*)?) (\S{0,30}) (.*)$/s;
const TYPES: Readonly<Record<string, 'file' | 'directory' | 'link'>> = { f: 'file', d: 'directory', l: 'link' };

/** Path, then type, size, owner, group, mode, links, inode, four times and target of find(1): each pair ends in NUL. */
export const metadata = defineParser({
  id: 'linux/metadata',
  summary: 'Sizes, owners, modes and times of files that start something, of logs and of volatile folders.',
  reads: ['files/metadata'],
  yields: ['file'],
  *parse(artifact) {
    const seenPaths = new Set<string>();
    for (const { path: raw, target: words, offset } of linksOf(artifact.bytes)) {
      const path = raw.replace(/(?<=.)\/+$/, '').replaceAll(/\/{2,}/g, '/');
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

/** Seconds with fractions as RFC 3339. Where a file system does not tell, find prints nothing, a hyphen, zero or `-1.-000000010`. */
function timeOf(seconds: string | undefined): Maybe<string> {
  const at = new Date(seconds === undefined || seconds === '' ? NaN : Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? unseen('unsupported') : at.toISOString();
}
