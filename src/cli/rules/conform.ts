import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LongwatchError } from '../../model/errors.ts';
import { parseEvent } from '../../sigma/event.ts';
import { command } from '../command.ts';
import type { Io } from '../io.ts';

export function conformCommand(io: Io): Command {
  return command('conform', 'answer the cases of a conformance file, one line each')
    .argument('<file>', 'JSON with the cases; expected answers in it are not looked at')
    .addHelpText('after', '\nExample:\n  longwatch rules conform cases.json --format ndjson\n')
    .action(async (file: string, { format }: { readonly format: 'text' | 'ndjson' }) => {
      const { answerCase, ConformanceFile } = await import('../../sigma/conformance.ts');
      const read = ConformanceFile.safeParse(await readCases(file));
      if (!read.success) throw new LongwatchError('INPUT_UNREADABLE', `${file} holds no cases`, { cause: read.error });
      for (const one of read.data.cases) {
        const start = performance.now();
        const answer = answerCase(one);
        const elapsedMs = Math.round((performance.now() - start) * 1000) / 1000;
        const record = { record: 'conformance', id: one.id, ...answer, elapsedMs };
        await io.out(
          format === 'ndjson' ? `${JSON.stringify(record)}\n` : `${Object.values(record).slice(1).join('  ')}\n`,
        );
      }
    });
}

/** The file is read as events are: numbers in its events keep their digits. */
async function readCases(file: string): Promise<unknown> {
  try {
    return parseEvent(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new LongwatchError('INPUT_UNREADABLE', `the cases in ${file} cannot be read`, { cause });
  }
}
