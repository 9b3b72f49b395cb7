import type { Judgement } from '../judge/judge.ts';
import type { Magic } from '../judge/secrets.ts';
import type { Analysis } from '../meaning/analysis.ts';
import { wantedPorts } from '../meaning/ports.ts';
import { compileExpression } from '../pcap/compile.ts';
import { TARGET_OF, type Target } from '../pcap/frame.ts';
import { parseExpression } from '../pcap/parse.ts';
import { CLASS, OP, type Program } from '../program.ts';
import { packetSetsOf } from '../sets/packet-set.ts';
import { PUBLISHED_FILTERS, PUBLISHED_VALUES, type PublishedFilter } from './published.ts';

export interface Named extends Judgement {
  /** What has been published with the same packets, or the same values, in words. */
  readonly family: string | undefined;
}

/** What tcpdump captures of a packet where it is not told otherwise. */
const CAPTURE_LENGTH = 262144;

/**
 * Adds the name that others know a filter by. It never makes a trigger. The one thing that it changes: what accepts the very
 * packets of a published trigger, in the form that tcpdump gives to a capture and not in the implant's own, may be somebody who
 * hunts for that implant; the filter alone does not tell.
 */
export function named(judgement: Judgement, analysis: Analysis): Named {
  const { verdict } = judgement;
  if (verdict === 'degenerate') return { ...judgement, family: undefined };
  const same = sameAs(judgement, analysis);
  if (same === undefined) return { ...judgement, family: familyOfValues(judgement.magic) };
  const family = `accepts the same packets as the published filter of ${same.family} (${same.since})${verdict === 'trigger' ? '' : ', as captures do too'}`;
  const hunts =
    verdict === 'trigger' &&
    same.returns !== undefined &&
    lengthsOf(analysis.program).every((k) => k === CAPTURE_LENGTH);
  if (!hunts) return { ...judgement, family };
  const reason = `the published packets of ${same.family}, in the form of a capture by tcpdump rather than the implant's own, which returns ${same.returns}: a hunt for it, or a copy`;
  return { ...judgement, family, verdict: 'ambiguous', reasons: [reason, ...judgement.reasons] };
}

function familyOfValues(magic: readonly Magic[]): string | undefined {
  const found = magic.flatMap(({ value, mask }) => {
    const known = PUBLISHED_VALUES.find((published) => published.value === value && published.mask === mask);
    return known === undefined ? [] : [`${known.value} is a published value of ${known.family} (${known.since})`];
  });
  return found.length === 0 ? undefined : [...new Set(found)].join('; ');
}

/** The lengths that a program returns, 0 apart; -1 for one that it calculates. */
function lengthsOf(program: Program): readonly number[] {
  return program
    .filter(({ code, k }) => (code & 7) === CLASS.ret && (code !== OP.retK || k !== 0))
    .map(({ code, k }) => (code === OP.retK ? k : -1));
}

/** The published filter that accepts the same packets; only those that ask for the same ports or secrets are compared. */
function sameAs({ magic }: Judgement, analysis: Analysis): PublishedFilter | undefined {
  const { program, sets } = analysis;
  const asked = new Set([
    ...wantedPorts(analysis).map(({ port }) => `port ${port}`),
    ...magic.map(({ value }) => `= 0x${value}`),
  ]);
  if (asked.size === 0) return undefined;
  const same = ASKING.find(({ published, asks }) => {
    if (asks.size !== asked.size || ![...asks].every((value) => asked.has(value))) return false;
    return programsOf(published, sets.link).some((other) => {
      const [one, two] = packetSetsOf([program, other], sets.link).sets;
      return one === two;
    });
  });
  return same?.published;
}

/** Published filters with the ports and secrets that stand in their expressions. */
const ASKING = PUBLISHED_FILTERS.map((published) => ({
  published,
  asks: new Set(published.expression.match(/port \d+|= 0x[0-9a-f]+/g)),
}));

const compiled = new Map<string, readonly Program[]>();

/** The programs of a published filter on a link, each compiled once: on a socket for all interfaces there are two. */
function programsOf({ family, expression }: PublishedFilter, link: Analysis['sets']['link']): readonly Program[] {
  const key = `${link} ${expression}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const target = TARGET_OF[link];
  const targets: readonly Target[] =
    target === undefined ? [] : link === 'network' ? [target, 'live-cooked'] : [target];
  const parsed = parseExpression(expression);
  const programs = targets.map((one) => {
    const result = 'refusal' in parsed ? parsed : compileExpression(parsed.expression, one);
    if ('program' in result) return result.program;
    throw new Error(`${family}: ${result.refusal}`);
  });
  compiled.set(key, programs);
  return programs;
}
