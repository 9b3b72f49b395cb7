import { Option } from 'commander';
import type { Command } from 'commander';
import { printable } from '../../lib/printable.ts';
import { RULE_CODES } from '../../sigma/diagnostics.ts';
import type { RuleReading } from '../../sigma/read.ts';
import { command } from '../command.ts';
import type { Io } from '../io.ts';
import { readFolders } from './load.ts';

interface Options {
  readonly format: 'text' | 'ndjson';
  readonly placeholders?: string;
  readonly failOn?: 'refused' | 'degraded';
}

export function checkCommand(io: Io, status: { value: number }): Command {
  return command('check', 'say of every document in folders whether it loads, and if not, why')
    .argument('<dir...>', 'folders of rules')
    .option('--placeholders <file>', 'values for expand: a YAML map of names and lists')
    .addOption(
      new Option('--fail-on <outcome>', 'exit with 1 when a rule is refused, or degraded as well').choices([
        'refused',
        'degraded',
      ]),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  longwatch rules check site/rules\n  longwatch rules check --fail-on refused --format ndjson site/rules\n',
    )
    .action(async (folders: readonly string[], options: Options) => {
      const counts = { loaded: 0, degraded: 0, refused: 0 };
      for await (const reading of readFolders(folders, options, io)) {
        counts[reading.outcome]++;
        const text = options.format === 'ndjson' ? record(reading) : forPeople(reading);
        if (text !== '') await io.out(text);
      }
      if (options.format === 'text')
        await io.out(`${counts.loaded} loaded, ${counts.degraded} degraded, ${counts.refused} refused\n`);
      const failed = counts.refused + (options.failOn === 'degraded' ? counts.degraded : 0);
      if (options.failOn !== undefined && failed > 0) status.value = 1;
    });
}

function record({ file, document, id, outcome, diagnostics: [first] }: RuleReading): string {
  const { code, line, column, message } = first ?? {};
  return `${JSON.stringify({ record: 'rule-check', file, document, rule: id, outcome, code, line, column, message })}\n`;
}

function forPeople({ file, outcome, diagnostics }: RuleReading): string {
  return diagnostics
    .map(
      ({ code, line, column, message }) =>
        `${printable(file)}:${line}:${column}  ${outcome}  ${code}  ${printable(message)}\n    ${RULE_CODES[code]}\n`,
    )
    .join('');
}
