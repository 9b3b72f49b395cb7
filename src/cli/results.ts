import { Option, type Command } from 'commander';
import type { Gap } from '../model/gap.ts';
import { LEVELS, atLeast, type Level } from '../model/level.ts';
import type { HostResult } from '../model/result.ts';
import { ndjsonOf } from '../sinks/ndjson.ts';
import { terminalReport } from '../sinks/terminal.ts';
import type { Io } from './io.ts';

/** Options of every command that judges evidence. */
export interface ResultOptions {
  readonly format: 'text' | 'ndjson';
  readonly include: readonly string[];
  readonly failOn?: Level;
  readonly verbose?: boolean;
  readonly rules: readonly string[];
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, ...value.split(',')];

/** Adds those options to a command. */
export function judged(program: Command): Command {
  return program
    .option(
      '--rules <dir>',
      'further Sigma rules',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .addOption(
      new Option('--include <what>', 'ndjson: observations, verdicts')
        .default([] as readonly string[], 'neither')
        .argParser(collect),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 when a finding has this level or a higher one').choices(LEVELS),
    )
    .option('--verbose', 'text: all evidence, all gaps, all verdicts');
}

/** Prints results by host. Returns whether `--fail-on` was reached. */
export async function printResults(
  results: readonly HostResult[],
  failed: readonly Gap[],
  options: ResultOptions,
  io: Io,
  elapsedMs: number,
): Promise<boolean> {
  const sorted = [...results].sort((a, b) =>
    a.host.name < b.host.name ? -1 : a.host.name > b.host.name ? 1 : a.observedAt < b.observedAt ? -1 : 1,
  );
  const unreachable = [...failed].sort((a, b) => (a.host < b.host ? -1 : 1));
  const elapsed = Math.round(elapsedMs);
  const { include } = options;
  const lines =
    options.format === 'ndjson'
      ? ndjsonOf(
          sorted,
          unreachable,
          { observations: include.includes('observations'), verdicts: include.includes('verdicts') },
          elapsed,
        )
      : terminalReport(sorted, unreachable, {
          columns: io.columns ?? 100,
          colour: io.colour,
          verbose: options.verbose ?? false,
          elapsedMs: elapsed,
        });
  for (const line of lines) await io.out(line);
  const bound = options.failOn;
  return bound !== undefined && sorted.some(({ findings }) => findings.some(({ level }) => atLeast(level, bound)));
}
