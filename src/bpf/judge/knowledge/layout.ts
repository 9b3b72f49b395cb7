/** A byte that is compared, as far as it is. `mask` has the bits that count. */
export interface Part {
  readonly value: number;
  readonly mask: number;
}

/** What the bytes of a field may be; a byte that is not compared is undefined. `loose`: so much that it tells no protocol. */
export interface Allowed {
  (parts: readonly (Part | undefined)[]): boolean;
  readonly loose?: true;
}

/**
 * What a place of a documented protocol holds:
 * - `structure`: a type, code, version, flag or text of the protocol, which anybody can look up;
 * - `selector`: the name or number of one session, name, account or request: chosen by a peer, yet known to whoever looks for it;
 * - `identity`: an address, or what a host fills in to see its own packets again.
 */
export type Use = 'structure' | 'selector' | 'identity';

export interface Field {
  /** Bytes from the beginning of the layout. */
  readonly at: number;
  readonly size: number;
  readonly use: Use;
  /** Where it is given and does not hold, the packet is none of this protocol. */
  readonly allowed?: Allowed;
}

export interface Layout {
  /** Class word of a filter for it. */
  readonly name: string;
  readonly fields: readonly Field[];
  /** Ports that it is known by, at either end. */
  readonly ports?: readonly number[];
  /** What its packets have in common tells it without the port. */
  readonly marked?: true;
}

type Row = readonly [at: number, size: number, use: Use, allowed?: Allowed];

export const fieldsOf = (rows: readonly Row[]): readonly Field[] =>
  rows.map(([at, size, use, allowed]) => ({ at, size, use, ...(allowed && { allowed }) }));

/** One of some values, each in hex and as long as the field, or longer. */
export const oneOf =
  (...values: readonly string[]): Allowed =>
  (parts) =>
    values.some((value) => parts.every((part, at) => agrees(part, parseInt(value.slice(2 * at, 2 * at + 2), 16))));

/** So many letters of a word say which one it is. */
const TELLING = 3;

/** One of some texts. Behind a shorter one stands other text, once the filter has asked for that one. */
export const words =
  (...texts: readonly string[]): Allowed =>
  (parts) =>
    texts.some((text) => {
      const known = parts.filter((part, at) => at < text.length && part?.mask === 0xff).length;
      return parts.every((part, at) =>
        at < text.length
          ? agrees(part, text.charCodeAt(at))
          : part === undefined || (known >= Math.min(text.length, TELLING) && isTextual(part)),
      );
    });

/** A number of no more than `most`; bits that are not compared count as zero. */
export const upTo = (most: number): Allowed =>
  loosely(
    (parts) => parts.reduce((sum, part) => sum * 256 + (part === undefined ? 0 : part.value & part.mask), 0) <= most,
  );

/** Every byte that is compared is of a kind. */
export const each = (kind: (byte: number) => boolean): Allowed =>
  loosely((parts) => parts.every((part) => part === undefined || part.mask === 0 || kind(part.value)));

/** Says of a test that much passes it. */
export function loosely(allowed: Allowed): Allowed {
  return Object.assign((parts: readonly (Part | undefined)[]) => allowed(parts), { loose: true as const });
}

function agrees(part: Part | undefined, byte: number): boolean {
  return part === undefined || Number.isNaN(byte) || ((part.value ^ byte) & part.mask) === 0;
}

/** Printable, or the end of a line or of a text; bits of a byte may be of any. */
function isTextual({ value, mask }: Part): boolean {
  return mask !== 0xff || printableByte(value) || [0, 9, 10, 13].includes(value);
}

const between = (byte: number, from: string, to: string): boolean =>
  byte >= from.charCodeAt(0) && byte <= to.charCodeAt(0);

/** Letters, digits, and the lengths of labels in between. */
export const hostNameByte = (byte: number): boolean =>
  byte < 0x20 ||
  byte === 0x2d ||
  byte === 0x5f ||
  between(byte, '0', '9') ||
  between(byte, 'A', 'Z') ||
  between(byte, 'a', 'z');

export const printableByte = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
