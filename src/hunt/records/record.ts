import type { BodyOf } from '../../model/observation.ts';
import type { WireService } from '../../model/observations/traffic.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { protocolOf, timeText, type Moment } from '../moment.ts';
import type { Scene } from '../watcher.ts';

/** What was said on the wire, as rules will judge it. */
export type WireRecord = BodyOf<'wire_record'>['wire'];
export type Fields = Readonly<Record<string, WireRecord['fields'][string] | undefined>>;

/** What those who make records are asked for, and whom they tell. */
export interface Recorder {
  /** Only records of these services are made. */
  readonly services: ReadonlySet<WireService>;
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

/** Tells a record: fields that are undefined were not said. */
export function tellRecord(
  recorder: Recorder,
  { addresses }: Scene,
  service: WireService,
  { host, peer, srcPort, dstPort, protocol }: Ends,
  { fields, text, moments }: { fields: Fields; text: string; moments: readonly Moment[] },
): void {
  const [from, to] = [addresses.text(host), addresses.text(peer)];
  recorder.tell({
    service,
    host: from,
    peer: to,
    srcPort,
    dstPort,
    protocol,
    fields: {
      ts: (moments[0]?.micros ?? 0) / 1e6,
      'id.orig_h': from,
      'id.orig_p': srcPort,
      'id.resp_h': to,
      'id.resp_p': dstPort,
      proto: protocol,
      ...said(fields),
    },
    text: `${from}:${srcPort} > ${to}:${dstPort} ${service}: ${text}`.slice(0, LONGEST_TEXT),
    frames: placesOf(moments),
  });
}

function said(fields: Fields): WireRecord['fields'] {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function placesOf(moments: readonly Moment[]): WireRecord['frames'] {
  const byFrame = new Map(moments.map((moment) => [moment.frame, moment]));
  return [...byFrame.values()].map(({ frame, offset, micros }) => ({ frame, offset, at: timeText(micros) }));
}
