import { reportOn } from '../../bpf/report/filter-report.ts';
import { timeText } from '../../hunt/moment.ts';
import type { Hit } from '../../hunt/predicates/hunter.ts';
import type { Sought } from '../../hunt/predicates/seats.ts';
import { paperOf, type Paper, type Style } from '../../lib/paper.ts';
import type { Io } from '../io.ts';

/** Senders are told up to so many, and no more than so many are remembered. */
const TOP_SENDERS = 5;
const MOST_SENDERS = 10_000;
/** Paths are told up to so many. */
const TOP_PATHS = 3;

/** The worst first. */
const STYLES = {
  trigger: ['bold', 'red'],
  ambiguous: 'yellow',
  'dual-use': 'yellow',
  ordinary: 'green',
  degenerate: 'cyan',
} as const satisfies Readonly<Record<string, Style>>;
type Verdict = keyof typeof STYLES;
const ORDER = Object.keys(STYLES) as Verdict[];

interface Place {
  readonly file: string;
  readonly frame: number;
  readonly micros: number;
}

interface Sum {
  count: number;
  first: Place;
  last: Place;
  readonly senders: Map<string, number>;
  /** Matches of senders that there was no room for. */
  otherSenders: number;
  readonly paths: Map<string, number>;
}

/** Counts matches by filter, for people. */
export class Tally {
  readonly #sums = new Map<number, Sum>();

  add(file: string, hits: Iterable<Hit>): void {
    for (const { filter, frame, micros, path, sender } of hits) {
      const place = { file, frame, micros };
      let sum = this.#sums.get(filter);
      if (sum === undefined) {
        sum = { count: 0, first: place, last: place, senders: new Map(), otherSenders: 0, paths: new Map() };
        this.#sums.set(filter, sum);
      }
      sum.count += 1;
      if (micros < sum.first.micros) sum.first = place;
      if (micros >= sum.last.micros) sum.last = place;
      sum.paths.set(path, (sum.paths.get(path) ?? 0) + 1);
      if (sender === undefined) continue;
      if (sum.senders.has(sender) || sum.senders.size < MOST_SENDERS)
        sum.senders.set(sender, (sum.senders.get(sender) ?? 0) + 1);
      else sum.otherSenders += 1;
    }
  }

  /** What was found, filter by filter: the worst first, within these the rarest. */
  *lines(filters: readonly Sought[], { columns, colour }: Pick<Io, 'columns' | 'colour'>): Generator<string> {
    const paper = paperOf({ columns: columns ?? 100, colour });
    const found = [...this.#sums].map(([filter, sum]) => ({ ...meaningOf(filters[filter]!), filter, sum }));
    found.sort(
      (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.sum.count - b.sum.count || a.filter - b.filter,
    );
    for (const { verdict, sentence, filter, sum } of found) {
      yield '\n';
      yield* paper.block(`${verdict.padEnd(11)} `, `${filters[filter]!.id}: ${countOf(sum.count, 'packet')}`, {
        style: 'bold',
        marginStyle: STYLES[verdict],
        lines: 3,
      });
      yield* paper.block('  ', sentence, { lines: 4 });
      yield* aboutSum(sum, paper);
    }
    yield '\n';
    const idle = filters.length - found.length;
    const none =
      found.length === 0
        ? 'No packet would have passed any of them'
        : `${countOf(found.length, 'filter')} would have let packets through`;
    yield* paper.block(
      '',
      `${countOf(filters.length, 'filter')}. ${none}${found.length > 0 && idle > 0 ? `, ${idle} none` : ''}.`,
      { style: 'bold' },
    );
  }
}

function* aboutSum({ first, last, senders, otherSenders, paths, count }: Sum, paper: Paper): Generator<string> {
  const place = ({ file, frame, micros }: Place): string => `${timeText(micros)}  ${file}, frame ${frame}`;
  yield* paper.block('  first      ', place(first));
  if (count > 1) yield* paper.block('  last       ', place(last));
  const most = (counts: ReadonlyMap<string, number>, top: number): string => {
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    const more = sorted.length > top ? `, and ${sorted.length - top}${otherSenders > 0 ? ' or more' : ''} others` : '';
    return (
      sorted
        .slice(0, top)
        .map(([name, times]) => `${name} (${times})`)
        .join(', ') + more
    );
  };
  if (senders.size > 0) yield* paper.block('  senders    ', most(senders, TOP_SENDERS));
  if (paths.size > 0) yield* paper.block('  layers     ', most(paths, TOP_PATHS));
}

function meaningOf({ program, link }: Sought): { readonly verdict: Verdict; readonly sentence: string } {
  const reported = reportOn(program, { link });
  if (typeof reported === 'string') return { verdict: 'ambiguous', sentence: reported };
  const { verdict, sentence } = reported.report;
  return { verdict: ORDER.find((one) => one === verdict) ?? 'ambiguous', sentence };
}

function countOf(count: number, unit: string): string {
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
