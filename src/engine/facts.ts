import type { ObservationKind } from '../model/observations/index.ts';
import type { Parsed, Parser } from '../model/parser.ts';

/** A parser of an artifact that was read as it came, being too large for memory: it yields the facts that were made of it. */
export function parserOfFacts<K extends ObservationKind>(
  id: string,
  name: string,
  kinds: readonly K[],
  facts: readonly Parsed<K>[],
): Parser {
  return {
    id,
    summary: '',
    reads: [name],
    yields: kinds,
    parse: () => facts as readonly Parsed<ObservationKind>[],
  };
}
