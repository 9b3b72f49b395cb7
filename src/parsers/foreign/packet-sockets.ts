import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { PacketSocket } from '../../model/observations/socket.ts';
import { defineParser, issueAt, type Beside, type Fact } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { packetSocket } from '../linux/net-tables.ts';
import { descriptorsOf, HELD_BY, inodeOfSocket, netnsAt } from './held.ts';
import { lsofRows, socketInodeOf } from './lsof-rows.ts';
import { ssRows } from './ss-rows.ts';

/** The fullest first: each gives the sockets that none before it shows. */
const TABLES = ['foreign/net-packet', 'foreign/ss', 'foreign/lsof'] as const;

/**
 * Packet sockets from /proc/net/packet, ss and lsof. Of one in another network namespace than that of the collector, lsof shows
 * nothing but that it is there.
 */
export const foreignPacketSockets = defineParser({
  id: 'foreign/packet-sockets',
  summary: 'Packet sockets from /proc/net/packet, ss and lsof, as other tools collect them.',
  reads: [...TABLES],
  beside: [...TABLES, ...HELD_BY],
  yields: ['packet_socket'],
  *parse(artifact, beside) {
    const near: Beside = (name) => (name === artifact.name ? artifact : beside(name));
    const known = new Set<number>();
    for (const name of TABLES) {
      const table = near(name);
      if (table === undefined) continue;
      for (const fact of name === 'foreign/net-packet'
        ? ofTable(table)
        : name === 'foreign/ss'
          ? ofSs(table, near)
          : ofLsof(table)) {
        if ('issue' in fact) {
          if (name === artifact.name) yield fact;
          continue;
        }
        const { inode } = fact.body.socket;
        if (known.has(inode)) continue;
        if (inode !== 0) known.add(inode);
        if (name === artifact.name) yield fact;
      }
      if (name === artifact.name) break;
    }
    if (artifact.name === 'foreign/ss' && known.size === 0 && near('foreign/net-packet') === undefined)
      yield {
        gap: 'absent',
        artifact: artifact.name,
        detail: 'no packet socket is listed; ss may not have been asked for them',
        missing: 0.5,
      };
  },
});

type PacketFact = Fact<'packet_socket'>;

function* ofTable(artifact: Artifact): Generator<PacketFact | ReturnType<typeof issueAt>> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    if (text === '' || text.startsWith('sk ')) continue;
    const at = { offset, line: number };
    const socket = packetSocket(text.trim().split(/\s+/), netnsAt(artifact, offset));
    yield socket === undefined
      ? issueAt('not a row of /proc/net/packet', at)
      : { body: { kind: 'packet_socket', socket }, at };
  }
}

function* ofSs(artifact: Artifact, beside: Beside): Generator<PacketFact> {
  const descriptors = descriptorsOf(beside);
  for (const row of ssRows(artifact)) {
    if ('filter' in row || row.what.family !== 'packet') continue;
    const { type, protocol, anywhere } = row.what;
    yield fact(row, {
      type,
      protocol: protocol ?? unseen('unsupported'),
      // The interface is named, not numbered.
      ifindex: anywhere ? 0 : unseen('absent'),
      uid: row.uid ?? unseen('absent'),
      inode: inodeOfSocket(row, descriptors),
      netns: netnsAt(artifact, row.offset),
    });
  }
}

/** Names that lsof writes for the EtherType of a socket. */
const ETHER_TYPES: Readonly<Record<string, number>> = {
  ALL: 3,
  IP: 0x0800,
  ARP: 0x0806,
  RARP: 0x8035,
  IPV6: 0x86dd,
  LOOP: 0x0060,
  '8021Q': 0x8100,
};

function* ofLsof(artifact: Artifact): Generator<PacketFact> {
  for (const row of lsofRows(artifact)) {
    const inode = socketInodeOf(row);
    const elsewhere = row.type === 'sock' && row.rest.endsWith('protocol: PACKET');
    if (inode === undefined || (row.type !== 'pack' && !elsewhere)) continue;
    const [, name = '', kind] = /(?<!\S)(\S{1,16}) type=SOCK_(RAW|DGRAM)/.exec(row.rest) ?? [];
    yield fact(row, {
      type: kind === undefined ? unseen('absent') : kind === 'RAW' ? 3 : 2,
      protocol: entryOf(ETHER_TYPES, name.toUpperCase()) ?? unseen('absent'),
      ifindex: unseen('absent'),
      uid: unseen('absent'),
      inode,
      netns: 0,
    });
  }
}

function fact({ offset, line }: { readonly offset: number; readonly line: number }, socket: PacketSocket): PacketFact {
  return { body: { kind: 'packet_socket', socket }, at: { offset, line } };
}
