import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';

/** Mounts of the namespace of the look. Blanks in paths stand as \040 there. @see proc(5), /proc/pid/mountinfo */
export const mountinfo = defineParser({
  id: 'linux/mountinfo',
  summary: 'What is mounted where.',
  reads: ['/proc/self/mountinfo'],
  yields: ['mount'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const at = { offset, line: number };
      const [before = '', after] = text.split(' - ');
      const [, , , root, point, options] = before.split(' ');
      const [type, source] = (after ?? '').split(' ');
      if (root === undefined || point === undefined || type === undefined || after === undefined)
        yield issueAt('not a line of mountinfo', at);
      else {
        const mount = {
          point: unescapeOctal(point),
          root: unescapeOctal(root),
          type,
          source: unescapeOctal(source ?? ''),
          options: options ?? '',
        };
        yield { body: { kind: 'mount', mount }, at };
      }
    }
  },
});

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
