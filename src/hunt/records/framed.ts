import { TACACS } from '../../packets/dissect/applications/datagrams.ts';
import { DNS_OVER_TCP } from '../../packets/dissect/applications/dns.ts';
import type { DnsRecords } from './dns.ts';
import { ENOUGH } from './lane.ts';
import type { Desk, TalkKind, TalkReader } from './talks.ts';

const DNS_PORT = 53;
const TACACS_PORT = 49;
/** So many servers are remembered. */
const MOST_SERVERS = 10_000;
const TACACS_TYPES: Readonly<Record<number, string>> = { 1: 'authentication', 2: 'authorization', 3: 'accounting' };

/** DNS over TCP: its messages are told as those of datagrams are. */
export function dnsTalk(records: DnsRecords): TalkKind {
  return {
    services: ['dns'],
    ports: [DNS_PORT],
    begins: (_bytes, _at, _end, port) => (port === DNS_PORT ? 'whoever' : undefined),
    open: (desk) => ({
      read(_asks, bytes, at, end) {
        let place = at;
        while (place < end) {
          const size = DNS_OVER_TCP.lengthOf(bytes, place, end);
          if (size === 0 || place + size > end) return place;
          records.message(desk.ends, desk.now(), bytes, place + 2, place + size);
          place += size;
        }
        return place;
      },
    }),
  };
}

/** TACACS+: one record for each connection, by its first request; the rest is hidden by its key. */
export function tacacsTalk(): TalkKind {
  const servers = new Set<number>();
  let known = 0; // of all that were seen
  return {
    services: ['tacacs'],
    ports: [TACACS_PORT],
    begins: (bytes, at, end, port) =>
      port === TACACS_PORT && TACACS.lengthOf(bytes, at, end) >= 0 ? 'whoever' : undefined,
    open: (desk): TalkReader => ({
      read(asks, bytes, at, end) {
        if (!asks) return end;
        if (end - at < 12) return at;
        const { peer } = desk.ends;
        const fresh = !servers.has(peer);
        if (fresh && servers.size < MOST_SERVERS) servers.add(peer);
        if (fresh) known += 1;
        tellTacacs(desk, bytes, at, { fresh, known });
        return ENOUGH;
      },
    }),
  };
}

function tellTacacs(desk: Desk, bytes: Uint8Array, at: number, server: { fresh: boolean; known: number }): void {
  const kind = TACACS_TYPES[bytes[at + 1]!];
  const open = (bytes[at + 3]! & 1) !== 0;
  desk.tell('tacacs', {
    text: () => `${kind ?? 'unknown request'}${open ? ', in plain text' : ''}`,
    moments: [desk.now()],
    fields: { type: kind, unencrypted: open, new_server: server.fresh && server.known > 1 },
  });
}
