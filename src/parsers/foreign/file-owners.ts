import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/** Answers of `rpm -qf`, which names no path, are of use only where nobody owns it; `dpkg -S` names both. */
export const fileOwners = defineParser({
  id: 'foreign/file-owners',
  summary: 'Owners of single files as dpkg -S and rpm -qf tell them.',
  reads: ['foreign/file-owners'],
  yields: ['package_file', 'unowned_file'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const nobody = (/^file (\/.*) is not owned by any package$/.exec(text) ??
        /^\S+query: no path found matching pattern (\/.*)$/.exec(text))?.[1];
      const [, name, path] = /^([a-z0-9][\w.+-]*)(?::[a-z0-9]+)?(?:, [\w.+:-]+)*: (\/.*)$/.exec(text) ?? [];
      if (nobody !== undefined) yield { body: { kind: 'unowned_file', unowned: { path: nobody } }, at };
      else if (name !== undefined && path !== undefined)
        yield {
          body: {
            kind: 'package_file',
            owned: { path, package: name, algorithm: 'none', digest: unseen('absent'), othersAsked: false },
          },
          at,
        };
    }
    yield { gap: 'absent', artifact: artifact.name, detail: 'only single files were looked up', missing: 0.5 };
  },
});
