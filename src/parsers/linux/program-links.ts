import { defineParser } from '../../model/parser.ts';
import { linksOf } from '../../snapshot/links.ts';

/** Symbolic links in the folders of programs, and /etc/alternatives. */
export const programLinks = defineParser({
  id: 'linux/program-links',
  summary: 'Links among the programs of a host.',
  reads: ['command/program-links'],
  yields: ['program_link'],
  *parse(artifact) {
    for (const { path, target, offset } of linksOf(artifact.bytes))
      yield { body: { kind: 'program_link', link: { path, target } }, at: { offset } };
  },
});
