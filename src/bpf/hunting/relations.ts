import { formulaText } from '../formula-text.ts';
import type { Formula, Load } from '../formula.ts';
import type { DescribedRegion } from '../meaning/analysis.ts';
import type { Fact } from '../meaning/facts.ts';
import { placeOf } from '../place.ts';
import type { Variables } from '../sets/variables.ts';
import type { Place, Term } from './rule.ts';
import { spotOf } from './terms.ts';

const WRAP = 2 ** 32;

/**
 * What a Suricata rule asks for a relation of two numbers of the packet: that they are the same, or differ by a constant. Other
 * calculations it cannot compare with one.
 */
export function relationTerms(
  fact: Fact,
  protocol: number | undefined,
  region: DescribedRegion,
  variables: Variables,
): readonly Term[] | undefined {
  if (fact.role !== 'relation' || fact.value === undefined) return undefined;
  const found = relationOf(fact, region, variables);
  const left = found && placedIn(found.left, protocol, region);
  const right = found && placedIn(found.right, protocol, region);
  if (left === undefined || right === undefined || left.buffer !== right.buffer) return undefined;
  // Filters calculate modulo 2^32, rules do not: there is a sum for either case.
  const most = Math.max(256 ** left.size, 256 ** right.size);
  const by = [found!.by, found!.by - WRAP].filter((sum) => Math.abs(sum) < most);
  return by.length === 0 ? undefined : [{ kind: 'sum', buffer: left.buffer, left, right, by }];
}

/** The bound that a fact was made of, as `left = right + by`. */
function relationOf({ field, value }: Fact, { region, headers }: DescribedRegion, variables: Variables) {
  for (const { variable } of region) {
    const known = variables.variable(variable);
    if (known.kind === 'eq' && value === 1n) {
      if (field !== `${formulaText(known.left, headers)} = ${formulaText(known.right, headers)}`) continue;
      return bothLoads(known.left, known.right, 0);
    }
    if (known.kind !== 'value' || formulaText(known.of, headers) !== field) continue;
    const { of } = known;
    return of.kind === 'operation' && of.operator === 'sub' ? bothLoads(of.left, of.right, Number(value)) : undefined;
  }
  return undefined;
}

function bothLoads(left: Formula, right: Formula, by: number) {
  return left.kind === 'load' && right.kind === 'load' ? { left, right, by } : undefined;
}

function placedIn(load: Load, protocol: number | undefined, region: DescribedRegion) {
  const { layer, offset } = placeOf(load, region.headers);
  const spot = spotOf({ label: layer, bit: 8 * offset, width: 8 * load.size }, protocol, region);
  if (spot === undefined || spot.bit < 0) return undefined;
  const place: Place = { offset: spot.bit / 8, size: load.size };
  return { buffer: spot.buffer, ...place };
}
