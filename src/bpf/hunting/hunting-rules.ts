import type { Judgement } from '../judge/judge.ts';
import type { Analysis } from '../meaning/analysis.ts';
import type { Proofs } from '../proof/prove.ts';
import { rowOf } from '../row.ts';
import { captureFor, type Capture } from './capture.ts';
import { framesOf } from './frames.ts';
import { predicateFor } from './predicate.ts';
import { suricataFor, type SuricataRules } from './suricata.ts';
import { isTelling } from './telling.ts';

/** Rules to hunt on the wire for the packet that a filter waits for. */
export interface HuntingRules {
  /** For a capture of Ethernet. */
  readonly capture: Capture | null;
  readonly suricata: SuricataRules | null;
  /** The filter as a classic BPF program for a capture of Ethernet: rows of code, jt, jf, k. */
  readonly predicate: {
    readonly insns: readonly (readonly [number, number, number, number])[];
    readonly exact: boolean;
  } | null;
  /** What a rule says less, or more, than the filter, and why one is not given. */
  readonly limits: readonly string[];
}

export const ORDINARY =
  'the filter lets ordinary packets through as well: the capture filter and the predicate find them too';

/**
 * Rules for the packet that a trigger waits for. Each has been tried: it finds the witness and passes over its rejected twin.
 *
 * @param expression The filter's own pcap expression, for its own link.
 * @returns undefined for what is no trigger, and on links whose packets come in no Ethernet frames.
 */
export function huntingRulesOf(
  analysis: Analysis,
  judgement: Judgement,
  proofs: Proofs,
  expression: string | null,
): HuntingRules | undefined {
  if (judgement.verdict !== 'trigger' || analysis.sets.link === 'netlink') return undefined;
  const limits: string[] = [];
  const frames = framesOf(proofs, analysis.standpoint, limits);
  const predicate = predicateFor(analysis, proofs.witness?.env ?? {}, frames, limits);
  const capture = captureFor(analysis, predicate, expression, frames, limits);
  const telling = analysis.regions.filter(isTelling);
  const suricata = suricataFor(analysis, telling, frames, limits);
  if (telling.length < analysis.regions.length) limits.push(ORDINARY);
  return {
    capture,
    suricata,
    predicate: predicate === undefined ? null : { insns: predicate.program.map(rowOf), exact: predicate.exact },
    limits: [...new Set(limits)],
  };
}
