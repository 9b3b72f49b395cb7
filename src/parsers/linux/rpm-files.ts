import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

const ALGORITHM = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
] as const);

/** Files of the packages that own what runs: name, time of the installation, digest (none for links and folders) and path, parted by tabs. */
export const rpmFiles = defineParser({
  id: 'linux/rpm-files',
  summary: 'Owners and recorded digests from the database of rpm, for the packages of what runs.',
  reads: ['command/rpm-files'],
  yields: ['package_file'],
  *parse(artifact) {
    const told = new Set<string>();
    let answers = 0;
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      answers += 1;
      const [, name, installed, digest, path] = /^([^\t]+)\t(?:(\d{1,11})\t)?([0-9a-f]*)\t(\/.*)$/.exec(text) ?? [];
      if (name === undefined || path === undefined) {
        if (text.includes('\t')) yield issueAt('not a row of name, digest and path', { offset, line: number });
        continue;
      }
      if (told.has(path)) continue;
      told.add(path);
      const algorithm = ALGORITHM.get((digest ?? '').length as 32 | 40 | 64);
      yield {
        body: {
          kind: 'package_file',
          owned: {
            path,
            package: name,
            algorithm: algorithm ?? 'none',
            digest: algorithm ? (digest ?? '') : unseen('absent'),
            ...(installed === undefined ? {} : { installedAt: new Date(Number(installed) * 1000).toISOString() }),
          },
        },
        at: { offset, line: number },
      };
    }
    // A host on which nothing that runs is of a package does not exist; a database that rpm does not find does.
    if (answers > 0 && told.size === 0)
      yield { gap: 'unsupported', artifact: artifact.name, detail: 'rpm knows of no package at all', missing: 1 };
  },
});
