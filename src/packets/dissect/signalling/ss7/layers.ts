import type { Dissector, Step } from '../../dissector.ts';
import { P } from '../../protocols.ts';
import type { Steps } from '../../steps.ts';
import { PRIVATE } from '../asn1/ber.ts';
import { Dialogues } from './dialogues.ts';
import { m2pa } from './m2pa.ts';
import { m2ua } from './m2ua.ts';
import { m3ua } from './m3ua.ts';
import { mtp2, mtp3 } from './mtp.ts';
import { sccp } from './sccp.ts';
import { SccpSegments } from './segments.ts';
import { sua } from './sua.ts';
import { tcap } from './tcap.ts';

/** Users of MTP 3, by service indicator. */
const BY_SERVICE = new Map<number, number>([
  [0, P.mtp3mg],
  [1, P.mtp3mg],
  [2, P.mtp3mg],
  [3, P.sccp],
  [5, P.isup],
]);

const MAP_SUBSYSTEMS = [6, 7, 8, 9, 145, 148, 149, 150];
const CAP_SUBSYSTEM = 146;
const INAP_SUBSYSTEMS = [106, 241];

/** Users of TCAP, by subsystem number. */
const BY_SUBSYSTEM = new Map<number, number>([
  ...MAP_SUBSYSTEMS.map((number) => [number, P.gsm_map] as const),
  ...INAP_SUBSYSTEMS.map((number) => [number, P.inap] as const),
  [CAP_SUBSYSTEM, P.camel],
]);

/** Subsystems that talk by TCAP, whoever they are. */
const OVER_TCAP = new Set([...BY_SUBSYSTEM.keys(), 5, 10, 11, 12, 13, 14]);
const MANAGEMENT = 1;

/** Contexts of dialogues, by how they begin: of MAP, of CAP phases 1 and 2, of CAP phases 3 and 4. */
const BY_CONTEXT: readonly (readonly [prefix: string, protocol: number])[] = [
  ['0.4.0.0.1.0.50.', P.camel],
  ['0.4.0.0.1.0.51.', P.camel],
  ['0.4.0.0.1.0.52.', P.camel],
  ['0.4.0.0.1.21.3.', P.camel],
  ['0.4.0.0.1.23.3.', P.camel],
  ['0.4.0.0.1.0.', P.gsm_map],
];

/** The layers of signalling system 7. They keep what one capture brought so far. */
export function ss7Steps(): Steps {
  const segments = new SccpSegments();
  /** Whom the message of SCCP that is being read is for: TCAP tells its users apart by it. */
  let subsystem = 0;

  const overSccp = (called: number | undefined, calling: number | undefined): number => {
    for (const number of [called, calling]) {
      if (number === MANAGEMENT) return P.sccpmg;
      if (number === undefined || !OVER_TCAP.has(number)) continue;
      subsystem = number;
      return P.tcap;
    }
    return 0;
  };

  return {
    m3ua: (d) => {
      const data = m3ua(d.bytes, d.at, d.limit)?.data;
      return behind(d, P.m3ua, data, data && BY_SERVICE.get(data.service));
    },
    m2ua: (d) => behind(d, P.m2ua, m2ua(d.bytes, d.at, d.limit)?.data, P.mtp3),
    m2pa: (d) => behind(d, P.m2pa, m2pa(d.bytes, d.at, d.limit)?.data, P.mtp3),
    sua: (d) => {
      const message = sua(d.bytes, d.at, d.limit);
      return behind(d, P.sua, message?.data, overSccp(message?.destination?.subsystem, message?.source?.subsystem));
    },
    mtp2: (d) => {
      const unit = mtp2(d.bytes, d.at, d.limit);
      return behind(d, P.mtp2, unit && unit.length > 2 ? unit : undefined, P.mtp3);
    },
    mtp3: (d) => {
      const message = mtp3(d.bytes, d.at, d.limit, 'itu');
      return behind(d, P.mtp3, message, message && BY_SERVICE.get(message.service));
    },
    sccp: (d) => {
      const message = sccp(d.bytes, d.at, d.limit);
      const { segment, data } = message ?? {};
      const next = overSccp(message?.called?.subsystem, message?.calling?.subsystem);
      if (data === undefined || data.at >= data.end) return behind(d, P.sccp, undefined, 0);
      if (segment === undefined || (segment.first && segment.remaining === 0)) return behind(d, P.sccp, data, next);
      const whole = segments.add(endsOf(d).join(''), segment, d.bytes.subarray(data.at, data.end));
      if (whole === undefined || whole === 'alone') {
        return behind(d, P.sccp, data, whole === 'alone' && segment.remaining === 0 ? next : 0);
      }
      behind(d, P.sccp, data, 0);
      d.enter(P['sccp.msg.fragments'], 0);
      [d.bytes, d.at, d.limit] = [whole, 0, whole.length];
      return next;
    },
    tcap: tcapOf(() => subsystem),
  };
}

/** Enters a layer and stands where what it carries begins; 0 where it carries nothing. */
function behind(
  d: Dissector,
  protocol: number,
  data: { readonly at: number; readonly end: number } | undefined,
  next: number | undefined,
): number {
  const { at } = d;
  if (data === undefined) {
    d.enter(protocol, d.left);
    return 0;
  }
  d.enter(protocol, data.at - at);
  d.limit = data.end;
  return next ?? 0;
}

/** @param subsystem Whom the message of SCCP around it is for. */
function tcapOf(subsystem: () => number): Step {
  const dialogues = new Dialogues();
  return (d) => {
    // Messages of ANSI have tags of their own, and are another protocol.
    if (d.left > 0 && d.bytes[d.at]! >> 6 === PRIVATE) return 0;
    const message = tcap(d.bytes, d.at, d.limit);
    d.enter(P.tcap, 0);
    if (message === undefined) return 0;
    const { context, origin, destination, components } = message;
    const told = context === undefined ? undefined : BY_CONTEXT.find(([prefix]) => context.startsWith(prefix))?.[1];
    // A transaction is known by the number of the one who began it, and by who that is.
    const [from, to] = endsOf(d);
    if (told !== undefined && origin !== undefined) dialogues.remember(`${origin}/${from}/${to}`, told);
    const known =
      dialogues.userOf(`${origin ?? ''}/${from}/${to}`) ?? dialogues.userOf(`${destination ?? ''}/${to}/${from}`);
    const user = told ?? known ?? BY_SUBSYSTEM.get(subsystem());
    if (user === undefined) return 0;
    for (const { at, end } of components) d.inside(user, at, end);
    return 0;
  };
}

/** Addresses of the innermost network, as texts that tell them apart. */
function endsOf(d: Dissector): readonly [from: string, to: string] {
  const network = d.levels > 0 ? d.network[d.levels - 1]! : -1;
  if (network < 0) return ['', ''];
  const bytes = d.data[network]!;
  const short = d.protocol[network] === P.ip;
  const at = d.start[network]! + (short ? 12 : 8);
  const size = short ? 4 : 16;
  const text = (from: number): string => Buffer.from(bytes.subarray(from, from + size)).toString('latin1');
  return [text(at), text(at + size)];
}
