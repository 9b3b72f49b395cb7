import type { Command } from 'commander';
import { printable } from '../../lib/printable.ts';
import { LongwatchError } from '../../model/errors.ts';
import { parseEvent } from '../../sigma/event.ts';
import { command } from '../command.ts';
import { nameOf, textOf } from '../files.ts';
import type { Io } from '../io.ts';

export function conformCommand(io: Io): Command {
  return command('conform', 'answer the cases of a conformance file, one line each')
    .argument('<file>', 'JSON with the cases, or - for standard input; expected answers in it are not looked at')
    .addHelpText('after', '\nExample:\n  longwatch rules conform cases.json --format ndjson\n')
    .action(async (file: string, { format }: { readonly format: 'text' | 'ndjson' }) => {
      const { answerCase, ConformanceFile } = await import('../../sigma/conformance.ts');
      const read = ConformanceFile.safeParse(parseCases(await textOf(file, io), nameOf(file)));
      if (!read.success) {
        const [first] = read.error.issues;
        throw new LongwatchError(
          'USAGE',
          `${nameOf(file)} is no conformance file: ${first?.path.join('.') || 'the whole'}: ${first?.message}`,
          { cause: read.error },
        );
      }
      for (const one of read.data.cases) {
        const start = performance.now();
        const answer = answerCase(one);
        const elapsedMs = Math.round((performance.now() - start) * 1000) / 1000;
        const record = { record: 'conformance', id: one.id, ...answer, elapsedMs };
        await io.out(
          format === 'ndjson'
            ? `${JSON.stringify(record)}\n`
            : `${printable(Object.values(record).slice(1).join('  '))}\n`,
        );
      }
    });
}

/** The text is read as events are: numbers in the events of its cases keep their digits. */
function parseCases(text: string, name: string): unknown {
  try {
    return parseEvent(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LongwatchError('USAGE', `${name} is no JSON: ${reason}`, { cause });
  }
}
