import type { BodyOf } from '../../model/observation.ts';
import type { WireService } from '../../model/observations/traffic.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { protocolOf, timeText, type Moment } from '../moment.ts';
import type { Scene } from '../watcher.ts';

/** What was said on the wire, as rules will judge it. */
export type WireRecord = BodyOf<'wire_record'>['wire'];
export type FieldValue = WireRecord['fields'][string];

/** Fields of a record; what is dear to make is made when it is asked for. What is undefined was not said. */
export type Fields = Readonly<Record<string, FieldValue | undefined | (() => FieldValue | undefined)>>;

/** What those who make records are asked for, and whom they tell. */
export interface Recorder {
  /** Only records of these services are made. */
  readonly services: ReadonlySet<WireService>;
  /** By which fields of a service is told whether a record is wanted; without it each is. */
  readonly looksAt?: ReadonlyMap<WireService, readonly string[]>;
  /** Whether a record is wanted in which those fields are so. */
  wants(service: WireService, fields: WireRecord['fields']): boolean;
  /** Is told of each record that is. */
  tell(record: WireRecord): void;
  /** What was given up for want of memory, or because the capture lacks a part of it. */
  readonly lost: { conversations: number };
}

/** Both ends of a flow: who began, and whom it called. */
export interface Ends {
  readonly host: number;
  readonly peer: number;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly protocol: string;
}

/** @param back Whether the sight goes from the one who was called. */
export function endsOf(sight: Sight, back = !sight.forward): Ends {
  const { source, destination, sourcePort, destinationPort } = sight;
  return back
    ? { host: destination, peer: source, srcPort: destinationPort, dstPort: sourcePort, protocol: protocolOf(sight) }
    : { host: source, peer: destination, srcPort: sourcePort, dstPort: destinationPort, protocol: protocolOf(sight) };
}

/** A text of a record is no longer than this. */
const LONGEST_TEXT = 300;

/** What is known of a record. */
export interface Known {
  readonly fields: Fields;
  /** What was said, for people. */
  readonly text: () => string;
  readonly moments: readonly Moment[];
}

/** Tells a record, if it is wanted. */
export function tellRecord(
  recorder: Recorder,
  { addresses }: Scene,
  service: WireService,
  { host, peer, srcPort, dstPort, protocol }: Ends,
  { fields, text, moments }: Known,
): void {
  const all: Fields = {
    ts: () => (moments[0]?.micros ?? 0) / 1e6,
    'id.orig_h': () => addresses.text(host),
    'id.orig_p': srcPort,
    'id.resp_h': () => addresses.text(peer),
    'id.resp_p': dstPort,
    proto: protocol,
    ...fields,
  };
  const looked = recorder.looksAt?.get(service);
  if (looked !== undefined && !recorder.wants(service, madeOf(all, looked))) return;
  const [from, to] = [addresses.text(host), addresses.text(peer)];
  recorder.tell({
    service,
    host: from,
    peer: to,
    srcPort,
    dstPort,
    protocol,
    fields: madeOf(all, Object.keys(all)),
    text: `${from}:${srcPort} > ${to}:${dstPort} ${service}: ${text()}`.slice(0, LONGEST_TEXT),
    frames: placesOf(moments),
  });
}

function madeOf(fields: Fields, names: readonly string[]): WireRecord['fields'] {
  const made: WireRecord['fields'] = {};
  for (const name of names) {
    const value = fields[name];
    const said = typeof value === 'function' ? value() : value;
    if (said !== undefined) made[name] = said;
  }
  return made;
}

function placesOf(moments: readonly Moment[]): WireRecord['frames'] {
  const byFrame = new Map(moments.map((moment) => [moment.frame, moment]));
  return [...byFrame.values()].map(({ frame, offset, micros }) => ({ frame, offset, at: timeText(micros) }));
}
