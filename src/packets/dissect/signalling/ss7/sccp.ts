import { u16le } from '../../../../lib/endian.ts';

/** Types of messages that are told apart. */
export const SCCP = {
  CR: 1,
  CC: 2,
  CREF: 3,
  RLSD: 4,
  DT1: 6,
  DT2: 7,
  UDT: 9,
  UDTS: 10,
  XUDT: 17,
  XUDTS: 18,
  LUDT: 19,
  LUDTS: 20,
};

const CALLED = 3;
const CALLING = 4;
const USER_DATA = 15;
const SEGMENTATION = 16;
/** Optional parameters; no honest message has more. */
const MOST_OPTIONAL = 32;

/** A stretch of bytes. */
interface Range {
  readonly at: number;
  readonly end: number;
}

/** Who a message is for or from. */
export interface SccpAddress {
  /** Routed by subsystem number rather than by global title. */
  readonly bySubsystem: boolean;
  readonly pointCode: number | undefined;
  readonly subsystem: number | undefined;
  readonly title: GlobalTitle | undefined;
}

/** A number that networks route by. What its form does not carry is not there. */
export interface GlobalTitle {
  /** Its form, 1 to 4. */
  readonly indicator: number;
  readonly translation: number | undefined;
  /** 1 is the plan of telephone numbers (E.164), 6 that of mobiles (E.212), 7 both. */
  readonly plan: number | undefined;
  readonly nature: number | undefined;
  readonly digits: string;
}

/** One part of a message that came in several. */
export interface Segment {
  readonly first: boolean;
  readonly remaining: number;
  /** 24 bits that all parts share. */
  readonly reference: number;
}

export interface Sccp {
  readonly type: number;
  /** Class of the service, where the type has one. */
  readonly class: number | undefined;
  readonly called: SccpAddress | undefined;
  readonly calling: SccpAddress | undefined;
  readonly segment: Segment | undefined;
  readonly data: Range | undefined;
}

/** Where pointers begin behind the type, what each leads to, and whether the last leads to optional parameters. */
interface Shape {
  readonly class?: number;
  readonly pointers: number;
  readonly to: readonly ('called' | 'calling' | 'data' | 'optional')[];
  /** Pointers and the length of the data have two bytes, least significant first. */
  readonly long?: true;
}

const ALL = ['called', 'calling', 'data', 'optional'] as const;

const SHAPES: Readonly<Record<number, Shape>> = {
  [SCCP.CR]: { class: 4, pointers: 5, to: ['called', 'optional'] },
  [SCCP.CC]: { class: 7, pointers: 8, to: ['optional'] },
  [SCCP.CREF]: { pointers: 5, to: ['optional'] },
  [SCCP.RLSD]: { pointers: 8, to: ['optional'] },
  [SCCP.DT1]: { pointers: 5, to: ['data'] },
  [SCCP.DT2]: { pointers: 6, to: ['data'] },
  [SCCP.UDT]: { class: 1, pointers: 2, to: ['called', 'calling', 'data'] },
  [SCCP.UDTS]: { pointers: 2, to: ['called', 'calling', 'data'] },
  [SCCP.XUDT]: { class: 1, pointers: 3, to: ALL },
  [SCCP.XUDTS]: { pointers: 3, to: ALL },
  [SCCP.LUDT]: { class: 1, pointers: 3, to: ALL, long: true },
  [SCCP.LUDTS]: { pointers: 3, to: ALL, long: true },
};

/**
 * A message of SCCP. A part whose pointer leads out of the message is not there.
 *
 * @see ITU-T Q.713, 3 and 4
 */
export function sccp(bytes: Uint8Array, at: number, end: number): Sccp | undefined {
  if (at >= end) return undefined;
  const type = bytes[at]!;
  const shape = SHAPES[type];
  const parts: Partial<Record<'called' | 'calling' | 'data', Range>> = {};
  let segment: Segment | undefined;
  shape?.to.forEach((part, index) => {
    const from = at + shape.pointers + index * (shape.long === true ? 2 : 1);
    const to = follow(bytes, from, end, shape.long === true);
    if (to === undefined) return;
    if (part === 'optional') segment = optional(bytes, to, end, parts);
    else Object.assign(parts, { [part]: variable(bytes, to, end, part === 'data' && shape.long === true) });
  });
  const addressOf = (range: Range | undefined): SccpAddress | undefined =>
    range && sccpAddress(bytes, range.at, range.end);
  return {
    type,
    class: shape?.class !== undefined && at + shape.class < end ? bytes[at + shape.class]! & 0x0f : undefined,
    called: addressOf(parts.called),
    calling: addressOf(parts.calling),
    segment,
    data: parts.data,
  };
}

/** A pointer counts from its own (last) byte; 0 leads nowhere. */
function follow(bytes: Uint8Array, from: number, end: number, long: boolean): number | undefined {
  const last = long ? from + 1 : from;
  if (last >= end) return undefined;
  const distance = long ? u16le(bytes, from) : bytes[from]!;
  return distance === 0 || last + distance >= end ? undefined : last + distance;
}

/** A length and as many bytes. */
function variable(bytes: Uint8Array, at: number, end: number, long: boolean): Range | undefined {
  const from = at + (long ? 2 : 1);
  if (from > end) return undefined;
  const length = long ? u16le(bytes, at) : bytes[at]!;
  return { at: from, end: Math.min(from + length, end) };
}

/** Parameters by name, length and value, until one named 0. */
function optional(
  bytes: Uint8Array,
  at: number,
  end: number,
  parts: Partial<Record<'called' | 'calling' | 'data', Range>>,
): Segment | undefined {
  let segment: Segment | undefined;
  for (let from = at, count = 0; from + 2 <= end && bytes[from] !== 0 && count < MOST_OPTIONAL; count++) {
    const range = variable(bytes, from + 1, end, false)!;
    const name = bytes[from]!;
    if (name === CALLED) parts.called ??= range;
    if (name === CALLING) parts.calling ??= range;
    if (name === USER_DATA) parts.data ??= range;
    if (name === SEGMENTATION && range.end - range.at >= 4) segment ??= segmentAt(bytes, range.at);
    from = range.end;
  }
  return segment;
}

function segmentAt(bytes: Uint8Array, at: number): Segment {
  return {
    first: (bytes[at]! & 0x80) !== 0,
    remaining: bytes[at]! & 0x0f,
    reference: (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!,
  };
}

/**
 * An address, in the order of ITU-T, or in that of ANSI where its first bit says that it is national.
 *
 * @see ITU-T Q.713, 3.4; ANSI T1.112.3
 */
export function sccpAddress(bytes: Uint8Array, at: number, end: number): SccpAddress | undefined {
  if (at >= end) return undefined;
  const first = bytes[at]!;
  const national = (first & 0x80) !== 0;
  let from = at + 1;
  const take = (present: boolean, size: number): number | undefined => {
    if (!present || from + size > end) return undefined;
    let value = 0;
    for (let index = size - 1; index >= 0; index--) value = (value << 8) | bytes[from + index]!;
    from += size;
    return value;
  };
  let pointCode: number | undefined;
  let subsystem: number | undefined;
  if (national) {
    subsystem = take((first & 1) !== 0, 1);
    pointCode = take((first & 2) !== 0, 3);
  } else {
    pointCode = take((first & 1) !== 0, 2);
    subsystem = take((first & 2) !== 0, 1);
  }
  const indicator = (first >> 2) & 0x0f;
  const title = indicator === 0 ? undefined : globalTitle(bytes, from, end, indicator, national);
  return { bySubsystem: (first & 0x40) !== 0, pointCode, subsystem, title };
}

function globalTitle(
  bytes: Uint8Array,
  at: number,
  end: number,
  indicator: number,
  national: boolean,
): GlobalTitle | undefined {
  // What stands before the digits: nature alone; translation alone; translation and plan; those and nature.
  // Of ANSI only the first two forms exist: translation and plan, and translation alone.
  const form = national && indicator === 1 ? 3 : indicator;
  const size = [0, 1, 1, 2, 3][form];
  if (size === undefined || at + size > end) return undefined;
  const plan = form >= 3 ? bytes[at + 1]! : undefined;
  const nature = form === 1 ? bytes[at]! : form === 4 ? bytes[at + 2]! : undefined;
  const odd = form === 1 ? (nature! & 0x80) !== 0 : plan !== undefined && (plan & 0x0f) === 1;
  return {
    indicator,
    translation: form === 1 ? undefined : bytes[at]!,
    plan: plan === undefined ? undefined : plan >> 4,
    nature: nature === undefined ? undefined : nature & 0x7f,
    digits: digitsOf(bytes, at + size, end, odd),
  };
}

/** Two digits a byte, the lower half first; `odd` leaves the last half out. Digits beyond 9 as hexadecimal. */
function digitsOf(bytes: Uint8Array, at: number, end: number, odd: boolean): string {
  let digits = '';
  for (let from = at; from < end; from++) digits += (bytes[from]! & 15).toString(16) + (bytes[from]! >> 4).toString(16);
  return odd ? digits.slice(0, -1) : digits;
}
