import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';

/** Files that were deleted while they run, and whose path names a file again. One path a line. */
export const replacedFiles = defineParser({
  id: 'linux/replaced-files',
  summary: 'Deleted programs and libraries in whose place there is a new file.',
  reads: ['command/replaced-files'],
  yields: ['replaced_file'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      if (text.startsWith('/'))
        yield { body: { kind: 'replaced_file', replaced: { path: text } }, at: { offset, line: number } };
    }
  },
});

/** @see shells(5) */
export const loginShells = defineParser({
  id: 'linux/login-shells',
  summary: 'The shells of the host.',
  reads: ['/etc/shells'],
  yields: ['login_shell'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const path = text.replace(/#.*/, '').trim();
      if (path.startsWith('/')) yield { body: { kind: 'login_shell', shell: { path } }, at: { offset, line: number } };
    }
  },
});
