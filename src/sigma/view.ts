import { foldCase } from '../lib/fold.ts';
import { isUnseen } from '../model/unseen.ts';
import { isObject, valueText } from './event.ts';
import type { EventObject, SigmaEvent } from './event.ts';

/** What an event holds under one name: no value, one, or the members of a list. */
export interface Found {
  /** Whether the name is there, whatever it holds: null and an empty list too. */
  readonly exists: boolean;
  readonly hasNull: boolean;
  /** Whether something under the name could not be read. */
  readonly hasUnseen: boolean;
  readonly texts: readonly string[];
  /** The texts without differences of case, in the same order. */
  readonly folded: readonly string[];
}

const MISSING: Found = { exists: false, hasNull: false, hasUnseen: false, texts: [], folded: [] };

/**
 * One event after the other, as rules look at it: each field is resolved and folded once, however many rules ask for it.
 * Fields go by number, their index in `fields`.
 */
export class EventView {
  readonly #fields: readonly string[];
  readonly #found: (Found | undefined)[];
  #event: SigmaEvent = '';
  #whole: Found | undefined;
  #blanks: ReadonlyMap<string, string> | undefined;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    this.#found = Array.from(fields, () => undefined);
  }

  /** Turns to another event. */
  show(event: SigmaEvent): this {
    this.#event = event;
    this.#whole = undefined;
    this.#blanks = undefined;
    this.#found.fill(undefined);
    return this;
  }

  field(index: number): Found {
    return (this.#found[index] ??= this.#find(this.#fields[index] ?? ''));
  }

  /** Every value of the event, as keywords see it. Names of fields are no values. */
  whole(): Found {
    return (this.#whole ??= gather([this.#event], true));
  }

  /**
   * The exact name comes first, then the path that its dots make, of which a part may be written flat; then the name of a
   * field that differs by blanks alone. Only own properties count. On the way, a list means any of its members.
   */
  #find(name: string): Found {
    const event = this.#event;
    if (typeof event === 'string') return MISSING;
    let values = follow(event, name);
    if (values === undefined) {
      const blank = (this.#blanks ??= namesWithBlanks(event)).get(name);
      values = blank === undefined ? undefined : [event[blank]];
    }
    return values === undefined ? MISSING : gather(values, false);
  }
}

/** The values at the end of a path, or undefined when nothing is there. */
function follow(value: unknown, path: string): readonly unknown[] | undefined {
  if (Array.isArray(value)) return followMembers(value, path);
  if (isUnseen(value)) return [value];
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, path)) return [value[path]];
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot);
    const values = Object.hasOwn(value, head) ? follow(value[head], path.slice(dot + 1)) : undefined;
    if (values !== undefined) return values;
  }
  return undefined;
}

function followMembers(members: readonly unknown[], path: string): readonly unknown[] | undefined {
  const found: unknown[] = [];
  let exists = false;
  const open: unknown[] = [...members].reverse();
  while (open.length > 0) {
    const member = open.pop();
    if (Array.isArray(member)) {
      for (let index = member.length - 1; index >= 0; index--) open.push(member[index]);
      continue;
    }
    const values = follow(member, path);
    if (values === undefined) continue;
    exists = true;
    for (const value of values) found.push(value);
  }
  return exists ? found : undefined;
}

/** The names of an event that have blanks, by the name without them. */
function namesWithBlanks(event: EventObject): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of Object.keys(event)) if (name.includes(' ')) names.set(name.replaceAll(' ', ''), name);
  return names;
}

/** Sorts values and the members of lists by what they are. Walks without recursion: an event may be nested as deep as it likes. */
function gather(values: readonly unknown[], objects: boolean): Found {
  const texts: string[] = [];
  let hasNull = false;
  let hasUnseen = false;
  const open: unknown[] = [...values];
  while (open.length > 0) {
    const value = open.pop();
    const text = valueText(value);
    if (text !== undefined) texts.push(text);
    else if (value === null) hasNull = true;
    else if (isUnseen(value)) hasUnseen = true;
    else if (Array.isArray(value)) for (const member of value) open.push(member);
    else if (objects && isObject(value)) for (const key of Object.keys(value)) open.push(value[key]);
  }
  let folded: readonly string[] | undefined;
  return {
    exists: true,
    hasNull,
    hasUnseen,
    texts,
    get folded() {
      return (folded ??= texts.map(foldCase));
    },
  };
}
