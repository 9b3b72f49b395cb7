import type { Formula } from '../formula.ts';
import type { Link } from '../link.ts';
import { PPP_TYPES } from '../protocols.ts';
import type { Environment } from '../run.ts';
import { completeHeaders } from '../../packets/complete.ts';
import { SAMPLE_TYPES, sampleFrames, type Start } from '../../packets/frames.ts';
import { common, contains, type Intervals } from '../sets/intervals.ts';
import { LONGEST_PACKET } from '../sets/place.ts';
import type { Region } from '../sets/regions.ts';
import { REST_BIAS, type Variable, type Variables } from '../sets/variables.ts';
import { draftOf, drafted, hold, isFree, readBits, settle, type Draft } from './draft.ts';
import { force } from './force.ts';

/** A packet that proves something, with the ancillary values it needs. */
export interface Proof {
  readonly packet: Uint8Array;
  readonly env: Environment;
}

export interface Problem {
  readonly link: Exclude<Link, 'any'>;
  readonly variables: Variables;
  /** Ancillary values that the program reads: each must be there. */
  readonly ancillaries: readonly string[];
  /** Whether a packet is one that is looked for, by running the programs. */
  readonly holds: (packet: Uint8Array, env: Environment) => boolean;
  /** So many drafts are made before a region is given up; else `MOST_TRIES`. */
  readonly tries?: number;
}

/** Which header packets of a link begin with. */
export const STARTS: Readonly<Record<Exclude<Link, 'any'>, Start>> = {
  ethernet: 'ethernet',
  network: 'network',
  netlink: 'netlink',
  'udp-socket': 'udp',
  'icmp6-socket': 'icmp6',
  ppp: 'ppp',
  linux_sll: 'linux_sll',
};

const NETWORK_AT: Readonly<Partial<Record<Link, number>>> = { ethernet: 14, network: 0, ppp: 4, linux_sll: 16 };

const MOST_TRIES = 24;

/**
 * A realistic packet of a region: a sample packet that comes near, changed where bounds ask for it, with lengths and checksums
 * put right where the region leaves them free. The result has been run.
 *
 * @param near A packet to begin with instead of a sample.
 * @returns undefined when none was found; that is no proof that there is none.
 */
export function solveRegion(region: Region, problem: Problem, near?: Proof): Proof | undefined {
  const samples =
    near === undefined ? rankedSamples(region, problem) : [{ bytes: near.packet, type: undefined, env: near.env }];
  for (let turn = 0; turn < (problem.tries ?? MOST_TRIES); turn++) {
    const sample = samples[turn % Math.min(samples.length, 3)];
    const proof = sample && attempt(region, sample, turn, problem);
    if (proof !== undefined) return proof;
  }
  return undefined;
}

interface Sample {
  readonly bytes: Uint8Array;
  readonly type: number | undefined;
  readonly env?: Environment;
}

/** Samples, those first that need the fewest changes. */
function rankedSamples(region: Region, { link, variables }: Problem): readonly Sample[] {
  const bounds: { readonly known: Bits; readonly intervals: Intervals }[] = [];
  for (const { variable, intervals } of region) {
    const known = variables.variable(variable);
    if (known.kind === 'bits') bounds.push({ known, intervals });
  }
  return sampleFrames(STARTS[link])
    .map((bytes, index) => {
      const type = link === 'network' ? SAMPLE_TYPES[index] : undefined;
      let wrong = 0;
      for (const { known, intervals } of bounds) if (differs(bytes, type, known, intervals)) wrong++;
      return { bytes, type, wrong, index };
    })
    .sort((a, b) => a.wrong - b.wrong || a.index - b.index);
}

type Bits = Extract<Variable, { kind: 'bits' }>;

/** Whether bits of a sample would have to be changed. */
function differs(
  bytes: Uint8Array,
  type: number | undefined,
  { base, bit, width }: Bits,
  intervals: Intervals,
): boolean {
  if (base === undefined) return !contains(intervals, readBits(bytes, bit, width));
  const kernel = base.kind === 'ancillary' && base.name === 'protocol';
  return kernel && !contains(intervals, (type ?? 0) % 2 ** width);
}

function attempt(
  region: Region,
  { bytes, type, env: known }: Sample,
  turn: number,
  problem: Problem,
): Proof | undefined {
  const { link, variables, ancillaries, holds } = problem;
  const env: Record<string, number> = Object.fromEntries(ancillaries.map((name) => [name, 0]));
  if ('protocol' in env) env['protocol'] = type ?? typeOf(bytes, link) ?? 0;
  Object.assign(env, known);
  const draft = draftOf(bytes, env);
  const choose = (choices: number): number => (turn * 7919) % choices;
  const bounds = region.map(({ variable, intervals }) => ({ variable: variables.variable(variable), intervals }));
  if (!settleFixed(draft, bounds, choose) || !settleBased(draft, bounds, turn, choose)) return undefined;
  settleFormulas(draft, bounds, turn);
  const length = lengthFor(draft, bytes.length, bounds);
  if (length === undefined) return undefined;
  const packet = new Uint8Array(length);
  packet.set(draft.bytes.subarray(0, length));
  const completed = packet.slice();
  const networkAt = NETWORK_AT[link];
  if (networkAt !== undefined) {
    const free = (at: number, size: number) => isFree(draft, 8 * at, 8 * size);
    completeHeaders(completed, networkAt, typeOf(completed, link) ?? (env['protocol'] || undefined), free);
  }
  if (holds(completed, draft.env)) return { packet: completed, env: draft.env };
  return holds(packet, draft.env) ? { packet, env: draft.env } : undefined;
}

function typeOf(packet: Uint8Array, link: Link): number | undefined {
  const at = link === 'ethernet' ? 12 : link === 'linux_sll' ? 14 : link === 'ppp' ? 2 : undefined;
  if (at === undefined) return undefined;
  const value = (packet[at]! << 8) | packet[at + 1]!;
  return link === 'ppp' ? PPP_TYPES.get(value) : value;
}

type Known = { readonly variable: Variable; readonly intervals: Intervals };
type Choose = (choices: number) => number;

/** Bits at fixed places, and ancillary values. */
function settleFixed(draft: Draft, bounds: readonly Known[], choose: Choose): boolean {
  return bounds.every(({ variable, intervals }) => {
    if (variable.kind !== 'bits') return true;
    const { base, bit, width } = variable;
    if (base === undefined) return settle(draft, bit, width, intervals, choose);
    if (base.kind !== 'ancillary') return true;
    return settleAncillary(draft, base.name, 32 - bit - width, width, intervals, choose);
  });
}

function settleAncillary(
  draft: Draft,
  name: string,
  shift: number,
  width: number,
  intervals: Intervals,
  choose: Choose,
): boolean {
  const whole = draft.env[name] ?? 0;
  const current = Math.floor(whole / 2 ** shift) % 2 ** width;
  if (contains(intervals, current)) return true;
  const interval = intervals[choose(intervals.length)];
  if (interval === undefined) return false;
  draft.env[name] = whole + (interval[0] - current) * 2 ** shift;
  return true;
}

/** Values that the length of a header, or whatever else places depend on, is given when the sample's own does not do. */
const BASES = [20, 24, 40, 60, 8, 28, 32, 36, 44, 48, 52, 56, 16, 12, 4, 2, 1, 0];

/** Bits at places that depend on the packet: first what they depend on, then the bits. */
function settleBased(draft: Draft, bounds: readonly Known[], turn: number, choose: Choose): boolean {
  const based = bounds.filter(({ variable }) => baseOf(variable) !== undefined);
  const bases = new Map<number, Formula>();
  for (const { variable } of based) {
    const base = baseOf(variable);
    if (base !== undefined) bases.set(base.id, base);
  }
  // A formula is made of loads that came before it: lower ids first.
  for (const base of [...bases.values()].sort((a, b) => a.id - b.id)) {
    const wanted = BASES[turn - 1];
    if (turn > 0 && wanted !== undefined) force(base, wanted, draft);
    settleLeaves(base, draft);
    const start = drafted(base, draft);
    if (start === undefined) return false;
    for (const { variable, intervals } of based) {
      if (variable.kind !== 'bits' || variable.base !== base) continue;
      if (!settle(draft, 8 * start + variable.bit, variable.width, intervals, choose)) return false;
    }
  }
  return true;
}

function baseOf(variable: Variable): Formula | undefined {
  if (variable.kind === 'rest') return variable.base;
  return variable.kind === 'bits' && variable.base?.kind !== 'ancillary' ? variable.base : undefined;
}

/** What a formula reads may no longer change. */
function settleLeaves(formula: Formula, draft: Draft): void {
  if (formula.kind === 'operation') {
    settleLeaves(formula.left, draft);
    settleLeaves(formula.right, draft);
  } else if (formula.kind === 'load') {
    settleLeaves(formula.index, draft);
    const index = drafted(formula.index, draft);
    if (index !== undefined) hold(draft, 8 * index, 8 * formula.size);
  }
}

/** Comparisons of formulas that are not taken apart. */
function settleFormulas(draft: Draft, bounds: readonly Known[], turn: number): void {
  for (const { variable, intervals } of bounds) {
    switch (variable.kind) {
      case 'value': {
        const now = drafted(variable.of, draft);
        if (now !== undefined && contains(intervals, now)) break;
        const [from, to] = intervals[turn % intervals.length]!;
        void (force(variable.of, from + Math.min(turn, to - from), draft) || force(variable.of, to, draft));
        settleLeaves(variable.of, draft);
        break;
      }
      case 'eq':
      case 'gt':
      case 'common':
        settleRelation(draft, variable, contains(intervals, 1), turn);
        break;
      default:
    }
  }
}

function settleRelation(
  draft: Draft,
  { kind, left, right }: Extract<Variable, { kind: 'eq' | 'gt' | 'common' }>,
  wanted: boolean,
  turn: number,
): void {
  const [l, r] = [drafted(left, draft), drafted(right, draft)];
  if (l === undefined || r === undefined) return;
  const sides = turn % 2 === 0 ? ([left, r, right, l] as const) : ([right, l, left, r] as const);
  const [one, target, two, other] = sides;
  if (kind === 'eq') {
    if ((l === r) !== wanted) {
      if (wanted) void (force(one, target, draft) || force(two, other, draft));
      else void (force(one, (target ^ 1) >>> 0, draft) || force(two, (other ^ 1) >>> 0, draft));
    }
  } else if (kind === 'gt') {
    if (l > r !== wanted) {
      if (wanted)
        void (
          force(left, r + 1 + turn, draft) ||
          force(right, Math.max(0, l - 1), draft) ||
          (force(left, left.bits, draft), force(right, 0, draft))
        );
      else void (force(left, r, draft) || force(right, l, draft) || force(left, 0, draft));
    }
  } else if (((l & r) !== 0) !== wanted) {
    if (wanted)
      void (
        force(left, (l | (r & -r) | (r === 0 ? 1 : 0)) >>> 0, draft),
        force(right, (drafted(left, draft) ?? 1) | r, draft)
      );
    else void (force(left, (l & ~r) >>> 0, draft) || force(right, (r & ~l) >>> 0, draft));
  }
  settleLeaves(left, draft);
  settleLeaves(right, draft);
}

/** A length that all bounds allow: the sample's own, or the nearest one that is longer, or shorter. */
function lengthFor(draft: Draft, natural: number, bounds: readonly Known[]): number | undefined {
  let allowed: Intervals = [[0, LONGEST_PACKET]];
  let reach = natural;
  for (const { variable, intervals } of bounds) {
    if (variable.kind === 'length') allowed = common(allowed, intervals);
    else if (variable.kind === 'rest') {
      const base = drafted(variable.base, draft);
      if (base === undefined) return undefined;
      allowed = common(
        allowed,
        intervals.map(([from, to]) => [from - REST_BIAS + base, to - REST_BIAS + base]),
      );
    } else if (variable.kind === 'fits' && contains(intervals, 1)) {
      reach = Math.max(reach, (drafted(variable.left, draft) ?? 0) + variable.size);
    }
  }
  let shorter: number | undefined;
  for (const [from, to] of allowed) {
    if (to >= reach) return Math.max(from, reach);
    shorter = to;
  }
  return shorter;
}
