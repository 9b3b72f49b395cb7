import { InvalidArgumentError, Option, type Command } from 'commander';
import { loadIndicators } from '../app/indicators.ts';
import { rulebook, rulesLeftOut, type LeftOut } from '../app/rulebook.ts';
import { printable } from '../lib/printable.ts';
import type { Detector } from '../model/detector.ts';
import { LongwatchError } from '../model/errors.ts';
import type { Gap } from '../model/gap.ts';
import { LEVELS, atLeast, type Level } from '../model/level.ts';
import type { HostResult, Unreached } from '../model/result.ts';
import { ndjsonOf } from '../sinks/ndjson.ts';
import { terminalReport } from '../sinks/terminal.ts';
import type { Io } from './io.ts';

/** Options of every command that judges evidence. */
export interface ResultOptions {
  readonly format: 'text' | 'ndjson';
  readonly include: readonly Included[];
  readonly failOn?: Level;
  readonly verbose?: boolean;
  readonly rules: readonly string[];
  readonly indicators: readonly string[];
}

/** Ids of findings that were printed as they came. */
type Told = { readonly told?: ReadonlySet<string> };

const INCLUDED = ['observations', 'verdicts'] as const;
type Included = (typeof INCLUDED)[number];

function collect(value: string, before: readonly Included[]): readonly Included[] {
  const parts = value.split(',').map((word) => {
    const known = INCLUDED.find((one) => one === word);
    if (known === undefined) throw new InvalidArgumentError(`Allowed are ${INCLUDED.join(', ')}, with commas between.`);
    return known;
  });
  return [...before, ...parts];
}

/** Adds those options to a command. */
export function judged(program: Command): Command {
  return program
    .option(
      '--rules <dir>',
      'further Sigma rules',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .option(
      '--indicators <path>',
      'further indicators: lists, sheets, STIX 2.1, MISP',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .addOption(
      new Option('--include <what>', 'ndjson: observations, verdicts')
        .default([] as readonly Included[], 'neither')
        .argParser(collect),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 when a finding has this level or a higher one').choices(LEVELS),
    )
    .option('--verbose', 'text: all evidence, all gaps, all verdicts');
}

/** So many sources of logs are named. */
const SOURCES_NAMED = 6;

function leftOutText(folder: string, sources: readonly LeftOut[]): string {
  const most = sources.toSorted((one, other) => other.rules - one.rules);
  const named = most.slice(0, SOURCES_NAMED).map(({ source, rules }) => `${source} ${rules}`);
  const all = sources.reduce((sum, { rules }) => sum + rules, 0);
  const list = [...named, ...(most.length > SOURCES_NAMED ? ['…'] : [])].join(', ');
  return printable(`${folder}: ${all} rules judge logs that are not read here and are left out: ${list}`);
}

/** The rules by which a command judges; what of the given indicators cannot be used is told, and which rules. */
export async function detectorsOf({ rules, indicators }: ResultOptions, io: Io): Promise<readonly Detector[]> {
  for (const { file, line, reason } of (await loadIndicators(indicators)).issues)
    io.err(`${printable(`${file}:${line}: ${reason}`)}; the other indicators count\n`);
  for (const [folder, sources] of Map.groupBy(await rulesLeftOut(rules, indicators), (one) => one.folder))
    io.err(`${leftOutText(folder, sources)}\n`);
  return rulebook(rules, indicators);
}

/**
 * Options that mean one host.
 *
 * @throws {LongwatchError} `USAGE` when one is given and there are several hosts.
 */
export function forOneHost(hosts: number, options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(options).filter((name) => options[name] !== undefined);
  if (hosts > 1 && given.length > 0)
    throw new LongwatchError('USAGE', `${given.join(' and ')}: for a single host only`);
}

/** The gap that stands for a host of which nothing could be had: it hides what every rule would say. */
export function gapOf(
  { host, reason, detail }: Unreached,
  artifact: 'the look' | 'the evidence',
  detectors: readonly Detector[],
): Gap {
  return { host, artifact, reason, detail, hides: detectors.map(({ id }) => id).sort() };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Prints results by host. Returns whether `--fail-on` was reached. */
export async function printResults(
  results: readonly HostResult[],
  failed: readonly Gap[],
  options: ResultOptions & Told,
  io: Io,
  elapsedMs: number,
): Promise<boolean> {
  const sorted = [...results].sort(
    (a, b) =>
      order(a.host.name, b.host.name) ||
      order(a.observedAt, b.observedAt) ||
      order(a.capture?.file ?? '', b.capture?.file ?? ''),
  );
  const unreachable = [...failed].sort((a, b) => (a.host < b.host ? -1 : 1));
  const elapsed = Math.round(elapsedMs);
  const { include } = options;
  const told = options.told === undefined ? {} : { told: options.told };
  const lines =
    options.format === 'ndjson'
      ? ndjsonOf(
          sorted,
          unreachable,
          { observations: include.includes('observations'), verdicts: include.includes('verdicts'), ...told },
          elapsed,
        )
      : terminalReport(sorted, unreachable, {
          columns: io.columns ?? 100,
          colour: io.colour,
          verbose: options.verbose ?? false,
          elapsedMs: elapsed,
          ...told,
        });
  for (const line of lines) await io.out(line);
  const bound = options.failOn;
  return bound !== undefined && sorted.some(({ findings }) => findings.some(({ level }) => atLeast(level, bound)));
}
