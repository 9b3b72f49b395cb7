import { entryOf } from '../../lib/table.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { InetSocket } from '../../model/observations/socket.ts';
import { defineParser, issueAt, type Beside, type Fact, type ParserIssue } from '../../model/parser.ts';
import { unseen } from '../../model/unseen.ts';
import { inetSocket } from '../linux/net-tables.ts';
import { descriptorsOf, HELD_BY, inodeOfSocket, netnsAt } from './held.ts';
import { lsofRows, socketInodeOf } from './lsof-rows.ts';
import { netstatRows } from './netstat-rows.ts';
import { endpointOf, ssRows, STATES } from './ss-rows.ts';

const OF_PROC = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6', 'icmp', 'icmp6'] as const;
/** The fullest first: each gives the sockets that none before it shows. */
const TABLES: readonly string[] = [
  ...OF_PROC.map((name) => `foreign/net-${name}`),
  'foreign/ss',
  'foreign/netstat',
  'foreign/lsof',
];

type InetFact = Fact<'inet_socket'>;

/** Sockets of the internet families from the tables of /proc/net, ss, netstat and lsof. */
export const foreignInetSockets = defineParser({
  id: 'foreign/inet-sockets',
  summary: 'TCP, UDP and raw sockets from /proc/net, ss, netstat and lsof, as other tools collect them.',
  reads: TABLES,
  beside: [...TABLES, ...HELD_BY],
  yields: ['inet_socket'],
  *parse(artifact, beside) {
    const near: Beside = (name) => (name === artifact.name ? artifact : beside(name));
    const known = new Set<number | string>();
    let had = 0;
    for (const name of TABLES.slice(0, TABLES.indexOf(artifact.name) + 1)) {
      const table = near(name);
      if (table === undefined) continue;
      for (const fact of factsOf(name, table, near)) {
        if ('issue' in fact) {
          if (name === artifact.name) yield fact;
          continue;
        }
        const { inode, protocol, localAddress, localPort, remoteAddress, remotePort } = fact.body.socket;
        // A row without inode, or with one that was made up, may be one that was shown with it.
        const words = `${protocol} ${anyAddress(localAddress)} ${localPort} ${anyAddress(remoteAddress)} ${remotePort}`;
        const isKnown = inode === 0 || inode > KERNEL ? known.has(words) : known.has(inode);
        if (inode !== 0) known.add(inode);
        known.add(words);
        if (isKnown || name !== artifact.name) continue;
        had += 1;
        yield fact;
      }
    }
    const table = OF_PROC.find((one) => artifact.name === `foreign/net-${one}`);
    if (table !== undefined)
      yield { gap: 'absent', artifact: artifact.name, detail: `this table shows ${table} alone`, missing: 0.5 };
    else if (had === 0 && known.size === 0)
      yield {
        gap: 'absent',
        artifact: artifact.name,
        detail: 'it lists no socket of the internet families by number',
        missing: 0.5,
      };
  },
});

const KERNEL = 2 ** 32;

function anyAddress(address: string): string {
  return address === '0.0.0.0' || address === '::' || address === '*' ? '*' : address;
}

function* factsOf(name: string, artifact: Artifact, beside: Beside): Generator<InetFact | ParserIssue> {
  if (name === 'foreign/ss') yield* ofSs(artifact, beside);
  else if (name === 'foreign/netstat') yield* ofNetstat(artifact);
  else if (name === 'foreign/lsof') yield* ofLsof(artifact);
  else yield* ofTable(name.slice('foreign/net-'.length), artifact);
}

function* ofTable(table: string, artifact: Artifact): Generator<InetFact | ParserIssue> {
  for (const { text, offset, number } of linesOf(artifact.bytes)) {
    if (text.trim() === '' || /^\s*sl\s/.test(text)) continue;
    const socket = inetSocket(table, text.trim().split(/\s+/), netnsAt(artifact, offset));
    const at = { offset, line: number };
    yield socket === undefined
      ? issueAt(`not a row of /proc/net/${table}`, at)
      : { body: { kind: 'inet_socket', socket }, at };
  }
}

function* ofSs(artifact: Artifact, beside: Beside): Generator<InetFact> {
  const descriptors = descriptorsOf(beside);
  for (const row of ssRows(artifact)) {
    if ('filter' in row || row.what.family !== 'inet') continue;
    const { protocol, state, local, remote } = row.what;
    yield fact(row, {
      protocol,
      version: local.address.includes(':') ? 6 : 4,
      localAddress: local.address,
      localPort: local.port,
      remoteAddress: remote.address,
      remotePort: remote.port,
      state,
      uid: row.uid ?? unseen('absent'),
      inode: inodeOfSocket(row, descriptors),
      netns: netnsAt(artifact, row.offset),
    });
  }
}

function* ofNetstat(artifact: Artifact): Generator<InetFact> {
  for (const row of netstatRows(artifact))
    yield fact(row, {
      protocol: row.protocol,
      version: row.version,
      localAddress: row.local.address,
      localPort: row.local.port,
      remoteAddress: row.remote.address,
      remotePort: row.remote.port,
      state: row.state,
      uid: row.uid ?? unseen('absent'),
      inode: row.inode ?? row.madeUp,
      netns: netnsAt(artifact, row.offset),
    });
}

/** `IPv4 114534 0t0 TCP 192.0.2.20:22->192.0.2.10:58100 (ESTABLISHED)`; of raw sockets the addresses stand as in /proc. */
function* ofLsof(artifact: Artifact): Generator<InetFact> {
  for (const row of lsofRows(artifact)) {
    const inode = socketInodeOf(row);
    const [, protocol, local = '', remote = '*:*', state] =
      /^\d+ +\S+ +(TCP|UDP) (\S+?)(?:->(\S+))?(?: \((\w+)\))?$/.exec(row.rest) ?? [];
    if (inode === undefined || protocol === undefined || !row.type.startsWith('IPv')) continue;
    const [here, there] = [endpointOf(local), endpointOf(remote)];
    if (here === undefined || there === undefined) continue;
    yield fact(row, {
      protocol: protocol === 'TCP' ? 'tcp' : 'udp',
      version: row.type === 'IPv6' ? 6 : 4,
      localAddress: here.address,
      localPort: here.port,
      remoteAddress: there.address,
      remotePort: there.port,
      state: entryOf(STATES, state ?? '') ?? 7,
      uid: unseen('absent'),
      inode,
      netns: 0,
    });
  }
}

function fact({ offset, line }: { readonly offset: number; readonly line: number }, socket: InetSocket): InetFact {
  return { body: { kind: 'inet_socket', socket }, at: { offset, line } };
}
