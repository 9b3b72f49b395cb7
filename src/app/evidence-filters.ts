import type { Entry } from '../bpf/entry.ts';
import { instructionsOf } from '../bpf/row.ts';
import { inetSocketView, packetSocketView } from '../bpf/socket-view.ts';
import { parseEvidence } from '../engine/parse.ts';
import type { Evidence } from '../model/artifact.ts';
import type { Observation } from '../model/observation.ts';
import type { ObservationKind } from '../model/observations/index.ts';
import { seen } from '../model/unseen.ts';
import { parsers } from '../parsers/index.ts';

/** The packet filters of a host's evidence, once for each socket, with who holds it. An eBPF program, which nothing shows, is an issue. */
export function* filtersOf(evidence: Evidence): Generator<Entry> {
  const rows: Observation[] = [];
  for (const { observations } of parseEvidence(evidence, parsers)) rows.push(...observations);
  const of = <K extends ObservationKind>(kind: K) => rows.filter((row): row is Observation<K> => row.kind === kind);
  const packetSockets = new Map(of('packet_socket').map(({ socket }) => [socket.inode, socket]));
  const inetSockets = new Map(of('inet_socket').map(({ socket }) => [socket.inode, socket]));
  const holders = new Map<number, string>();
  for (const { process } of of('process')) {
    for (const inode of seen(process.socketInodes) ?? []) holders.set(inode, `${process.comm} (pid ${process.pid})`);
  }
  const told = new Set<number>();
  // What the socket itself answered comes before what ss printed of it.
  const filters = of('socket_filter').sort((a, b) => Number(a.filter.by === 'ss') - Number(b.filter.by === 'ss'));
  for (const { filter, source } of filters) {
    if (filter.type === 'none' || told.has(filter.inode)) continue;
    told.add(filter.inode);
    const id = `inode ${filter.inode}, ${holders.get(filter.inode) ?? 'no holder seen'}`;
    const where = { line: source.line ?? 1 };
    if (filter.type === 'ebpf') {
      yield { kind: 'issue', where, reason: `${id}: an eBPF program, which the kernel does not show` };
      continue;
    }
    const [packet, inet] = [packetSockets.get(filter.inode), inetSockets.get(filter.inode)];
    const view = packet ? packetSocketView(packet) : inet ? inetSocketView(inet) : undefined;
    yield { kind: 'program', id, insns: instructionsOf(filter.instructions), where, ...view };
  }
}
