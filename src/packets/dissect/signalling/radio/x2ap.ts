import { Per } from '../asn1/per.ts';
import { applicationPart, partList, type ApplicationPart, type PartElement } from './application-part.ts';
import { endpoint, networkIn, passQuality, type Endpoint } from './values.ts';

const NEW_UE = 9;
const OLD_UE = 10;
const STATIONS = new Set([21]);
/** What a base station hands over of a user, and in it the bearers. */
const CONTEXT = 14;
const WANTED = 4;
/** Bearers that the other base station takes. */
const ADMITTED_LIST = 1;
const ADMITTED = 0;
const KEY_BYTES = 32;

/** A message between two base stations of the fourth generation. */
export interface X2ap extends ApplicationPart {
  /** What the base station that a user leaves, and the one it goes to, call the user: 0 to 4095. */
  readonly oldUe: number | undefined;
  readonly newUe: number | undefined;
  readonly network: string | undefined;
  readonly tunnels: readonly Endpoint[];
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
    network: networkIn(bytes, part.elements, STATIONS),
    tunnels: part.elements.flatMap((element) => tunnelsOf(bytes, element)),
  };
}

function tunnelsOf(bytes: Uint8Array, element: PartElement): Endpoint[] {
  if (element.id === ADMITTED_LIST) return partList(bytes, element).flatMap((bearer) => admitted(bytes, bearer));
  const bearers = element.id === CONTEXT ? bearersIn(bytes, element) : undefined;
  return bearers === undefined ? [] : partList(bytes, bearers).flatMap((bearer) => wanted(bytes, bearer) ?? []);
}

/** Behind the user's number, what it can encipher, its key and its bit rates stand its bearers. */
function bearersIn(bytes: Uint8Array, { at, end }: PartElement): Pick<PartElement, 'at' | 'end'> | undefined {
  const per = new Per(bytes, at, end);
  per.flag();
  const profiled = per.flag();
  per.bits(3);
  per.counted(4);
  per.bits(2);
  for (let kind = 0; kind < 2; kind++) {
    if (per.flag()) return undefined; // more algorithms than are known
    per.bits(16);
  }
  per.bits(2);
  per.octets(KEY_BYTES);
  per.bits(3 + 2);
  for (let rate = 0; rate < 2; rate++) per.counted(5);
  if (profiled) per.octets(1);
  return per.failed ? undefined : { at: per.at, end };
}

function wanted(bytes: Uint8Array, { id, at, end }: PartElement): Endpoint | undefined {
  if (id !== WANTED) return undefined;
  const per = new Per(bytes, at, end);
  per.flag();
  const forwarded = per.flag();
  per.flag();
  if (!passNumber(per) || !passQuality(per)) return undefined;
  if (forwarded) per.flag();
  return tunnel(bytes, per);
}

function admitted(bytes: Uint8Array, { id, at, end }: PartElement): Endpoint[] {
  if (id !== ADMITTED) return [];
  const per = new Per(bytes, at, end);
  per.flag();
  const count = Number(per.flag()) + Number(per.flag());
  per.flag();
  if (!passNumber(per)) return [];
  return Array.from({ length: count }, () => tunnel(bytes, per)).filter((end) => end !== undefined);
}

/** The number of a bearer. False where it is beyond 15. */
function passNumber(per: Per): boolean {
  const extended = per.flag();
  per.bits(4);
  return !extended;
}

function tunnel(bytes: Uint8Array, per: Per): Endpoint | undefined {
  per.bits(2);
  return endpoint(bytes, per);
}
