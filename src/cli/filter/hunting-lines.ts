import type { Paper } from '../../lib/paper.ts';
import { labelled } from './labelled.ts';
import type { JudgedRecord } from './record.ts';

/** How to find the packets of a filter elsewhere. What is not exact matches more, or less: the limits say what. */
export function* huntingLines({ hunting, expression }: JudgedRecord, paper: Paper): Generator<string> {
  if (hunting === undefined) return;
  const { capture, suricata, predicate, limits } = hunting;
  const near = ({ exact }: { readonly exact: boolean }) => (exact ? '' : ' (not exact)');
  if (capture !== null) {
    const same = capture.expression === expression;
    yield* labelled(paper, 'hunt', [
      `in captures${near(capture)}: ${same ? 'by that expression' : capture.expression}`,
    ]);
  }
  // A rule stands alone, so that it can be copied.
  if (suricata !== null) yield* labelled(paper, 'suricata', suricata.rules);
  if (predicate !== null) {
    const size = `${predicate.insns.length} instructions`;
    yield* labelled(paper, 'predicate', [
      `${size} for captures of Ethernet${near(predicate)}: --format ndjson has them`,
    ]);
  }
  yield* labelled(paper, 'limits', limits, 'dim');
}
