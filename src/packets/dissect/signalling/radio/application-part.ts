import { Per } from '../asn1/per.ts';

const KINDS = ['initiating', 'successful', 'unsuccessful'] as const;
/** No honest message has more. */
const MOST_ELEMENTS = 256;

/** One information element: its value lies from `at` to `end`. */
export interface PartElement {
  readonly id: number;
  /** 0 reject, 1 ignore, 2 notify: what to do with one that is not understood. */
  readonly criticality: number;
  readonly at: number;
  readonly end: number;
}

/** A message of an application part of radio networks: S1AP, NGAP, X2AP, and all that are made alike. */
export interface ApplicationPart {
  readonly kind: (typeof KINDS)[number];
  readonly procedure: number;
  readonly criticality: number;
  readonly elements: readonly PartElement[];
  /** Not all could be read. */
  readonly cut: boolean;
}

/**
 * The outside of a message: which procedure, and its elements, each in a wrapping with its length.
 *
 * @see 3GPP TS 36.413, 9.3; TS 38.413, 9.4; TS 36.423, 9.3
 */
export function applicationPart(bytes: Uint8Array, at: number, end: number): ApplicationPart | undefined {
  const per = new Per(bytes, at, end);
  const extended = per.flag();
  const kind = KINDS[per.bits(2)];
  const procedure = per.number(1);
  const criticality = per.bits(2);
  if (per.failed || extended || kind === undefined) return undefined;
  const value = per.open();
  const { elements, cut } = partElements(bytes, value.at, value.end);
  return { kind, procedure, criticality, elements, cut: cut || per.failed };
}

/** Elements of a message, or of a value that is made like one: a bit, how many, and each with its length. */
export function partElements(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly elements: PartElement[]; readonly cut: boolean } {
  const per = new Per(bytes, at, end);
  per.bits(1);
  return listed(per, per.number(2));
}

/** Elements of a list, of which a byte says how many, less one. */
export function partList(bytes: Uint8Array, { at, end }: Pick<PartElement, 'at' | 'end'>): readonly PartElement[] {
  const per = new Per(bytes, at, end);
  return listed(per, per.number(1) + 1).elements;
}

function listed(per: Per, count: number): { readonly elements: PartElement[]; readonly cut: boolean } {
  const elements: PartElement[] = [];
  for (let index = 0; index < Math.min(count, MOST_ELEMENTS); index++) {
    const id = per.number(2);
    const criticality = per.bits(2);
    const value = per.open();
    if (per.failed) return { elements, cut: true };
    elements.push({ id, criticality, ...value });
  }
  return { elements, cut: per.failed || count > MOST_ELEMENTS };
}
