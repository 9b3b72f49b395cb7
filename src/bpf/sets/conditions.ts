import type { Formula } from '../formula.ts';
import { ACCEPT, REJECT, type Diagram, type Diagrams } from './diagram.ts';
import type { Condition } from './condition.ts';
import {
  clipped,
  contains,
  divided,
  mirrored,
  moved,
  multiplied,
  normalized,
  repeated,
  xored,
  type Intervals,
} from './intervals.ts';
import { AREAS, LONGEST_PACKET, spotOf } from './place.ts';
import { slicesOf, type Slice } from './slices.ts';
import { REST_BIAS, type BitRange, type Variables } from './variables.ts';

/** More stretches than this of a remainder, or of low bits, are kept as one question. */
const MOST_STRETCHES = 64;
const WORD = 0xffffffff;

/** The bits that a condition looks at by themselves. */
export function rangesOf(condition: Condition): readonly BitRange[] {
  const ranges: BitRange[] = [];
  if (condition.kind === 'within') addRanges(condition.of, ranges);
  return ranges;
}

function addRanges(formula: Formula, ranges: BitRange[]): void {
  const slices = slicesOf(formula);
  if (slices !== undefined) {
    for (const slice of slices) if (slice.bits !== undefined) ranges.push(slice.bits);
  } else if (formula.kind === 'operation') {
    addRanges(formula.left, ranges);
    addRanges(formula.right, ranges);
  }
}

/** The packets for which a condition holds, as a diagram over `variables`. */
export function diagramOf(
  condition: Condition,
  { variables, diagrams }: { variables: Variables; diagrams: Diagrams },
): Diagram {
  const value = (of: Formula, intervals: Intervals): Diagram =>
    diagrams.within(variables.numberOf({ kind: 'value', of }), intervals);

  const relation = (kind: 'eq' | 'gt' | 'common', left: Formula, right: Formula): Diagram => {
    const [one, other] = kind !== 'gt' && left.id > right.id ? [right, left] : [left, right];
    return diagrams.within(variables.numberOf({ kind, left: one, right: other }), [[1, 1]]);
  };

  const within = (formula: Formula, wanted: Intervals): Diagram => {
    const intervals = clipped(wanted, 0, formula.bits);
    const first = intervals[0];
    if (first === undefined) return REJECT;
    if (first[0] === 0 && first[1] === formula.bits) return ACCEPT;
    if (formula.kind === 'constant') return contains(intervals, formula.value) ? ACCEPT : REJECT;
    if (formula.kind === 'length') return diagrams.within(variables.numberOf({ kind: 'length' }), intervals);
    const slices = slicesOf(formula);
    if (slices !== undefined) return ofSlices(partsOf(slices, variables), 0, 32, intervals);
    return formula.kind === 'operation' ? ofOperation(formula, intervals) : value(formula, intervals);
  };

  const ofOperation = (formula: Extract<Formula, { kind: 'operation' }>, intervals: Intervals): Diagram => {
    const { operator, left, right } = formula;
    if (right.kind !== 'constant') {
      const onlyZero = intervals.length === 1 && intervals[0]?.[1] === 0;
      if (onlyZero && (operator === 'sub' || operator === 'xor')) return relation('eq', left, right);
      if (onlyZero && operator === 'and') return diagrams.not(relation('common', left, right));
      if (onlyZero && operator === 'or') return diagrams.and(within(left, [[0, 0]]), within(right, [[0, 0]]));
      if (operator === 'sub' && left.kind === 'constant') return within(right, mirrored(intervals, left.value));
      return value(formula, intervals);
    }
    const c = right.value;
    switch (operator) {
      case 'add':
        return within(left, moved(intervals, -c));
      case 'xor':
        return within(left, xored(intervals, c));
      case 'div':
        return within(left, multiplied(intervals, c, WORD));
      case 'rsh':
        return within(left, multiplied(intervals, 2 ** c, WORD));
      case 'mul':
        if (left.bits * c <= WORD) return within(left, divided(intervals, c));
        return value(formula, intervals);
      case 'lsh':
        if (left.bits * 2 ** c <= WORD) return within(left, divided(intervals, 2 ** c));
        return value(formula, intervals);
      case 'mod':
      case 'and': {
        const divisor = operator === 'mod' ? c : (c & (c + 1)) === 0 ? c + 1 : undefined;
        const stretches = divisor === undefined ? undefined : repeated(intervals, divisor, left.bits, MOST_STRETCHES);
        return stretches === undefined ? value(formula, intervals) : within(left, stretches);
      }
      default:
        return value(formula, intervals);
    }
  };

  /** The packets whose bits from part `at` on, `width` of them, make a number in one of the intervals. */
  const ofSlices = (parts: readonly Part[], at: number, width: number, intervals: Intervals): Diagram => {
    const first = intervals[0];
    if (first === undefined) return REJECT;
    if (first[0] === 0 && first[1] >= 2 ** width - 1) return ACCEPT;
    const part = parts[at];
    if (part === undefined) return REJECT;
    const rest = width - part.width;
    const low = 2 ** rest;
    if (part.variable === undefined) return ofSlices(parts, at + 1, rest, lowered(intervals, part.value, low));
    if (rest === 0) return diagrams.within(part.variable, intervals);
    const borders = new Set([0]);
    for (const [from, to] of intervals) {
      for (const end of [from, to]) borders.add(Math.floor(end / low)).add(Math.floor(end / low) + 1);
    }
    const starts = [...borders].filter((start) => start < 2 ** part.width).sort((a, b) => a - b);
    const next = starts.map((start) => ofSlices(parts, at + 1, rest, lowered(intervals, start, low)));
    if (next.every((to) => (diagrams.variableOf(to) ?? Infinity) > (part.variable ?? 0))) {
      return diagrams.node(part.variable, starts, next);
    }
    let made: Diagram = REJECT;
    starts.forEach((start, index) => {
      const here = diagrams.within(part.variable!, [[start, (starts[index + 1] ?? Infinity) - 1]]);
      made = diagrams.choose(here, next[index]!, made);
    });
    return made;
  };

  switch (condition.kind) {
    case 'within':
      return within(condition.of, normalized(condition.intervals));
    case 'relation':
      return relation(condition.operator, condition.left, condition.right);
    case 'plain':
      return diagrams.not(within(condition.index, AREAS));
    case 'fits': {
      const { index, size } = condition;
      const { base, offset } = spotOf(index);
      if (base === undefined) {
        return diagrams.within(variables.numberOf({ kind: 'length' }), [[offset + size, LONGEST_PACKET]]);
      }
      if (base.bits > LONGEST_PACKET) {
        return diagrams.within(variables.numberOf({ kind: 'fits', left: index, size }), [[1, 1]]);
      }
      const reaches = diagrams.within(variables.numberOf({ kind: 'rest', base }), [
        [Math.max(0, offset + size + REST_BIAS), REST_BIAS + LONGEST_PACKET],
      ]);
      return offset < 0 ? diagrams.and(within(base, [[-offset, WORD]]), reaches) : reaches;
    }
  }
}

interface Part {
  readonly width: number;
  readonly variable: number | undefined;
  /** Of a part that is known. */
  readonly value: number;
}

function partsOf(slices: readonly Slice[], variables: Variables): Part[] {
  const parts: Part[] = [];
  for (const { bits, width, value } of slices) {
    if (bits === undefined) parts.push({ width, variable: undefined, value });
    else {
      for (const variable of variables.partsOf(bits)) {
        const known = variables.variable(variable);
        parts.push({ width: known.kind === 'bits' ? known.width : 0, variable, value: 0 });
      }
    }
  }
  return parts;
}

/** What the lower bits may be where the higher ones make the number `high`; there are `low` numbers of lower bits. */
function lowered(intervals: Intervals, high: number, low: number): Intervals {
  const start = high * low;
  const kept = clipped(intervals, start, start + low - 1);
  return start === 0 ? kept : kept.map((interval) => [interval[0] - start, interval[1] - start]);
}
