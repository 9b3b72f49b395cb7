import { linesOf } from '../../lib/lines.ts';
import { toHex } from '../../lib/bytes.ts';
import { defineParser, issueAt } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';

/**
 * Files of all packages of an Alpine host. P: names the package, F: the folder, R: a file in it, Z: its SHA-1 as
 * `Q1` and base64.
 *
 * @see apk-package(5), the installed database
 */
export const apkInstalled = defineParser({
  id: 'linux/apk-installed',
  summary: 'Owners and recorded digests from the database of apk.',
  reads: ['/lib/apk/db/installed'],
  yields: ['package_file'],
  *parse(artifact) {
    let [name, folder] = ['', ''];
    let open: { path: string; offset: number; line: number } | undefined;
    const row = (digest?: string) => {
      const { path, offset, line } = open ?? { path: '', offset: 0, line: 0 };
      open = undefined;
      const owned = {
        path,
        package: name,
        algorithm: digest === undefined ? ('none' as const) : ('sha1' as const),
        digest: digest ?? unseen('absent'),
      };
      return { body: { kind: 'package_file' as const, owned }, at: { offset, line } };
    };
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const value = text.slice(2);
      if (text.startsWith('Z:Q1') && open) {
        const digest = toHex(Buffer.from(text.slice(4), 'base64'));
        if (digest.length !== 40) yield issueAt('not a SHA-1', { offset, line: number });
        yield row(digest.length === 40 ? digest : undefined);
      }
      if (text === '' || /^[PFR]:/.test(text)) {
        if (open) yield row();
        if (text.startsWith('P:')) name = value;
        else if (text.startsWith('F:')) folder = value;
        else if (text.startsWith('R:')) open = { path: `/${folder}/${value}`, offset, line: number };
      }
    }
    if (open) yield row();
  },
});
