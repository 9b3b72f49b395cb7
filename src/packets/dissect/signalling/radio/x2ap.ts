import { Per } from '../asn1/per.ts';
import { applicationPart, type ApplicationPart } from './application-part.ts';
import { networkIn } from './values.ts';

const NEW_UE = 9;
const OLD_UE = 10;
const GLOBAL_ENB = 21;

/** A message between two base stations of the fourth generation. */
export interface X2ap extends ApplicationPart {
  /** What the base station that a user leaves, and the one it goes to, call the user: 0 to 4095. */
  readonly oldUe: number | undefined;
  readonly newUe: number | undefined;
  readonly network: string | undefined;
}

/** @see 3GPP TS 36.423, 9.3 */
export function x2ap(bytes: Uint8Array, at: number, end: number): X2ap | undefined {
  const part = applicationPart(bytes, at, end);
  if (part === undefined) return undefined;
  const word = (id: number): number | undefined => {
    const element = part.elements.find((one) => one.id === id);
    if (element === undefined) return undefined;
    const per = new Per(bytes, element.at, element.end);
    const value = per.number(2);
    return per.failed ? undefined : value;
  };
  return {
    ...part,
    oldUe: word(OLD_UE),
    newUe: word(NEW_UE),
    network: networkIn(bytes, part.elements, new Set([GLOBAL_ENB])),
  };
}
