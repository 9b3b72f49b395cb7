import { LINK_AREA, NETWORK_AREA } from './ancillary.ts';
import { sumOf, type Formula, type Load } from './formula.ts';
import type { Headers } from './headers.ts';

/** A place in a packet: an offset within a layer. `variable` offsets depend on the packet in a way that has no name. */
export interface Place {
  readonly layer: 'link' | 'network' | 'transport' | 'payload' | 'end' | 'variable' | 'message';
  readonly offset: number;
}

/** Where a load reads. */
export function placeOf({ index }: Load, headers: Headers): Place {
  const { constant, terms } = sumOf(index);
  if (terms.length === 0) return fixedPlace(constant, headers);
  const header = terms.find((term) => headerStart(term) !== undefined);
  const start = header === undefined ? undefined : headerStart(header);
  const rest = terms.filter((term) => term !== header);
  const offset = (constant - (start ?? 0)) | 0;
  if (rest.length === 0) return { layer: 'transport', offset };
  const [only] = rest;
  if (rest.length === 1 && only !== undefined && isTcpHeaderLength(only, headers)) {
    if (start !== undefined) return { layer: 'payload', offset };
    const within = fixedPlace(constant, headers);
    if (within.layer === 'transport') return { layer: 'payload', offset: within.offset };
  }
  if (rest.length === 1 && only?.kind === 'length' && header === undefined)
    return { layer: 'end', offset: constant | 0 };
  return { layer: 'variable', offset };
}

function fixedPlace(constant: number, headers: Headers): Place {
  const { link, networkAt, transportAt = Infinity } = headers;
  if (link === 'netlink') return { layer: 'message', offset: constant };
  if (link === 'udp-socket' || link === 'icmp6-socket') return { layer: 'transport', offset: constant };
  if (constant >= LINK_AREA && constant < NETWORK_AREA) return { layer: 'link', offset: constant - LINK_AREA };
  const offset = constant >= NETWORK_AREA ? constant - NETWORK_AREA : constant - networkAt;
  if (offset < 0) return { layer: 'link', offset: constant };
  return offset >= transportAt ? { layer: 'transport', offset: offset - transportAt } : { layer: 'network', offset };
}

/** Where the IPv4 header begins whose length in bytes a formula is: `4 * ([14] & 0xf)`. */
function headerStart(formula: Formula): number | undefined {
  const field = fieldOf(formula);
  if (field === undefined || field.mask !== 0x0f || field.shift !== 2 || field.load.size !== 1) return undefined;
  return field.load.index.kind === 'constant' ? field.load.index.value : undefined;
}

/** Whether a formula is the length in bytes of the TCP header. */
function isTcpHeaderLength(formula: Formula, headers: Headers): boolean {
  const field = fieldOf(formula);
  if (field === undefined || field.mask !== 0xf0 || field.shift !== -2 || field.load.size !== 1) return false;
  const { layer, offset } = placeOf(field.load, headers);
  return layer === 'transport' && offset === 12;
}

/** A part of a load, moved: `mask` applies to the load, a positive `shift` is to the left. */
function fieldOf(formula: Formula): { readonly load: Load; readonly mask: number; readonly shift: number } | undefined {
  if (formula.kind === 'load') return { load: formula, mask: formula.bits, shift: 0 };
  if (formula.kind !== 'operation' || formula.right.kind !== 'constant') return undefined;
  const inner = fieldOf(formula.left);
  if (inner === undefined) return undefined;
  const { load, mask, shift } = inner;
  const c = formula.right.value;
  const back = (bits: number) => (shift > 0 ? bits >>> shift : bits << -shift);
  switch (formula.operator) {
    case 'and':
      return { load, mask: (mask & back(c)) >>> 0, shift };
    case 'lsh':
      return { load, mask, shift: shift + c };
    case 'rsh':
      return { load, mask: (mask & back(-1 << c)) >>> 0, shift: shift - c };
    default:
      return undefined;
  }
}
