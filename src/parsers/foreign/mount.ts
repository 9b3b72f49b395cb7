import { linesOf } from '../../lib/lines.ts';
import { defineParser, issueAt } from '../../model/parser.ts';

/** Mounts as mount(8) prints them; which folder of a file system is mounted is not shown. */
export const foreignMount = defineParser({
  id: 'foreign/mount',
  summary: 'What is mounted where, from mount.',
  reads: ['foreign/mount'],
  yields: ['mount'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      if (text.trim() === '') continue;
      const at = { offset, line: number };
      const [, source, point, type, options] = /^(\S+) on (\/.*) type (\S+) \(([^()]*)\)/.exec(text) ?? [];
      if (source === undefined || point === undefined || type === undefined) yield issueAt('not a line of mount', at);
      else yield { body: { kind: 'mount', mount: { point, root: '', type, source, options: options ?? '' } }, at };
    }
  },
});
