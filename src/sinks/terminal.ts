import { paperOf, type Paper, type Style } from '../lib/paper.ts';
import { printable } from '../lib/printable.ts';
import type { Finding } from '../model/finding.ts';
import type { Gap } from '../model/gap.ts';
import { atLeast, LEVELS, WEIGHT, type Level } from '../model/level.ts';
import type { HostResult } from '../model/result.ts';
import { remedyFor } from './remedies.ts';
import { captureText, timelineLines } from './wire-lines.ts';

export interface ReportOptions {
  readonly columns: number;
  readonly colour: boolean;
  /** All evidence, gaps and verdicts, instead of the most important ones. */
  readonly verbose: boolean;
  readonly elapsedMs: number;
  /** Ids of findings that were printed as they came. */
  readonly told?: ReadonlySet<string>;
}

const EVIDENCE_SHOWN = 4;
const FINDINGS_SHOWN = 12;
const GAPS_SHOWN = 5;
const COLOURS: Readonly<Record<Level, Style>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  informational: 'dim',
};

/** A report for a person at a terminal: the verdict in one line, the worst first, what could not be seen, what to do next. */
export function* terminalReport(
  results: readonly HostResult[],
  failed: readonly Gap[],
  options: ReportOptions,
): Generator<string> {
  const paper = paperOf(options);
  for (const result of results) yield* hostReport(result, paper, options);
  for (const { host, reason, detail = reason } of failed)
    yield* paper.block('Not judged  ', detail.startsWith(host) ? detail : `${host}: ${detail}`, { style: 'yellow' });
  if (results.length > 1) yield* fleetLines(results, paper);
  yield* paper.block('', `Done in ${seconds(options.elapsedMs)}.`, { style: 'dim' });
}

function* hostReport(result: HostResult, paper: Paper, { verbose, told }: ReportOptions): Generator<string> {
  const { host, observedAt, findings, issues, verdicts, visibility } = result;
  const at = observedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  yield '\n';
  const place = [host.role, host.site].filter((word) => word !== undefined).join(', ');
  const about = result.capture === undefined ? `looked at ${at}` : captureText(result.capture);
  yield* paper.block('', `${host.name}${place === '' ? '' : ` (${place})`}  ${about}`, { style: 'bold' });
  yield '\n';
  const verdict = verdictLine(result);
  yield* paper.block('  ', verdict.text, { style: verdict.style });
  const judged = verdicts.filter(({ verdict: said }) => said === 'matched' || said === 'clear').length;
  yield* paper.block(
    '  ',
    `Visibility ${bar(visibility)} ${percent(visibility)}, ${judged} of ${verdicts.length} rules judged in full`,
  );

  const untold = findings.filter(({ id }) => !told?.has(id));
  const shown = verbose ? untold : untold.filter(({ level }) => level !== 'informational').slice(0, FINDINGS_SHOWN);
  for (const finding of shown) yield* findingBlock(finding, paper, verbose);
  if (shown.length < untold.length) {
    yield '\n';
    yield* paper.block(
      '  ',
      `${untold.length - shown.length} further findings: --verbose shows them, --format ndjson gives them all.`,
    );
  }

  yield* notSeen(result, paper, verbose);
  if (issues.length > 0) {
    yield* paper.heading('Damaged evidence');
    yield* paper.block('  ', 'What is around it was judged.');
    for (const issue of issues.slice(0, verbose ? issues.length : GAPS_SHOWN)) {
      const line = issue.line === undefined ? '' : `, line ${issue.line}`;
      yield* paper.block('  ', `${issue.artifact}${line}: ${issue.reason}`);
    }
  }
  if (verbose) {
    yield* paper.heading('Verdicts');
    for (const { rule, title, verdict: said, reason, coverage } of verdicts) {
      const share = coverage === undefined ? '' : ` ${percent(coverage)}`;
      yield* paper.block(
        `  ${said.padEnd(12)}`,
        `${title} (${rule})${share}${reason === undefined ? '' : `: ${reason}`}`,
      );
    }
  }
  yield '\n';
}

function verdictLine({ findings, visibility, capture }: Pick<HostResult, 'findings' | 'visibility' | 'capture'>): {
  text: string;
  style: Style;
} {
  const count = (level: Level) => findings.filter((one) => one.level === level).length;
  const told = LEVELS.toReversed().flatMap((level) => (count(level) > 0 ? [`${count(level)} ${level}`] : []));
  const list = told.join(', ');
  if (findings.some(({ level }) => level === 'critical'))
    return {
      text: `Somebody is in this ${capture ? 'network' : 'host'}, as far as evidence can say it: ${list}.`,
      style: ['bold', 'red'],
    };
  if (findings.some(({ level }) => level === 'high'))
    return { text: `Look at this now: ${list}.`, style: ['bold', 'red'] };
  if (findings.some(({ level }) => level === 'medium'))
    return { text: `No intruder is certain; something has to be explained: ${list}.`, style: 'yellow' };
  if (visibility < 0.9)
    return {
      text: `Nothing alarming in what could be seen, but only ${percent(visibility)} could be seen${list === '' ? '' : ` (${list})`}.`,
      style: 'yellow',
    };
  return { text: `Nothing alarming was found${list === '' ? '' : ` (${list})`}.`, style: 'green' };
}

/** One finding, as soon as it is certain. */
export function* findingParagraph(
  finding: Finding,
  options: { readonly columns: number; readonly colour: boolean },
): Generator<string> {
  yield* findingBlock(finding, paperOf(options), false);
}

function* findingBlock(finding: Finding, paper: Paper, verbose: boolean): Generator<string> {
  const { level, title, message, evidence, benign, next, attack } = finding;
  yield '\n';
  yield* paper.block(`${level.toUpperCase().padEnd(9)} `, title, { style: 'bold', marginStyle: COLOURS[level] });
  yield* paper.block('  ', message);
  if (!verbose && !atLeast(level, 'medium')) return;
  if (evidence.some(({ frame }) => frame !== undefined)) yield* timelineLines(evidence, paper, verbose);
  else yield* evidenceLines(evidence, paper, verbose);
  const why = attack.length === 0 ? '' : ` (ATT&CK ${attack.join(', ')})`;
  yield* paper.block('  why       ', `${WHY[level]}${why}`);
  for (const [index, text] of benign.slice(0, verbose ? benign.length : 2).entries())
    yield* paper.block(index === 0 ? '  innocent  ' : '            ', text);
  for (const [index, text] of next.slice(0, verbose ? next.length : 2).entries())
    yield* paper.block(index === 0 ? '  next      ' : '            ', text);
}

function* evidenceLines(evidence: Finding['evidence'], paper: Paper, verbose: boolean): Generator<string> {
  const pieces = verbose ? evidence : evidence.slice(0, EVIDENCE_SHOWN);
  for (const [index, { text, artifact }] of pieces.entries()) {
    yield* paper.block(index === 0 ? '  seen      ' : '            ', verbose ? `${text}  [${artifact}]` : text, {
      style: 'dim',
      lines: verbose ? 40 : 3,
    });
  }
  if (pieces.length < evidence.length)
    yield* paper.block('            ', `and ${evidence.length - pieces.length} more`, { style: 'dim' });
}

const WHY: Readonly<Record<Level, string>> = {
  critical: 'Facts that do not follow from one another all point to an implant',
  high: 'Innocent software rarely shows this',
  medium: 'An implant shows this, and so does some innocent software',
  low: 'A hint; it counts when a second one joins it',
  informational: 'For the record',
};

function* notSeen({ gaps, verdicts, euid }: HostResult, paper: Paper, verbose: boolean): Generator<string> {
  const hiding = gaps
    .filter(({ hides }) => hides.length > 0)
    .sort((a, b) => b.hides.length - a.hides.length || (a.artifact < b.artifact ? -1 : 1));
  const shown = verbose ? gaps : hiding.slice(0, GAPS_SHOWN);
  if (shown.length === 0) return;
  const judged = new Set(verdicts.map(({ rule }) => rule));
  yield* paper.heading('Not seen');
  for (const gap of shown) {
    const count = gap.hides.length;
    const blinded = gap.hides.some((rule) => judged.has(rule))
      ? `; ${count} of ${verdicts.length} rules cannot say "clear"`
      : `; ${count} rules are not for such evidence`;
    yield* paper.block(
      '  ',
      `${gap.artifact}: ${gap.reason.replace('_', ' ')}${gap.detail === undefined ? '' : `, ${gap.detail}`}${count === 0 ? '' : blinded}`,
    );
    yield* paper.block('    to see it: ', remedyFor(gap, euid === 0), { style: 'dim' });
  }
  if (!verbose && hiding.length > shown.length)
    yield* paper.block('  ', `and ${hiding.length - shown.length} more: --verbose shows them.`);
}

function* fleetLines(results: readonly HostResult[], paper: Paper): Generator<string> {
  const captures = results.filter(({ capture }) => capture !== undefined).length;
  const title = captures === 0 ? 'All hosts' : captures === results.length ? 'All captures' : 'All hosts and captures';
  yield* paper.block('', title, { style: 'bold' });
  const heaviness = ({ findings }: HostResult) =>
    findings.reduce((sum, { level }) => sum + (atLeast(level, 'medium') ? WEIGHT[level] ** 2 : 0), 0);
  for (const result of [...results].sort((a, b) => heaviness(b) - heaviness(a))) {
    const { text, style } = verdictLine(result);
    const name = printable(result.host.name);
    const long = name.length > NAME_WIDTH;
    if (long) yield* paper.block('  ', name);
    yield* paper.block(`  ${(long ? '' : name).padEnd(NAME_WIDTH)} `, text, { style });
  }
  yield '\n';
}

const NAME_WIDTH = 20;

function bar(share: number): string {
  const filled = Math.round(share * 20);
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
}

function percent(share: number): string {
  return `${share > 0.99 && share < 1 ? 99 : Math.round(share * 100)} %`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
