const RANGE = /\[(?:(\d{1,9}):(\d{1,9})|([a-z]):([a-z])|([A-Z]):([A-Z]))(?::([1-9]\d{0,4}))?\]/;
/** More ranges in one name are no network of anybody. */
const RANGES = 4;

/**
 * The names that a pattern with ranges stands for: `hss[01:40]`, `hss-[a:f]`, `hss[0:10:5]`, with leading zeros kept and both
 * ends included.
 *
 * @returns Undefined where the ranges name nothing, or more than `limit`.
 */
export function hostsOf(pattern: string, limit: number): readonly string[] | undefined {
  let names = [pattern];
  for (let round = 0; round < RANGES; round++) {
    const range = RANGE.exec(names[0] ?? '');
    if (range === null) return names.length > limit ? undefined : names;
    const values = valuesOf(range, limit);
    if (values === undefined || values.length * names.length > limit) return undefined;
    names = names.flatMap((name) => values.map((value) => name.replace(RANGE, value)));
  }
  return RANGE.test(names[0] ?? '') ? undefined : names;
}

function valuesOf(range: RegExpExecArray, limit: number): string[] | undefined {
  const [, from, to, low, high, upperLow, upperHigh, step = '1'] = range;
  const [first = '', last = ''] = [from ?? low ?? upperLow, to ?? high ?? upperHigh];
  const numbers = from !== undefined;
  const [begin, end] = numbers ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const count = Math.floor((end - begin) / Number(step)) + 1;
  if (count < 1 || count > limit) return undefined;
  const width = first.startsWith('0') ? first.length : 0;
  return Array.from({ length: count }, (_, index) => {
    const value = begin + index * Number(step);
    return numbers ? String(value).padStart(width, '0') : String.fromCharCode(value);
  });
}
