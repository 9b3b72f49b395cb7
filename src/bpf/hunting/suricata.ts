import { secretsOf } from '../judge/secrets.ts';
import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import { witnessOf } from '../proof/prove.ts';
import { frameOf } from './frame.ts';
import type { Frames } from './frames.ts';
import { FRAGMENTS, rulesFor } from './region-rules.ts';
import { fires } from './rule.ts';
import { ruleText } from './write-rule.ts';

export interface SuricataRules {
  readonly rules: readonly string[];
  /** Whether they ask all that the filter asks, of packets as Suricata decodes them. */
  readonly exact: boolean;
}

/** So many rules are given. */
const MOST_RULES = 24;

/** @param regions Those of the filter that ask for a secret. */
export function suricataFor(
  analysis: Analysis,
  regions: readonly DescribedRegion[],
  frames: Frames,
  limits: string[],
): SuricataRules | null {
  const texts = new Set<string>();
  const said: string[] = [];
  let found = frames.witness === undefined;
  for (const region of regions.slice(0, MOST_RULES)) {
    const known = rulesFor(region, analysis.sets.link, analysis.sets.variables);
    said.push(...known.limits);
    const quiet = known.rules.filter((rule) => frames.twin === undefined || !fires(rule, frames.twin));
    if (quiet.length < known.rules.length) said.push('a Suricata rule is left out that the rejected packet sets off');
    const packet = quiet.length === 0 ? undefined : packetOf(region, frames, analysis);
    if (packet !== undefined && !quiet.some((rule) => fires(rule, packet))) {
      said.push('Suricata rules are left out that do not find the packet');
      continue;
    }
    found ||= quiet.some((rule) => fires(rule, frames.witness!));
    for (const rule of quiet) texts.add(ruleText(rule, messageFor(region)));
  }
  const more = Math.max(texts.size, regions.length) - MOST_RULES;
  if (more > 0) said.push(`at least ${more} more Suricata rules are not given`);
  if (texts.size > 0 && !found && !said.includes(FRAGMENTS)) {
    limits.push('no Suricata rule: none finds the packet that the filter is known to let through');
    return null;
  }
  limits.push(...said);
  if (texts.size === 0) return null;
  return { rules: [...texts].slice(0, MOST_RULES), exact: said.length === 0 };
}

/** A frame of the region: the witness where it is one. */
function packetOf(region: DescribedRegion, { witness }: Frames, analysis: Analysis): Uint8Array | undefined {
  if (analysis.regions.length === 1) return witness;
  const proof = witnessOf(analysis, region.region);
  return proof && frameOf(proof, analysis.standpoint);
}

function messageFor(region: DescribedRegion): string {
  const [first] = secretsOf(region).magic;
  if (first === undefined) return 'Longwatch: a socket filter waits for this packet';
  const { protocol, at, value } = first;
  return `Longwatch: a socket filter waits for ${at.startsWith(protocol) ? '' : `${protocol} `}${at} = ${value}`;
}
