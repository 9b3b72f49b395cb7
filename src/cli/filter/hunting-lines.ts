import type { Paper } from '../../lib/paper.ts';
import { labelled } from './labelled.ts';
import type { JudgedRecord } from './record.ts';

/** How to find the packets of a filter elsewhere. `exact` is false where a rule matches more, or less. */
export interface Hunting {
  /** For captures of Ethernet. */
  readonly capture: { readonly expression: string; readonly exact: boolean } | null;
  readonly suricata: { readonly rules: readonly string[]; readonly exact: boolean } | null;
  /** A classic BPF program for captures of Ethernet. */
  readonly predicate: { readonly insns: readonly unknown[]; readonly exact: boolean } | null;
  /** What the rules cannot hold, in words. */
  readonly limits: readonly string[];
}

/** What a record says of hunting, where that was found out. */
export function huntingOf(record: JudgedRecord & { readonly hunting?: Hunting }): Hunting | undefined {
  return record.hunting;
}

export function* huntingLines(record: JudgedRecord, paper: Paper): Generator<string> {
  const hunting = huntingOf(record);
  if (hunting === undefined) return;
  const { capture, suricata, predicate, limits } = hunting;
  const near = ({ exact }: { readonly exact: boolean }) => (exact ? '' : ' (not exact)');
  if (capture !== null) yield* labelled(paper, 'hunt', [`in captures${near(capture)}: ${capture.expression}`]);
  if (suricata !== null)
    yield* labelled(
      paper,
      'suricata',
      suricata.rules.map((rule) => `${rule}${near(suricata)}`),
    );
  if (predicate !== null) {
    const size = `${predicate.insns.length} instructions`;
    yield* labelled(paper, 'predicate', [
      `${size} for captures of Ethernet${near(predicate)}: --format ndjson has them`,
    ]);
  }
  yield* labelled(paper, 'limits', limits, 'dim');
}
