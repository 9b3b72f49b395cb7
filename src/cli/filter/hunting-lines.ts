import type { Paper } from '../../lib/paper.ts';
import { labelled } from './labelled.ts';

/** How to find the packets of a filter elsewhere. `exact` is false where a rule also matches others. */
export interface Hunting {
  readonly capture: { readonly expression: string; readonly exact: boolean } | null;
  readonly suricata: { readonly rules: readonly string[]; readonly exact: boolean } | null;
  /** What the rules cannot hold, in words. */
  readonly limits: readonly string[];
}

export function* huntingLines({ capture, suricata, limits }: Hunting, paper: Paper): Generator<string> {
  const also = ({ exact }: { readonly exact: boolean }) => (exact ? '' : ' (matches other packets too)');
  if (capture !== null) yield* labelled(paper, 'hunt', [`in captures${also(capture)}: ${capture.expression}`]);
  if (suricata !== null)
    yield* labelled(
      paper,
      'suricata',
      suricata.rules.map((rule) => `${rule}${also(suricata)}`),
    );
  yield* labelled(paper, 'limits', limits, 'dim');
}
