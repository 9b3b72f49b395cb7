import { idOf } from '../../lib/hash.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Beside } from '../../model/parser.ts';
import { descriptorOf, lsofRows, socketInodeOf } from './lsof-rows.ts';
import { linkRows } from './link-rows.ts';
import type { SsRow } from './ss-rows.ts';

/** What `socketsHeld` needs to lie beside. */
export const HELD_BY = ['foreign/lsof', 'foreign/proc-links'] as const;

/** The inode of each socket descriptor that a listing shows: `pid/fd` to inode. */
export type Descriptors = ReadonlyMap<string, number>;

export function descriptorsOf(beside: Beside): Descriptors {
  const found = new Map<string, number>();
  const lsof = beside('foreign/lsof');
  for (const row of lsof ? lsofRows(lsof) : []) {
    const [fd, inode] = [descriptorOf(row), socketInodeOf(row)];
    if (fd !== undefined && inode !== undefined) found.set(`${row.pid}/${fd}`, inode);
  }
  const links = beside('foreign/proc-links');
  for (const { pid, what, target } of links ? linkRows(links) : []) {
    const [, fd] = /^fd\/(\d+)$/.exec(what) ?? [];
    const [, inode] = /^socket:\[(\d{1,15})\]$/.exec(target) ?? [];
    if (fd !== undefined && inode !== undefined) found.set(`${pid}/${fd}`, Number(inode));
  }
  return found;
}

/** Above every inode of the kernel, which has 32 bits for sockets. */
const MADE_UP = 2 ** 43;

/** A number that stands for a socket whose inode nothing shows: the same words give the same number. */
export function madeUpInode(...words: readonly (string | number)[]): number {
  return MADE_UP + parseInt(idOf(...words.map(String)).slice(0, 10), 16);
}

/**
 * The inode of a socket of ss: as printed; else that of the descriptor of one of its holders; else a number made of the first
 * of them; 0 where nobody is named.
 */
export function inodeOfSocket({ inode, holders }: SsRow, descriptors: Descriptors): number {
  if (inode !== undefined) return inode;
  for (const { pid, fd } of holders) {
    const known = descriptors.get(`${pid}/${fd}`);
    if (known !== undefined) return known;
  }
  const [first] = [...holders].sort((a, b) => a.pid - b.pid || a.fd - b.fd);
  return first === undefined ? 0 : madeUpInode(first.pid, first.fd);
}

/**
 * Number of the network namespace of an output: 0 is that of the collector; another one is named in the path of the output,
 * as sos does (`ip_netns_exec_NAME_…`).
 */
export function netnsAt({ origins }: Artifact, offset: number): number {
  const origin = origins?.findLast((one) => one.offset <= offset)?.name ?? '';
  const name = /(?:^|\/)namespaces\/([^/]+)\/|ip_netns_exec_([^_/]+)_/.exec(origin);
  return name === null ? 0 : madeUpInode('netns', name[1] ?? name[2] ?? '');
}
