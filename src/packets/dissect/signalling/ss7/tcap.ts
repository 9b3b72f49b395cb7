import {
  APPLICATION,
  berInteger,
  berObjectId,
  berValue,
  berValues,
  CONTEXT,
  UNIVERSAL,
  type Ber,
} from '../asn1/ber.ts';

const MESSAGES: Readonly<Record<number, TcapMessage['kind']>> = {
  1: 'unidirectional',
  2: 'begin',
  4: 'end',
  5: 'continue',
  7: 'abort',
};

const COMPONENTS: Readonly<Record<number, TcapComponent['kind']>> = {
  1: 'invoke',
  2: 'return_result',
  3: 'return_error',
  4: 'reject',
  7: 'return_result_not_last',
};

const ORIGIN = 8;
const DESTINATION = 9;
const DIALOGUE = 11;
const PORTION = 12;

/** What one side asks of the other, or its answer. It lies from `at` to `end`, with its tag. */
export interface TcapComponent {
  readonly kind: 'invoke' | 'return_result' | 'return_error' | 'reject' | 'return_result_not_last';
  readonly id: number | undefined;
  /** The number of the operation, of an error its own. */
  readonly operation: number | undefined;
  readonly at: number;
  readonly end: number;
}

export interface TcapMessage {
  readonly kind: 'unidirectional' | 'begin' | 'end' | 'continue' | 'abort';
  /** Identifiers of the transaction, as hexadecimal digits. */
  readonly origin: string | undefined;
  readonly destination: string | undefined;
  /** What the dialogue is about, as an object identifier: `0.4.0.0.1.0.x.y` is of MAP. */
  readonly context: string | undefined;
  readonly components: readonly TcapComponent[];
}

/**
 * A message of TCAP as ITU-T has it; that of ANSI is none.
 *
 * @see ITU-T Q.773
 */
export function tcap(bytes: Uint8Array, at: number, end: number): TcapMessage | undefined {
  const message = berValue(bytes, at, end);
  const kind = message?.class === APPLICATION ? MESSAGES[message.tag] : undefined;
  if (message === undefined || kind === undefined) return undefined;
  const parts = berValues(bytes, message.at, message.end).filter((part) => part.class === APPLICATION);
  const part = (tag: number): Ber | undefined => parts.find((value) => value.tag === tag);
  const dialogue = part(DIALOGUE);
  const portion = part(PORTION);
  return {
    kind,
    origin: identifier(bytes, part(ORIGIN)),
    destination: identifier(bytes, part(DESTINATION)),
    context: dialogue && contextOf(bytes, dialogue),
    components: portion === undefined ? [] : componentsOf(bytes, portion),
  };
}

function identifier(bytes: Uint8Array, value: Ber | undefined): string | undefined {
  if (value === undefined || value.end - value.at > 8) return undefined;
  return Buffer.from(bytes.subarray(value.at, value.end)).toString('hex');
}

/** The dialogue is an external value that holds a request or its answer, whose element 1 names the context. */
function contextOf(bytes: Uint8Array, dialogue: Ber): string | undefined {
  const inside = (value: Ber | undefined, tag: number, family: number): Ber | undefined =>
    value && berValues(bytes, value.at, value.end).find((part) => part.tag === tag && part.class === family);
  const single = inside(inside(dialogue, 8, UNIVERSAL), 0, CONTEXT);
  const request = single && berValue(bytes, single.at, single.end);
  const name = inside(inside(request, 1, CONTEXT), 6, UNIVERSAL);
  return name && berObjectId(bytes, name);
}

function componentsOf(bytes: Uint8Array, portion: Ber): TcapComponent[] {
  const components: TcapComponent[] = [];
  for (let from = portion.at; from < portion.end;) {
    const value = berValue(bytes, from, portion.end);
    const kind = value?.class === CONTEXT ? COMPONENTS[value.tag] : undefined;
    if (value === undefined || kind === undefined) break;
    const numbers = berValues(bytes, value.at, value.end);
    const id = numbers[0];
    components.push({
      kind,
      id: id?.tag === 2 && id.class === UNIVERSAL ? berInteger(bytes, id) : undefined,
      operation: operationOf(bytes, kind, numbers),
      at: from,
      end: value.next,
    });
    from = value.next;
  }
  return components;
}

function operationOf(bytes: Uint8Array, kind: TcapComponent['kind'], parts: readonly Ber[]): number | undefined {
  if (kind === 'reject') return undefined;
  const result = kind === 'return_result' || kind === 'return_result_not_last';
  // A result has its operation in a sequence; an invocation may name another that it belongs to, as element 0, first.
  const sequence = result ? parts[1] : undefined;
  const numbers = result
    ? sequence && sequence.tag === 16
      ? berValues(bytes, sequence.at, sequence.end)
      : []
    : parts.slice(1);
  const number = numbers.find((part) => part.class === UNIVERSAL);
  return number?.tag === 2 ? berInteger(bytes, number) : undefined;
}
