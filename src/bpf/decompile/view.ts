import { SIGNS, sumOf, type Ancillary, type Formula, type Load } from '../formula.ts';
import { arithmetic, load, type LoadProtocol, type Term } from '../pcap/expression.ts';

/** How what a program loads is written: each load as bytes of some header. */
export interface View {
  load(load: Load): Term | undefined;
  ancillary(ancillary: Ancillary): Term | undefined;
}

/** A formula as a term of the pcap-filter language; undefined where it has no such form. */
export function termOf(formula: Formula, view: View): Term | undefined {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'length':
      return 'len';
    case 'unknown':
      return undefined;
    case 'ancillary':
      return view.ancillary(formula);
    case 'load':
      return view.load(formula);
    case 'operation': {
      const left = termOf(formula.left, view);
      const right = termOf(formula.right, view);
      if (left === undefined || right === undefined) return undefined;
      return formula.operator === 'add' && typeof right === 'number'
        ? moved(left, right)
        : arithmetic(SIGNS[formula.operator], left, right);
    }
  }
}

/** A term with a constant added, modulo 2^32; one of the upper half is written as a difference. */
export function moved(term: Term, by: number): Term {
  const word = by >>> 0;
  if (word === 0) return term;
  if (typeof term === 'number') return (term + word) >>> 0;
  return word > 0x7fffffff ? arithmetic('-', term, 2 ** 32 - word) : arithmetic('+', term, word);
}

/**
 * Bytes counted from the start of the packet.
 *
 * @param shift Bytes that the packet of the expression has before that of the program.
 * @param protocolAt Where the packet of the expression keeps the EtherType that the program asks the kernel for.
 */
export function packetView(shift: number, protocolAt: number | undefined): View {
  const view: View = {
    load: ({ index, size }) => {
      const at = indexTerm(index, shift, view);
      return at === undefined ? undefined : load('ether', at, size);
    },
    ancillary: ({ name }) =>
      name === 'protocol' && protocolAt !== undefined ? load('ether', protocolAt, 2) : undefined,
  };
  return view;
}

function indexTerm(index: Formula, shift: number, view: View): Term | undefined {
  const term = termOf(index, view);
  if (term === undefined || typeof term === 'number') return term === undefined ? undefined : (term + shift) >>> 0;
  if (index.kind === 'operation' && index.operator === 'add' && index.right.kind === 'constant') {
    const base = termOf(index.left, view);
    return base === undefined ? undefined : moved(base, index.right.value + shift);
  }
  return moved(term, shift);
}

/** Whether a formula is the length in bytes of the IPv4 header that begins at `network`: `4 * ([network] & 0xf)`. */
export function isHeaderLength(formula: Formula, network: number): boolean {
  if (formula.kind !== 'operation' || formula.right.kind !== 'constant') return false;
  const { operator, left, right } = formula;
  const [inner, mask] =
    operator === 'lsh' && right.value === 2 && left.kind === 'operation' && left.operator === 'and'
      ? [left.left, left.right]
      : operator === 'and' && right.value === 0x3c && left.kind === 'operation' && left.operator === 'lsh'
        ? [left.left, undefined]
        : [undefined, undefined];
  if (inner?.kind !== 'load' || inner.size !== 1 || inner.index.kind !== 'constant') return false;
  return inner.index.value === network && (mask === undefined || (mask.kind === 'constant' && mask.value === 0xf));
}

/** Where a load reads behind an IPv4 header of any length: an offset, and what else is added to it. */
export function behindHeader(
  index: Formula,
  network: number,
): { readonly offset: number; readonly terms: readonly Formula[] } | undefined {
  const { constant, terms } = sumOf(index);
  const header = terms.findIndex((term) => isHeaderLength(term, network));
  return header < 0 ? undefined : { offset: (constant - network) | 0, terms: terms.filter((_, at) => at !== header) };
}

/**
 * Bytes counted from the headers that a load stands in: `network` names that of the network layer, `transport` what it
 * carries. Other loads have no form here.
 *
 * @param networkAt Where the network header begins.
 * @param fixed The transport header's distance from it, where that does not depend on the packet.
 */
export function headerView(
  network: LoadProtocol,
  transport: LoadProtocol | undefined,
  networkAt: number,
  fixed?: number,
): View {
  const view: View = {
    load: ({ index, size }) => {
      if (index.kind === 'constant') {
        const at = index.value - networkAt;
        if (at < 0) return undefined;
        return transport !== undefined && fixed !== undefined && at >= fixed
          ? load(transport, at - fixed, size)
          : load(network, at, size);
      }
      const behind = transport === undefined ? undefined : behindHeader(index, networkAt);
      if (transport === undefined || behind === undefined || (behind.terms.length === 0 && behind.offset < 0)) {
        const at = termOf(index, view);
        return at === undefined ? undefined : load(network, moved(at, -networkAt), size);
      }
      const terms = behind.terms.map((term) => termOf(term, view));
      let sum: Term | undefined;
      for (const term of terms) {
        if (term === undefined) return undefined;
        sum = sum === undefined ? term : arithmetic('+', sum, term);
      }
      return load(transport, sum === undefined ? behind.offset : moved(sum, behind.offset), size);
    },
    ancillary: () => undefined,
  };
  return view;
}
