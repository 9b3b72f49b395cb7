import type { Live } from '../../app/capture-live.ts';
import { fileMemory } from '../../app/capture-memory.ts';
import type { Finding } from '../../model/finding.ts';
import { findingLine } from '../../sinks/ndjson.ts';
import { findingParagraph } from '../../sinks/terminal.ts';
import type { Io } from '../io.ts';
import type { ResultOptions } from '../results.ts';

/** Prints findings while a capture still comes, and remembers which. */
export function liveOutput(
  io: Pick<Io, 'out' | 'err' | 'columns' | 'colour'>,
  { format, workspace }: Pick<ResultOptions, 'format'> & { readonly workspace?: string },
): Live & { readonly told: ReadonlySet<string> } {
  const told = new Set<string>();
  let written: Promise<void> = Promise.resolve();
  const paper = { columns: io.columns ?? 100, colour: io.colour };
  const textOf = (finding: Finding) =>
    format === 'ndjson' ? findingLine(finding) : [...findingParagraph(finding, paper)].join('');
  return {
    told,
    onFinding(finding) {
      told.add(finding.id);
      written = io.out(textOf(finding));
    },
    ready: () => written,
    ...(workspace === undefined
      ? {}
      : { memory: fileMemory(workspace, (why) => io.err(`longwatch analyze: ${why}\n`)) }),
  };
}
