import type { Fact } from '../meaning/facts.ts';
import { valueText } from '../meaning/value-text.ts';
import { complement, type Intervals } from '../sets/intervals.ts';

/** What all packets of a region have in one field. Numbers of up to 32 bits are numbers, wider values hexadecimal text. */
export interface BoundRecord {
  readonly field: string;
  readonly op: '=' | '!=' | '>=' | '<=' | 'in' | 'not in';
  /** One number or, for `in` and `not in`, intervals with both ends. */
  readonly value: number | string | Intervals;
  /** Hexadecimal: `op` compares the field under this mask. */
  readonly mask?: string;
  /** The value as people write it, where that is another spelling: an address, a word of a payload. */
  readonly text?: string;
}

/** The greatest number that a length, or a formula, comes to. */
const GREATEST = 0xffffffff;
const LONGEST = 0xffff;

export function boundRecord(fact: Fact): BoundRecord {
  const { field, value, mask, width, intervals } = fact;
  if (value !== undefined) {
    const plain = width <= 32 ? Number(value) : hex(value, width);
    const text = valueText(value, fact);
    const spelled = text.startsWith('0x') || text === String(value) ? undefined : text;
    return {
      field,
      op: '=',
      value: plain,
      ...(mask === undefined ? {} : { mask: hex(mask, width) }),
      ...(spelled === undefined ? {} : { text: spelled }),
    };
  }
  const most = width > 0 ? 2 ** width - 1 : fact.role === 'length' ? LONGEST : GREATEST;
  const [first, second] = intervals;
  if (first !== undefined && second === undefined) {
    if (first[1] >= most) return { field, op: '>=', value: first[0] };
    if (first[0] === 0) return { field, op: '<=', value: first[1] };
  }
  const excluded = complement(intervals, most);
  const [only, more] = excluded;
  if (only !== undefined && more === undefined && only[0] === only[1]) return { field, op: '!=', value: only[0] };
  return excluded.length < intervals.length
    ? { field, op: 'not in', value: excluded }
    : { field, op: 'in', value: intervals };
}

function hex(value: bigint, width: number): string {
  return value.toString(16).padStart(2 * Math.ceil(width / 8), '0');
}
