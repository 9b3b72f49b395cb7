import { toHex } from '../../lib/bytes.ts';
import type { Link } from '../link.ts';
import { analyse, type Analysis } from '../meaning/analysis.ts';
import { decompile } from '../decompile/decompile.ts';
import { huntingRulesOf, type HuntingRules } from '../hunting/hunting-rules.ts';
import { named } from '../families/named.ts';
import { judge, type Judgement } from '../judge/judge.ts';
import { lint } from '../lint/lint.ts';
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

/** Packets that are let through, and share what is said of them. */
export interface RegionRecord {
  readonly all: readonly BoundRecord[];
  /** The same for people, where explanations are asked for. */
  readonly words?: string;
  /** One packet of the region, where explanations are asked for; null where none was found. */
  readonly witness?: ProofRecord | null;
}

/** All that is said of a program that Linux takes. */
export interface FilterReport {
  readonly link: Exclude<Link, 'any'>;
  readonly verdict: Judgement['verdict'];
  /** What an ordinary filter is for. */
  readonly class?: string | undefined;
  /** What has been published with the same packets or values. It decides nothing. */
  readonly family?: string | undefined;
  readonly sentence: string;
  /** What decided, in words that can be checked. */
  readonly reasons: readonly string[];
  /** A pcap expression that lets the same packets through, proved; null where none was found. */
  readonly expression: string | null;
  /** What the packets of a trigger pass for, by their headers. */
  readonly decoy?: string | undefined;
  readonly magic: Judgement['magic'];
  readonly relations: readonly string[];
  readonly regions: readonly RegionRecord[];
  /** False when fewer packets may be let through than the regions hold. */
  readonly exact: boolean;
  readonly witness: ProofRecord | null;
  readonly twin: (ProofRecord & { readonly changed: string }) | null;
  /** Rules to hunt for the packet on the wire, of a trigger. */
  readonly hunting?: HuntingRules | undefined;
  /** Faults of the filter, in words. */
  readonly lint: readonly string[];
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
  const judgement = named(judge(analysis), analysis);
  const proofs = prove(analysis, judgement.key?.region);
  const { witness, twin } = proofs;
  // Before the expression is looked for, which adds to what the diagrams hold.
  const faults = lint(analysis);
  const expression = decompile(program, analysis.sets.link, analysis.sets)?.text ?? null;
  const hunting = huntingRulesOf(analysis, judgement, proofs, expression);
  const report: FilterReport = {
    link: analysis.sets.link,
    verdict: judgement.verdict,
    class: judgement.class,
    family: judgement.family,
    sentence: sentenceOf(analysis),
    reasons: judgement.reasons,
    expression,
    decoy: judgement.decoy,
    magic: judgement.magic,
    relations: judgement.relations,
    regions: analysis.regions.map(({ facts }) => ({ all: facts.map(boundRecord) })),
    exact: analysis.exact,
    witness: witness === undefined ? null : proofRecord(witness),
    twin: twin === undefined ? null : twinRecord(twin),
    hunting,
    lint: faults,
  };
  return { analysis, report };
}

export function proofRecord({ packet, env }: Proof): ProofRecord {
  return { packet: toHex(packet), ...(Object.keys(env).length === 0 ? {} : { env }) };
}

function twinRecord(twin: Twin): ProofRecord & { readonly changed: string } {
  return { ...proofRecord(twin), changed: twin.changed };
}
