import { linesOf } from '../../lib/lines.ts';
import { defineParser } from '../../model/parser.ts';
import { linksOf } from '../../snapshot/links.ts';

interface Found {
  readonly words: Set<string>;
  readonly offset: number;
  readonly line: number;
}

/** Lines `PID/exe:WORD` of a search for published words in the programs that run and that no package owns. */
export const programStrings = defineParser({
  id: 'linux/program-strings',
  summary: 'Published words in running programs of no package.',
  reads: ['command/program-strings'],
  beside: ['command/process-links'],
  yields: ['program_text'],
  *parse(artifact, beside) {
    const found = new Map<number, Found>();
    for (const { text, offset, number } of linesOf(artifact.bytes)) {
      const [, pid, word] = /^(\d{1,10})\/exe:(.{1,200})$/.exec(text) ?? [];
      if (pid === undefined || word === undefined) continue;
      const known = found.get(Number(pid)) ?? { words: new Set<string>(), offset, line: number };
      found.set(Number(pid), known);
      known.words.add(word);
    }
    const links = beside('command/process-links');
    const paths = new Map(links && [...linksOf(links.bytes)].map(({ path, target }) => [path, target]));
    for (const [pid, { words, offset, line }] of found) {
      const path = (paths.get(`${pid}/exe`) ?? `/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
      yield { body: { kind: 'program_text', text: { path, pid, found: [...words] } }, at: { offset, line } };
    }
  },
});
