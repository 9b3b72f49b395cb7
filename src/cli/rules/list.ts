import type { Command } from 'commander';
import { columns } from '../../lib/columns.ts';
import { printable } from '../../lib/printable.ts';
import { LEVELS } from '../../model/level.ts';
import type { Rule } from '../../sigma/rule.ts';
import { command } from '../command.ts';
import type { Io } from '../io.ts';
import { readFolders } from './load.ts';

interface Options {
  readonly format: 'text' | 'ndjson';
  readonly placeholders?: string;
}

export function listCommand(io: Io): Command {
  return command('list', 'list the rules that load, ours or those in folders')
    .argument('[dir...]', 'folders of rules, instead of our own')
    .option('--placeholders <file>', 'values for expand: a YAML map of names and lists')
    .addHelpText('after', '\nExamples:\n  longwatch rules list\n  longwatch rules list --format ndjson site/rules\n')
    .action(async (folders: readonly string[], options: Options) => {
      const rules: Rule[] = [];
      let refused = 0;
      for await (const reading of readFolders(folders, options, io)) {
        if (reading.outcome === 'refused') refused++;
        else rules.push(reading.rule);
      }
      if (refused > 0) io.err(`${refused} documents refused; longwatch rules check says why\n`);
      await io.out(options.format === 'ndjson' ? rules.map(record).join('') : table(rules, io.columns ?? Infinity));
    });
}

function record(rule: Rule): string {
  const { id, title, level, status, tags, logsource, file, document } = rule;
  return `${JSON.stringify({ record: 'rule', rule: id, title, level, status, tags, logsource, file, document })}\n`;
}

/** The most serious first. */
function table(rules: readonly Rule[], width: number): string {
  const rank = ({ level }: Rule) => (level === undefined ? -1 : LEVELS.indexOf(level));
  const sorted = rules.toSorted((one, other) => rank(other) - rank(one) || (one.title < other.title ? -1 : 1));
  const rows = sorted.map(({ level = '-', logsource, id = '-', title }) => {
    const source = [logsource.product, logsource.category, logsource.service]
      .filter((part) => part !== undefined)
      .join('/');
    return [level, source, id, title].map(printable);
  });
  return columns([['LEVEL', 'LOG SOURCE', 'ID', 'TITLE'], ...rows], width);
}
