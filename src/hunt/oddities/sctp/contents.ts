import { u32 } from '../../../lib/endian.ts';
import { isDiameter } from '../../../packets/dissect/signalling/diameter.ts';
import { applicationPart } from '../../../packets/dissect/signalling/radio/application-part.ts';
import { DIAMETER, M3UA, NGAP, S1AP, X2AP } from './carried.ts';

const M2UA = 2;
const SUA = 4;
const M2PA = 5;

/** Protocols of signalling whose messages can be told by how they begin, by payload protocol identifier. */
export const SIGNALLING_NAMES: Readonly<Record<number, string>> = {
  [M2UA]: 'M2UA',
  [M3UA]: 'M3UA',
  [SUA]: 'SUA',
  [M2PA]: 'M2PA',
  [S1AP]: 'S1AP',
  [X2AP]: 'X2AP',
  [DIAMETER]: 'Diameter',
  [NGAP]: 'NGAP',
};

const ADAPTATIONS = new Set([M2UA, M3UA, SUA, M2PA]);

/** Whether a whole message is not of the protocol that its identifier names. */
export function atOdds(protocol: number, bytes: Uint8Array, at: number, end: number): boolean {
  if (ADAPTATIONS.has(protocol)) {
    // Version 1, a spare byte, a class that exists, and a length that is there but for padding.
    if (end - at < 8 || bytes[at] !== 1 || bytes[at + 1] !== 0) return true;
    const length = u32(bytes, at + 4);
    return bytes[at + 2]! > 12 || length < 8 || length > end - at || length + 4 <= end - at;
  }
  if (protocol === DIAMETER) return !isDiameter(bytes, at, end);
  const part = applicationPart(bytes, at, end);
  return part === undefined || (part.cut && part.elements.length === 0);
}
