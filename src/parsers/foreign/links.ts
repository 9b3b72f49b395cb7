import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';

/** Links of a tree of files that came with an archive: `PATH -> TARGET`. */
export const foreignLinks = defineParser({
  id: 'foreign/links',
  summary: 'Links among programs, from the files of an archive.',
  reads: ['foreign/links'],
  yields: ['program_link'],
  *parse(artifact) {
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, path, target] = /^(\/.*?) -> (.+)$/.exec(text) ?? [];
      if (path !== undefined && target !== undefined)
        yield { body: { kind: 'program_link', link: { path, target } }, at: { offset, line: number } };
    }
  },
});
