import { Per } from '../asn1/per.ts';
import { applicationPart, partElements, type ApplicationPart, type PartElement } from './application-part.ts';
import { endpoint, networkIn, station, userIn, type Endpoint } from './values.ts';

const AMF_UE = 10;
const RAN_UE = 85;
/** The base station itself: it names its network first. */
const STATION = 27;
/** Both, or that of the AMF alone. */
const UE_PAIR = 114;
/** The base station, and where a user is. */
const NETWORKS = new Set([STATION, 121]);
const TUNNEL_UP = 139;
const MOST_SESSIONS = 256;

/** Lists of sessions: those that ask for them, and the answers. */
const REQUESTS = new Set([71, 74]);
const ANSWERS = new Set([72, 75]);

/** A message between base station and core of a network of the fifth generation. */
export interface Ngap extends ApplicationPart {
  readonly amfUe: number | undefined;
  readonly ranUe: number | undefined;
  /** The number of the base station. */
  readonly gnb: number | undefined;
  readonly network: string | undefined;
  readonly tunnels: readonly Endpoint[];
}

/** @see 3GPP TS 38.413, 9.4 */
export function ngap(bytes: Uint8Array, at: number, end: number): Ngap | undefined {
  const part = applicationPart(bytes, at, end);
  if (part === undefined) return undefined;
  const both = part.elements.find((element) => element.id === UE_PAIR);
  const pair = both && pairOf(bytes, both);
  const itself = part.elements.find((element) => element.id === STATION);
  return {
    ...part,
    amfUe: userIn(bytes, part.elements, AMF_UE, 5) ?? pair?.amf,
    ranUe: userIn(bytes, part.elements, RAN_UE, 4) ?? pair?.ran,
    gnb: itself && station(bytes, itself, true),
    network: networkIn(bytes, part.elements, NETWORKS),
    tunnels: part.elements.flatMap((element) => tunnelsOf(bytes, element)),
  };
}

function pairOf(bytes: Uint8Array, { at, end }: PartElement): { amf?: number; ran?: number } {
  const per = new Per(bytes, at, end);
  const choice = per.bits(2);
  if (choice === 0) per.bits(2);
  const amf = choice > 1 ? undefined : per.counted(5);
  const ran = choice > 0 ? undefined : per.counted(4);
  return per.failed ? {} : { ...(amf !== undefined && { amf }), ...(ran !== undefined && { ran }) };
}

function tunnelsOf(bytes: Uint8Array, { id, at, end }: PartElement): Endpoint[] {
  const asks = REQUESTS.has(id);
  if (!asks && !ANSWERS.has(id)) return [];
  const per = new Per(bytes, at, end);
  const count = per.number(1) + 1;
  const tunnels: Endpoint[] = [];
  for (let index = 0; index < Math.min(count, MOST_SESSIONS); index++) {
    const transfer = asks ? requested(per) : answered(per);
    if (transfer === undefined || per.failed) break;
    const tunnel = asks ? inRequest(bytes, transfer) : inAnswer(bytes, transfer);
    if (tunnel !== undefined) tunnels.push(tunnel);
  }
  return tunnels;
}

type Range = Pick<PartElement, 'at' | 'end'>;

/** Number of the session, what is sent to the user, the slice, and what is asked for. Extensions are not followed. */
function requested(per: Per): Range | undefined {
  const [extended, message, more] = [per.flag(), per.flag(), per.flag()];
  per.number(1);
  if (message) per.open();
  const [sliceExtended, differentiated, sliceMore] = [per.flag(), per.flag(), per.flag()];
  per.bits(8);
  if (differentiated) per.octets(3);
  if (extended || more || sliceExtended || sliceMore) return undefined;
  return per.open();
}

function answered(per: Per): Range | undefined {
  const [extended, more] = [per.flag(), per.flag()];
  per.number(1);
  return extended || more ? undefined : per.open();
}

function inRequest(bytes: Uint8Array, transfer: Range): Endpoint | undefined {
  const up = partElements(bytes, transfer.at, transfer.end).elements.find((element) => element.id === TUNNEL_UP);
  return up && tunnel(bytes, new Per(bytes, up.at, up.end));
}

/** Five bits say what is there; the tunnel stands first, behind two more. */
function inAnswer(bytes: Uint8Array, { at, end }: Range): Endpoint | undefined {
  const per = new Per(bytes, at, end);
  per.bits(5 + 2);
  return tunnel(bytes, per);
}

function tunnel(bytes: Uint8Array, per: Per): Endpoint | undefined {
  if (per.flag()) return undefined; // something other than a tunnel of GTP
  per.bits(2);
  return endpoint(bytes, per);
}
