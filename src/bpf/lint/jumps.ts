import { NETWORK_HEADER } from '../link.ts';
import type { Analysis, DescribedRegion } from '../meaning/analysis.ts';
import { IPV4, IPV4_HEADER, VLAN } from '../protocols.ts';
import type { Bound } from '../sets/regions.ts';
import type { Intervals } from '../sets/intervals.ts';
import { contains } from '../sets/intervals.ts';
import type { Variable } from '../sets/variables.ts';
import type { Check } from './flow.ts';
import type { Examples } from './example.ts';
import type { Lint } from './lint-record.ts';

/** A value that says what the bytes behind it mean. */
interface Selector {
  readonly name: string;
  isIt(variable: Variable): boolean;
  /** The first bit whose meaning depends on it. */
  readonly from: number;
  /** Whether a region is one in which it stands where it is looked for. */
  stands(region: DescribedRegion): boolean;
}

/**
 * Jumps that go wrong: fields of one protocol that are also looked for in packets of another, since the check that tells them
 * apart is jumped over on some way, or lets through what it should hold back.
 */
export function jumpLints(analysis: Analysis, checks: readonly Check[], examples: Examples): Lint[] {
  const { sets, regions, exact } = analysis;
  if (!exact) return [];
  for (const selector of selectorsOf(sets.link)) {
    const named = namedValues(checks, selector);
    for (const region of regions) {
      if (!selector.stands(region)) continue;
      const { own, content } = taken(region, selector, analysis);
      if (content.length === 0 || content.some((bound) => isLlc(bound, selector, analysis))) continue;
      const mixed = own === undefined ? undefined : own.intervals;
      const pcs = [...named].flatMap(([value, pc]) => {
        const inside = mixed === undefined || contains(mixed, value);
        if (mixed !== undefined && !holdsOthers(mixed, named)) return [];
        if (inside && mixed !== undefined && !isApart(value, regions, selector, analysis)) return [pc];
        // The same is looked for where the value was asked for, and where it was not.
        return looksAlike(value, content, regions, selector, analysis) ? [pc] : [];
      });
      const [pc] = pcs;
      if (pc === undefined) continue;
      const example = strange(region, own, named, examples, analysis);
      if (example === undefined) continue;
      return [
        {
          code: 'wrong-jump',
          at: pcs,
          sentence: `what is looked for behind this check of the ${selector.name} is also looked for in packets for which it came out false, or was jumped over: there the bytes mean something else`,
          example,
        },
      ];
    }
  }
  return [];
}

function selectorsOf(link: Analysis['sets']['link']): Selector[] {
  const header = NETWORK_HEADER[link];
  if (header === undefined) return [];
  const { typeAt, at } = header;
  const fixed = (bit: number, width: number) => (variable: Variable) =>
    variable.kind === 'bits' && variable.base === undefined && variable.bit === bit && variable.width === width;
  const protocol: Selector = {
    name: 'IP protocol',
    isIt: fixed(8 * (at + 9), 8),
    from: 8 * (at + IPV4_HEADER),
    stands: ({ headers }) => headers.type === IPV4,
  };
  const type: Selector = {
    name: 'EtherType',
    isIt:
      typeAt === undefined
        ? ({ kind, ...variable }) =>
            kind === 'bits' &&
            'base' in variable &&
            variable.base?.kind === 'ancillary' &&
            variable.base.name === 'protocol'
        : fixed(8 * typeAt, 16),
    from: 8 * at,
    stands: () => true,
  };
  return [type, protocol];
}

/** What a region says of a selector, and of the bytes that it gives a meaning. */
function taken({ region }: DescribedRegion, selector: Selector, { sets: { variables } }: Analysis) {
  let own: Bound | undefined;
  const content: Bound[] = [];
  for (const bound of region) {
    const variable = variables.variable(bound.variable);
    if (selector.isIt(variable)) own = bound;
    else if (variable.kind === 'bits' && variable.base?.kind !== 'ancillary') {
      if (variable.base !== undefined || variable.bit >= selector.from) content.push(bound);
    }
  }
  return { own, content };
}

/** The first byte of the LLC header of spanning tree, SNAP and OSI routing: such frames have a length in place of an EtherType. */
const LLC = new Set([0x42, 0xaa, 0xfe]);

function isLlc({ variable, intervals }: Bound, { from }: Selector, { sets: { variables } }: Analysis): boolean {
  const known = variables.variable(variable);
  const [only] = intervals;
  if (known.kind !== 'bits' || known.base !== undefined || known.bit !== from || known.width < 8) return false;
  return only !== undefined && only[0] === only[1] && LLC.has(Math.floor(only[0] / 2 ** (known.width - 8)));
}

/** The values of a selector that are asked for one by one, each with the number of the first such check. */
function namedValues(checks: readonly Check[], selector: Selector): ReadonlyMap<number, number> {
  const named = new Map<number, number>();
  for (const { pc, condition } of checks) {
    if (condition.kind !== 'within') continue;
    const { of, intervals } = condition;
    const [only, second] = intervals;
    if (only === undefined || second !== undefined || only[0] !== only[1]) continue;
    const variable: Variable | undefined =
      of.kind === 'ancillary'
        ? { kind: 'bits', base: of, bit: 0, width: 32 }
        : of.kind === 'load' && of.index.kind === 'constant'
          ? { kind: 'bits', base: undefined, bit: 8 * of.index.value, width: 8 * of.size }
          : undefined;
    if (variable === undefined || !selector.isIt(variable) || named.has(only[0])) continue;
    // A tag is no protocol: what it stands before is looked for with and without it.
    if (!VLAN.includes(only[0])) named.set(only[0], pc);
  }
  return named;
}

/** Whether intervals hold values that are not asked for one by one. */
function holdsOthers(intervals: Intervals, named: ReadonlyMap<number, number>): boolean {
  const all = intervals.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return all > [...named.keys()].filter((value) => contains(intervals, value)).length;
}

/** Whether some region takes a value by itself. */
function isApart(value: number, regions: Analysis['regions'], selector: Selector, analysis: Analysis): boolean {
  return regions.some((region) => {
    const { own } = taken(region, selector, analysis);
    return own !== undefined && onlyNamed(own, value);
  });
}

const onlyNamed = ({ intervals }: Bound, value: number): boolean =>
  contains(intervals, value) && intervals.every(([from, to]) => from === to);

function looksAlike(
  value: number,
  content: readonly Bound[],
  regions: Analysis['regions'],
  selector: Selector,
  analysis: Analysis,
): boolean {
  const key = keyOf(content);
  return regions.some((region) => {
    const other = taken(region, selector, analysis);
    return other.own !== undefined && onlyNamed(other.own, value) && keyOf(other.content) === key;
  });
}

const keyOf = (bounds: readonly Bound[]): string =>
  bounds.map(({ variable, intervals }) => `${variable}:${intervals.join()}`).join(' ');

/** A packet of a region whose selector has none of the values that are asked for. */
function strange(
  { region }: DescribedRegion,
  own: Bound | undefined,
  named: ReadonlyMap<number, number>,
  examples: Examples,
  { sets: { variables } }: Analysis,
) {
  if (own === undefined) return examples.ofRegion(region, true);
  const intervals = without(own.intervals, [...named.keys()], variables.domainOf(own.variable) - 1);
  return examples.ofRegion(
    region.map((bound) => (bound === own ? { ...own, intervals } : bound)),
    true,
  );
}

function without(intervals: Intervals, values: readonly number[], most: number): Intervals {
  let kept = intervals.map(([from, to]) => [from, Math.min(to, most)] as const);
  for (const value of values) {
    kept = kept.flatMap(([from, to]) => {
      if (value < from || value > to) return [[from, to] as const];
      return [[from, value - 1] as const, [value + 1, to] as const].filter(([low, high]) => low <= high);
    });
  }
  return kept;
}
