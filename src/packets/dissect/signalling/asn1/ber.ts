/** Values lie in each other no deeper than this. */
const MOST_DEEP = 32;
/** No honest value has more parts. */
const MOST_PARTS = 4096;

/** Class of a tag. */
export const UNIVERSAL = 0;
export const APPLICATION = 1;
export const CONTEXT = 2;
export const PRIVATE = 3;

/** One value: its content lies from `at` to `end`, what follows begins at `next`. */
export interface Ber {
  readonly class: number;
  readonly constructed: boolean;
  readonly tag: number;
  readonly at: number;
  readonly end: number;
  readonly next: number;
}

/**
 * The value that begins at `at`, by the basic encoding rules. One that says it is longer than there are bytes ends with them.
 *
 * @see ITU-T X.690, 8.1
 */
export function berValue(bytes: Uint8Array, at: number, end: number): Ber | undefined {
  return valueAt(bytes, at, end, 0);
}

/** The values from `at` to `end`, one behind the other. */
export function berValues(bytes: Uint8Array, at: number, end: number): Ber[] {
  const values: Ber[] = [];
  for (let from = at; from < end && values.length < MOST_PARTS;) {
    const value = berValue(bytes, from, end);
    if (value === undefined || isEnd(bytes, value)) break;
    values.push(value);
    from = value.next;
  }
  return values;
}

/** A whole number of at most four bytes. */
export function berInteger(bytes: Uint8Array, { at, end }: Ber): number | undefined {
  if (at >= end || end - at > 4) return undefined;
  let value = (bytes[at]! << 24) >> 24;
  for (let from = at + 1; from < end; from++) value = value * 256 + bytes[from]!;
  return value;
}

/** An object identifier, such as `0.4.0.0.1.0.1.2`. */
export function berObjectId(bytes: Uint8Array, { at, end }: Ber): string | undefined {
  if (at >= end || (bytes[end - 1]! & 0x80) !== 0) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  for (let from = at; from < end; from++) {
    arc = arc * 128 + (bytes[from]! & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) return undefined;
    if ((bytes[from]! & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - 40 * root);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

function valueAt(bytes: Uint8Array, at: number, end: number, depth: number): Ber | undefined {
  if (at + 2 > end || depth > MOST_DEEP) return undefined;
  const first = bytes[at]!;
  let from = at + 1;
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let count = 0; ; count++) {
      if (from >= end || count === 4) return undefined;
      const part = bytes[from++]!;
      tag = tag * 128 + (part & 0x7f);
      if ((part & 0x80) === 0) break;
    }
    if (from >= end) return undefined;
  }
  const head = { class: first >> 6, constructed: (first & 0x20) !== 0, tag };
  let length = bytes[from++]!;
  if (length === 0x80) return head.constructed ? endless(bytes, from, end, head, depth) : undefined;
  if (length > 0x80) {
    const size = length & 0x7f;
    if (size > 4 || from + size > end) return undefined;
    length = 0;
    for (const stop = from + size; from < stop; from++) length = length * 256 + bytes[from]!;
  }
  const to = Math.min(from + length, end);
  return { ...head, at: from, end: to, next: to };
}

/** A value without a length goes on until two zeros. */
function endless(
  bytes: Uint8Array,
  at: number,
  end: number,
  head: Pick<Ber, 'class' | 'constructed' | 'tag'>,
  depth: number,
): Ber {
  let from = at;
  for (let count = 0; from < end && count < MOST_PARTS; count++) {
    const part = valueAt(bytes, from, end, depth + 1);
    if (part === undefined) break;
    if (isEnd(bytes, part)) return { ...head, at, end: from, next: part.next };
    from = part.next;
  }
  return { ...head, at, end, next: end };
}

const isEnd = (bytes: Uint8Array, value: Ber): boolean =>
  value.class === UNIVERSAL && value.tag === 0 && value.at === value.end && bytes[value.at - 1] === 0;
