import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { linksOf } from './links.ts';

/** Empty regular files under /run: path, then size, uid, mode, inode, mtime and ctime of find(1). */
export const emptyFiles = defineParser({
  id: 'linux/empty-files',
  summary: 'Empty files under /run and its kin.',
  reads: ['command/empty-files'],
  yields: ['file'],
  *parse(artifact) {
    for (const { path, target, offset } of linksOf(artifact.bytes)) {
      const words = /^(\d{1,15}) (\d{1,10}) ([0-7]{1,5}) (\d{1,19}) (-?\d{1,11})\.\d+ (-?\d{1,11})\.\d+$/
        .exec(target)
        ?.slice(1);
      if (words === undefined) {
        yield issueAt('not a record of find', { offset });
        continue;
      }
      const [sizeBytes = 0, uid = 0] = words.map(Number);
      yield {
        body: {
          kind: 'file',
          file: {
            path,
            type: 'file',
            sizeBytes,
            uid,
            gid: unseen('absent'),
            mode: parseInt(words[2] ?? '0', 8),
            inode: Number(words[3]),
            modifiedAt: timeOf(words[4]),
            changedAt: timeOf(words[5]),
            accessedAt: unseen('absent'),
            bornAt: unseen('absent'),
          },
        },
        at: { offset },
      };
    }
  },
});

function timeOf(seconds: string | undefined): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
