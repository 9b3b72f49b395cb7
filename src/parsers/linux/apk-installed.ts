import { apkFilesOf } from '../../lib/apk-database.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** Files of all packages of an Alpine host, with the SHA-1 of each. */
export const apkInstalled = defineParser({
  id: 'linux/apk-installed',
  summary: 'Owners and recorded digests from the database of apk.',
  reads: ['/lib/apk/db/installed'],
  yields: ['package_file'],
  *parse(artifact) {
    for (const { path, package: name, digest, fault, offset, line } of apkFilesOf(artifact.bytes)) {
      if (fault) yield issueAt('not a SHA-1', fault);
      const owned = {
        path,
        package: name,
        algorithm: digest === undefined ? ('none' as const) : ('sha1' as const),
        digest: digest ?? unseen('absent'),
      };
      yield { body: { kind: 'package_file', owned }, at: { offset, line } };
    }
  },
});
