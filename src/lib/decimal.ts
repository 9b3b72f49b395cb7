const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d{1,400}$/;

/** A number that has kept its text, so that integers above 2^53 compare by all their digits. */
export interface Decimal {
  readonly number: number;
  /** There when the text is an integer that a double may not hold. */
  readonly integer: bigint | undefined;
}

/** Reads a decimal number: digits with an optional sign, fraction and exponent. Anything else, also `''` and `0x10`, is undefined. */
export function decimalOf(text: string): Decimal | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const number = Number(text);
  const integer = !Number.isSafeInteger(number) && INTEGER.test(text) ? BigInt(text.replace('+', '')) : undefined;
  return { number, integer };
}

/** Below 0, 0 or above 0 as `one` is smaller than, equal to or larger than `other`. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  if (one.integer === undefined && other.integer === undefined) return order(one.number, other.number);
  const exact = [one, other].map(({ integer, number }) =>
    integer !== undefined ? integer : Number.isSafeInteger(number) ? BigInt(number) : number,
  ) as [bigint | number, bigint | number];
  return order(...exact);
}

function order(one: bigint | number, other: bigint | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
