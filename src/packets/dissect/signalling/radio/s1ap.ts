import { Per } from '../asn1/per.ts';
import { applicationPart, partList, type ApplicationPart, type PartElement } from './application-part.ts';
import { endpoint, networkIn, passQuality, station, userIn, type Endpoint } from './values.ts';

const MME_UE = 0;
const ENB_UE = 8;
/** The base station itself: it names its network first. */
const STATION = 59;
/** Both, or that of the MME alone. */
const UE_PAIR = 99;
/** The base station, a tracking area, a cell: they name the network first. */
const NETWORKS = new Set([STATION, 67, 100]);

/** Lists of bearers. */
const LISTS = new Set([16, 18, 22, 24, 28, 51, 53, 95, 199]);
/** Bearers in them, by how many bits say what is there, and whether the quality of service stands before the address. */
const BEARERS: Readonly<Record<number, { readonly optional: number; readonly quality?: true }>> = {
  17: { optional: 1, quality: true },
  20: { optional: 5 },
  23: { optional: 1 },
  27: { optional: 1 },
  39: { optional: 1 },
  50: { optional: 1 },
  52: { optional: 2, quality: true },
  94: { optional: 1 },
  200: { optional: 1 },
};

/** A message between base station and core of a network of the fourth generation. */
export interface S1ap extends ApplicationPart {
  readonly mmeUe: number | undefined;
  readonly enbUe: number | undefined;
  /** The number of the base station. */
  readonly enb: number | undefined;
  readonly network: string | undefined;
  readonly tunnels: readonly Endpoint[];
}

/** @see 3GPP TS 36.413, 9.3 */
export function s1ap(bytes: Uint8Array, at: number, end: number): S1ap | undefined {
  const part = applicationPart(bytes, at, end);
  if (part === undefined) return undefined;
  const both = part.elements.find((element) => element.id === UE_PAIR);
  const pair = both && pairOf(bytes, both);
  const itself = part.elements.find((element) => element.id === STATION);
  return {
    ...part,
    mmeUe: userIn(bytes, part.elements, MME_UE, 4) ?? pair?.mme,
    enbUe: userIn(bytes, part.elements, ENB_UE, 3) ?? pair?.enb,
    enb: itself && station(bytes, itself, false),
    network: networkIn(bytes, part.elements, NETWORKS),
    tunnels: part.elements
      .filter((element) => LISTS.has(element.id))
      .flatMap((list) => partList(bytes, list))
      .flatMap((bearer) => tunnelOf(bytes, bearer) ?? []),
  };
}

function pairOf(bytes: Uint8Array, { at, end }: PartElement): { mme?: number; enb?: number } {
  const per = new Per(bytes, at, end);
  const [extended, alone] = [per.flag(), per.flag()];
  if (!extended && !alone) per.bits(2);
  const mme = extended ? undefined : per.counted(4);
  const enb = extended || alone ? undefined : per.counted(3);
  return per.failed ? {} : { ...(mme !== undefined && { mme }), ...(enb !== undefined && { enb }) };
}

function tunnelOf(bytes: Uint8Array, { id, at, end }: PartElement): Endpoint | undefined {
  const shape = BEARERS[id];
  if (shape === undefined) return undefined;
  const per = new Per(bytes, at, end);
  per.bits(1 + shape.optional);
  if (per.flag()) return undefined; // a bearer with a number beyond 15
  per.bits(4);
  if (shape.quality === true && !passQuality(per)) return undefined;
  return endpoint(bytes, per);
}
