/**
 * What a rule is tried on: an object as a log or a parser has it, or a line of text, in which only keywords are sought.
 *
 * A number of which a double would change the text is a raw JSON number, as {@link parseEvent} makes it.
 */
export type SigmaEvent = string | EventObject;

export type EventObject = Readonly<Record<string, unknown>>;

/** A number that keeps its source text: what `JSON.rawJSON` makes. `JSON.stringify` writes it as it was read. */
interface RawNumber {
  readonly rawJSON: string;
}

// In the language since 2025; the compiler's library does not have them yet.
const json = JSON as unknown as {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

// A number that may not come back as it was written: a fraction, an exponent, 16 digits or more, or a negative zero.
const INEXACT = /[:,[]\s*(?:-?(?:\d{16,}(?:\.\d+)?|\d{1,15}\.\d+|\d{1,15}(?=[eE]))(?:[eE][+-]?\d+)?|-0)\s*[,}\]]/;

/**
 * Reads one JSON event. Numbers keep all their digits.
 *
 * @throws {SyntaxError} When the text is no JSON object or JSON text, {RangeError} when it is nested too deep.
 */
export function parseEvent(text: string): SigmaEvent {
  const value: unknown = INEXACT.test(text) ? json.parse(text, keepSource) : JSON.parse(text);
  if (typeof value === 'string' || isObject(value)) return value;
  throw new SyntaxError('an event is a JSON object or a JSON text');
}

function keepSource(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value;
}

/** Whether a value is an object with fields: no list, no number that keeps its text, and not unseen. */
export function isObject(value: unknown): value is EventObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !json.isRawJSON(value);
}

/** The text that a value is compared as. Undefined for null, lists and objects, which have none. */
export function valueText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return json.isRawJSON(value) ? value.rawJSON : undefined;
  }
}
