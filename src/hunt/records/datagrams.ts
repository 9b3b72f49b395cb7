import type { WireService } from '../../model/observations/traffic.ts';
import { looksLikeRadius, looksLikeSnmp } from '../../packets/dissect/applications/datagrams.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { momentOf } from '../moment.ts';
import { defineWatcher, type WatcherKind } from '../watcher.ts';
import { readRadius, readSnmp } from './management.ts';
import { endsOf, tellRecord, type Fields, type Recorder } from './record.ts';
import { textOf } from './talks.ts';

/** What one datagram says. */
interface Said {
  readonly fields: Fields;
  readonly text: string;
}

/** A protocol of one datagram each, on the ports of the one who is asked. */
interface DatagramKind {
  readonly service: WireService;
  readonly ports: readonly number[];
  read(bytes: Uint8Array, at: number, end: number): Said | undefined;
}

const NTP_MODES = ['', 'active', 'passive', 'client', 'server', 'broadcast', 'control', 'private'];
const TFTP_REQUESTS: Readonly<Record<number, string>> = { 1: 'read', 2: 'write' };

const KINDS: readonly DatagramKind[] = [
  {
    service: 'snmp',
    ports: [161, 162],
    read: (bytes, at, end) => (looksLikeSnmp(bytes, at, end) ? readSnmp(bytes, at, end) : undefined),
  },
  {
    service: 'radius',
    ports: [1812, 1813, 1645, 1646, 3799],
    read: (bytes, at, end) => (looksLikeRadius(bytes, at, end) ? readRadius(bytes, at, end) : undefined),
  },
  {
    service: 'ntp',
    ports: [123],
    read(bytes, at, end) {
      if (end - at < 4) return undefined;
      const [first, mode] = [bytes[at]!, bytes[at]! & 7];
      return {
        text: NTP_MODES[mode] ?? '',
        fields: { version: (first >> 3) & 7, mode, stratum: bytes[at + 1], message_len: end - at },
      };
    },
  },
  {
    service: 'tftp',
    ports: [69],
    read(bytes, at, end) {
      const [name, mode] = textOf(bytes, at + 2, Math.min(end, at + 514)).split('\0');
      const kind = end - at > 4 && bytes[at] === 0 ? TFTP_REQUESTS[bytes[at + 1]!] : undefined;
      if (kind === undefined || name === undefined || mode === undefined) return undefined;
      return { text: `${kind} ${name}`, fields: { request: kind, fname: name, mode: mode.toLowerCase() } };
    },
  },
];

/** Records of protocols whose datagrams stand for themselves. */
export function datagramWatcher(recorder: Recorder): WatcherKind {
  const byPort = new Map(
    KINDS.filter(({ service }) => recorder.services.has(service)).flatMap((kind) =>
      kind.ports.map((port) => [port, kind] as const),
    ),
  );
  return defineWatcher({
    id: 'records/datagrams',
    summary: 'Records of management and time: SNMP, RADIUS, NTP, TFTP.',
    protocols: ['udp'],
    tells: [],
    create: (scene) => ({
      packet(sight) {
        const kind = byPort.get(sight.destinationPort) ?? byPort.get(sight.sourcePort);
        if (kind === undefined) return;
        const said = kind.read(sight.bytes, sight.payload, sight.end);
        if (said === undefined) return;
        const ends = endsOf(sight, isAnswer(sight, kind));
        tellRecord(recorder, scene, kind.service, ends, {
          fields: said.fields,
          text: () => said.text,
          moments: [momentOf(sight)],
        });
      },
    }),
  });
}

/** It comes from the port that is asked, and does not go to one. */
function isAnswer({ sourcePort, destinationPort }: Sight, { ports }: DatagramKind): boolean {
  return ports.includes(sourcePort) && !ports.includes(destinationPort);
}
