import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/**
 * Digests of the files that processes mapped as code, as md5sum, sha1sum or sha256sum print them. A name with a line feed or a
 * backslash is escaped there and begins with a backslash; it is no name of a packaged file.
 */
export const codeDigests = defineParser({
  id: 'linux/code-digests',
  summary: 'MD5, SHA-1 or SHA-256 of every file that runs or is mapped as code.',
  reads: ['command/code-digests'],
  yields: ['file_digest'],
  *parse(artifact) {
    let [missed, had] = [0, 0];
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, digest, path] = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}) [ *](\/.*)$/.exec(text) ?? [];
      if (digest !== undefined && path !== undefined) {
        had += 1;
        const of = (length: number) => (digest.length === length ? digest : unseen('unsupported'));
        yield {
          body: {
            kind: 'file_digest',
            file: { path, md5: of(32), sha256: of(64), ...(digest.length === 40 ? { sha1: digest } : {}) },
          },
          at,
        };
      } else if (/^\S*sum: .*: Permission denied$/.test(text)) missed += 1;
      else if (text !== '' && !text.startsWith('\\') && !/^\S*sum: /.test(text))
        yield issueAt('not a line of md5sum, sha1sum or sha256sum', at);
    }
    if (missed > 0)
      yield {
        gap: 'denied',
        artifact: artifact.name,
        detail: `${missed} of ${missed + had} files`,
        missing: missed / (missed + had),
      };
  },
});
