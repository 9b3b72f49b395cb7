import { paperOf, type Paper, type Style } from '../../lib/paper.ts';
import { explanationLines } from './explanation-lines.ts';
import { fullReport } from './full-report.ts';
import type { FilterRecord, Placed } from './record.ts';

export interface TextOptions {
  readonly columns: number;
  readonly colour: boolean;
  /** All of every program. */
  readonly explain: boolean;
}

type Verdict = FilterRecord['verdict'];

/** The worst first. */
const STYLES: Readonly<Record<Verdict, Style>> = {
  trigger: ['bold', 'red'],
  ambiguous: 'yellow',
  'dual-use': 'yellow',
  ordinary: 'green',
  degenerate: 'cyan',
  invalid: 'cyan',
};
const ORDER = Object.keys(STYLES) as Verdict[];
const SHORT: ReadonlySet<Verdict> = new Set<Verdict>(['ordinary', 'degenerate', 'invalid']);

/** Up to so many programs all are told in full. */
const FEW_PROGRAMS = 3;
const VERDICT_WIDTH = 11;

/** What is said of programs, for a person at a terminal: the worst first and in full, the harmless in a line or two, and how many there are of each. */
export function* reportText(placed: readonly Placed[], options: TextOptions): Generator<string> {
  const paper = paperOf(options);
  const short = placed.length > FEW_PROGRAMS && !options.explain;
  let wasLong = true;
  for (const verdict of ORDER) {
    for (const one of placed.filter(({ record }) => record.verdict === verdict)) {
      const isLong = !short || !SHORT.has(verdict);
      if (isLong || wasLong) yield '\n';
      if (isLong) yield* longReport(one, paper);
      else yield* shortReport(one.record, paper);
      wasLong = isLong;
    }
  }
  yield '\n';
  const counts = ORDER.flatMap((verdict) => {
    const count = placed.filter(({ record }) => record.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  yield* paper.block('', `${placed.length} ${placed.length === 1 ? 'program' : 'programs'}: ${counts.join(', ')}.`, {
    style: 'bold',
  });
  if (short && placed.some(({ record }) => SHORT.has(record.verdict))) {
    yield* paper.block('', '--explain tells all of each.', { style: 'dim' });
  }
}

function* longReport(placed: Placed, paper: Paper): Generator<string> {
  const { record } = placed;
  yield* paper.block(marginOf(record), titleOf(record), {
    style: 'bold',
    marginStyle: STYLES[record.verdict],
    lines: 3,
  });
  if ('ebpf' in record || !record.loads) yield* paper.block('  ', record.sentence);
  else yield* fullReport({ ...placed, record }, paper);
  yield* explanationLines(record, paper);
}

function* shortReport(record: FilterRecord, paper: Paper): Generator<string> {
  const faults = 'lint' in record && record.lint.length > 0 ? `faults: ${record.lint.length}. ` : '';
  const holders =
    'socket' in record ? (record.socket?.holders.map(({ comm, pid }) => `${comm} (pid ${pid})`) ?? []) : [];
  const who = holders.length === 0 ? '' : `, held by ${holders.join(', ')}`;
  yield* paper.block(marginOf(record), `${titleOf(record)}${who}: ${faults}${record.sentence}`, {
    marginStyle: STYLES[record.verdict],
    lines: 2,
  });
}

const marginOf = ({ verdict }: FilterRecord): string => verdict.toUpperCase().padEnd(VERDICT_WIDTH);

function titleOf(record: FilterRecord): string {
  // What has no name of its own was counted.
  const name = /^\d+$/.test(record.id) ? `program ${record.id}` : record.id;
  return 'class' in record && record.class !== undefined ? `${name} (${record.class})` : name;
}
