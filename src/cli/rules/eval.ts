import type { Command } from 'commander';
import { lineBatches } from '../../lib/line-stream.ts';
import type { Line } from '../../lib/lines.ts';
import { printable } from '../../lib/printable.ts';
import { LongwatchError } from '../../model/errors.ts';
import { isObject, parseEvent } from '../../sigma/event.ts';
import type { SigmaEvent } from '../../sigma/event.ts';
import { compileRules } from '../../sigma/match.ts';
import type { RuleSet } from '../../sigma/match.ts';
import type { LogSource, Rule } from '../../sigma/rule.ts';
import { command } from '../command.ts';
import { partsOf } from '../files.ts';
import type { Io } from '../io.ts';
import { readFolders } from './load.ts';

interface Options {
  readonly format: 'text' | 'ndjson';
  readonly placeholders?: string;
  readonly rules?: readonly string[];
}

export function evalCommand(io: Io): Command {
  return command('eval', 'try rules on events, one JSON object a line')
    .argument('<events>', 'NDJSON file, or - for standard input')
    .option('--rules <dir>', 'a folder of rules, instead of our own; may be given several times', collect)
    .option('--placeholders <file>', 'values for expand: a YAML map of names and lists')
    .addHelpText(
      'after',
      `
An event may say where it comes from in "logsource": {"product": …, "category": …, "service": …}; only rules for that
source are tried on it then. On an event that does not, all are tried.

Examples:
  longwatch rules eval --rules site/rules events.ndjson
  zcat events.gz | longwatch rules eval --format ndjson -
`,
    )
    .action(async (file: string, options: Options) => {
      const rules = await loadedRules(io, options);
      const set = compileRules(rules);
      let event = 0;
      for await (const batch of lineBatches(partsOf(file, io), 16 << 20)) {
        io.signal.throwIfAborted();
        const events = readEvents(batch, io);
        const text = matches(set, events, event, options.format);
        event += events.length;
        if (text !== '') await io.out(text);
      }
    });
}

function collect(folder: string, before: readonly string[] = []): readonly string[] {
  return [...before, folder];
}

async function loadedRules(io: Io, options: Options): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  let refused = 0;
  for await (const reading of readFolders(options.rules ?? [], options, io)) {
    if (reading.outcome === 'refused') refused++;
    else rules.push(reading.rule);
  }
  if (rules.length === 0)
    throw new LongwatchError('RULE_REFUSED', `no rule was loaded, ${refused} documents were refused`);
  if (refused > 0) io.err(`${refused} documents refused; longwatch rules check says why\n`);
  return rules;
}

/** The events of some lines; undefined where a line is none. Blank lines are no events. */
function readEvents(lines: readonly Line[], io: Io): (SigmaEvent | undefined)[] {
  const events: (SigmaEvent | undefined)[] = [];
  for (const { text: line, number } of lines) {
    if (line.trim() === '') continue;
    try {
      events.push(parseEvent(line));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      io.err(`line ${number} is no event: ${printable(reason)}\n`);
      events.push(undefined);
    }
  }
  return events;
}

/** Matches as text. Events that follow each other and come from the same source are tried together. */
function matches(
  set: RuleSet,
  events: readonly (SigmaEvent | undefined)[],
  first: number,
  format: Options['format'],
): string {
  const print = format === 'ndjson' ? record : forPeople;
  let text = '';
  let run: SigmaEvent[] = [];
  let runStart = 0;
  let source: LogSource | undefined;
  const judge = () => set.match(run, (rule, index) => void (text += print(rule, first + runStart + index)), source);
  for (const [index, event] of events.entries()) {
    const declared = declaredSource(event);
    if (event !== undefined && runStart + run.length === index && sameSource(declared, source)) {
      run.push(event);
      continue;
    }
    judge();
    run = event === undefined ? [] : [event];
    runStart = event === undefined ? index + 1 : index;
    source = declared;
  }
  judge();
  return text;
}

function declaredSource(event: SigmaEvent | undefined): LogSource | undefined {
  if (!isObject(event) || !Object.hasOwn(event, 'logsource') || !isObject(event['logsource'])) return undefined;
  const declared = event['logsource'];
  const stated = (['category', 'product', 'service'] as const).flatMap((name) => {
    const value = Object.hasOwn(declared, name) ? declared[name] : undefined;
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(stated);
}

function sameSource(one: LogSource | undefined, other: LogSource | undefined): boolean {
  return one?.category === other?.category && one?.product === other?.product && one?.service === other?.service;
}

function record({ id, title }: Rule, event: number): string {
  return `${JSON.stringify({ record: 'match', event, rule: id ?? title })}\n`;
}

function forPeople({ id = '-', level, title }: Rule, event: number): string {
  return `event ${event}  ${level ?? '-'}  ${printable(title)}  ${printable(id)}\n`;
}
