import { recordWatchers } from '../hunt/records/index.ts';
import type { Recorder, WireRecord } from '../hunt/records/record.ts';
import { Watch } from '../hunt/watch.ts';
import { WIRE_SERVICES, type WireService } from '../model/observations/traffic.ts';
import { readCapture } from '../packets/capture/read.ts';
import { sourceOf } from './reading.ts';
import { bytesOf, CLIENT, SERVER, type Said } from './talking.ts';
import { pcap, TCP, tcpFrame, type MadeFrame } from './wire.ts';

/** The records that are made of a made-up capture, and what could not be put together. */
export async function recordsOf(
  frames: readonly MadeFrame[] | Uint8Array,
  services: readonly WireService[] = WIRE_SERVICES.filter((service) => service !== 'conn'),
): Promise<{ records: WireRecord[]; lost: number }> {
  const records: WireRecord[] = [];
  const recorder: Recorder = {
    services: new Set(services),
    lost: { conversations: 0 },
    wants: () => true,
    tell: (record) => void records.push(record),
  };
  const watch = new Watch(recordWatchers(recorder), () => undefined);
  const capture = frames instanceof Uint8Array ? frames : pcap(frames);
  for await (const batch of readCapture(sourceOf(capture), () => undefined)) watch.frames(batch);
  watch.end();
  return { records, lost: recorder.lost.conversations };
}

/** A connection to a port with its handshake and what both ends say, a second a segment; it is closed at the end. */
export function connection(
  port: number,
  said: readonly Said[],
  from: readonly [string, number] = CLIENT,
  to = SERVER,
): MadeFrame[] {
  const server = [to, port] as const;
  const next = { up: 101, down: 501 };
  const frames: Uint8Array[] = [
    tcpFrame(from, server, { flags: TCP.syn, seq: 100 }),
    tcpFrame(server, from, { flags: TCP.syn | TCP.ack, seq: 500, ack: 101 }),
  ];
  for (const { up = false, says, seq, flags = TCP.ack | TCP.psh } of said) {
    const payload = bytesOf(says);
    const own = up ? 'up' : 'down';
    const at = seq ?? next[own];
    next[own] = Math.max(next[own], at + payload.length);
    frames.push(
      up ? tcpFrame(from, server, { flags, seq: at }, payload) : tcpFrame(server, from, { flags, seq: at }, payload),
    );
  }
  frames.push(tcpFrame(from, server, { flags: TCP.fin | TCP.ack, seq: next.up }));
  frames.push(tcpFrame(server, from, { flags: TCP.fin | TCP.ack, seq: next.down }));
  return frames.map((bytes, at) => ({ at, bytes }));
}

/** What Zeek would say of each record of a service: its fields without those of the flow. */
export function fieldsOf(records: readonly WireRecord[], service: WireService): object[] {
  return records
    .filter((record) => record.service === service)
    .map(({ fields }) =>
      Object.fromEntries(Object.entries(fields).filter(([name]) => !/^(?:ts|proto|id\.)/.test(name))),
    );
}
