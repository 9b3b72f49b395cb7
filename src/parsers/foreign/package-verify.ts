import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** The letters of a change, each at its place. @see rpm(8), VERIFY OPTIONS; dpkg(1), --verify-format rpm */
const CHANGES: readonly (readonly [letter: string, means: string])[] = [
  ['S', 'size'],
  ['M', 'mode'],
  ['5', 'digest'],
  ['D', 'device'],
  ['L', 'link'],
  ['U', 'owner'],
  ['G', 'group'],
  ['T', 'time'],
  ['P', 'capabilities'],
];
const ROW = /^(missing|[SM5DLUGTP.?]{8,9}) +(?:([cdglra]) +)?(\/.*?)(?: \(.*\))?$/;

/** Packaged files that are not as their packages brought them: `S.5....T.  c /etc/file` or `missing     /path`. */
export const packageVerify = defineParser({
  id: 'foreign/package-verify',
  summary: 'Files that differ from their packages, from rpm -Va and dpkg --verify.',
  reads: ['command/package-verify'],
  yields: ['package_change'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [, letters, kind, path] = ROW.exec(text) ?? [];
      if (letters === undefined || path === undefined) {
        if (/^(?:missing|[SM5DLUGTP.?]{8,9}) /.test(text)) yield issueAt('not a line of a package check', at);
        continue;
      }
      const differs =
        letters === 'missing'
          ? ['missing']
          : CHANGES.flatMap(([letter, means], index) => (letters[index] === letter ? [means] : []));
      yield {
        body: {
          kind: 'package_change',
          change: { path, package: unseen('absent'), differs, configuration: kind === 'c' },
        },
        at,
      };
    }
  },
});
