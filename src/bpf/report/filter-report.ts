import { toHex } from '../../lib/bytes.ts';
import type { Link } from '../link.ts';
import { analyse, type Analysis } from '../meaning/analysis.ts';
import { sentenceOf } from '../meaning/sentence.ts';
import type { Program } from '../program.ts';
import { prove } from '../proof/prove.ts';
import type { Proof } from '../proof/solve.ts';
import type { Twin } from '../proof/twin.ts';
import type { Standpoint } from '../standpoint.ts';
import { refusalOf } from '../validate.ts';
import { boundRecord, type BoundRecord } from './region-record.ts';

/** A packet in hexadecimal, with the ancillary values it needs. */
export interface ProofRecord {
  readonly packet: string;
  readonly env?: Readonly<Record<string, number>>;
}

/** All that is said of a program that Linux takes. */
export interface FilterReport {
  readonly link: Exclude<Link, 'any'>;
  readonly sentence: string;
  readonly regions: readonly { readonly all: readonly BoundRecord[] }[];
  /** False when fewer packets may be let through than the regions hold. */
  readonly exact: boolean;
  readonly witness: ProofRecord | null;
  readonly twin: (ProofRecord & { readonly changed: string }) | null;
}

export interface Reported {
  readonly analysis: Analysis;
  readonly report: FilterReport;
}

/**
 * Finds out what a filter lets through, and proves it.
 *
 * @returns Why Linux refuses the program, or the report.
 */
export function reportOn(program: Program, standpoint: Standpoint): Reported | string {
  const refusal = refusalOf(program);
  if (refusal !== undefined) return refusal;
  const analysis = analyse(program, standpoint);
  const { witness, twin } = prove(analysis, undefined, () => []);
  const report: FilterReport = {
    link: analysis.sets.link,
    sentence: sentenceOf(analysis),
    regions: analysis.regions.map(({ facts }) => ({ all: facts.map(boundRecord) })),
    exact: analysis.exact,
    witness: witness === undefined ? null : proofRecord(witness),
    twin: twin === undefined ? null : twinRecord(twin),
  };
  return { analysis, report };
}

export function proofRecord({ packet, env }: Proof): ProofRecord {
  return { packet: toHex(packet), ...(Object.keys(env).length === 0 ? {} : { env }) };
}

function twinRecord(twin: Twin): ProofRecord & { readonly changed: string } {
  return { ...proofRecord(twin), changed: twin.changed };
}
