import { closeSync, fstatSync, readFileSync, readSync, readlinkSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { openQuietly } from '../folder-tree.ts';
import { liveTree, type LiveTree } from '../live-tree.ts';
import type { UnseenReason } from '../../model/unseen.ts';
import type { Container } from './find.ts';

/** The root folder of a container of this host, as long as it runs. */
export interface ContainerRoot {
  readonly tree: LiveTree;
  /** Of the first process: what is mounted where, as it sees it. */
  readonly mountinfo: Uint8Array;
}

/** Why there is none: for people as well. */
export interface NoRoot {
  readonly reason: UnseenReason;
  readonly detail: string;
}

/**
 * Opens the root folder of a container, as its first process has it. What other hosts, programs and the kernel serve is not
 * entered. A process that has the number of one that ended is not taken for it.
 */
export function openRoot({ init, startTicks, mntns }: Container): ContainerRoot | NoRoot {
  try {
    const mountinfo = readFileSync(`/proc/${init}/mountinfo`);
    const tree = liveTree(`/proc/${init}/root`, servedIn(mountinfo.toString()));
    const stat = readFileSync(`/proc/${init}/stat`, 'latin1');
    const began = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    if (began === startTicks && readlinkSync(`/proc/${init}/ns/mnt`) === `mnt:[${mntns}]`) return { tree, mountinfo };
    tree.close();
    return { reason: 'absent', detail: 'the container ended after the look at its processes' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown cause';
    return code === 'EACCES' || code === 'EPERM'
      ? { reason: 'denied', detail: 'the root folder of the container' }
      : { reason: 'absent', detail: `the root folder of the container cannot be opened (${code})` };
  }
}

/** File systems that the kernel makes up: nothing of a container rests there. */
const MADE_UP =
  /^(?:proc|sysfs|cgroup2?|devpts|mqueue|debugfs|tracefs|securityfs|bpf|fusectl|configfs|pstore|efivarfs|binfmt_misc|nsfs)$/;
/** File systems behind which another host or a program answers, maybe never. */
const SERVED =
  /^(?:rpc_pipefs|nfsd?|nfs4|autofs|cifs|smb3?|9p|virtiofs|ceph|lustre|gpfs|afs|glusterfs|fuse(?:blk|\..*)?)$/;

/** Folders on which such file systems are mounted; the root itself is entered whatever it is. */
function servedIn(mountinfo: string): ReadonlyMap<string, 'empty' | 'unsupported'> {
  const points = new Map<string, 'empty' | 'unsupported'>();
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const point = unescapeOctal(before.split(' ')[4] ?? '/');
    const type = after.split(' ')[0] ?? '';
    if (point === '/') continue;
    if (SERVED.test(type)) points.set(point, 'unsupported');
    else if (MADE_UP.test(type)) points.set(point, 'empty');
  }
  return points;
}

function unescapeOctal(text: string): string {
  const bytes = Buffer.from(text).toString('latin1');
  const plain = bytes.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
  return Buffer.from(plain, 'latin1').toString();
}

const PROGRAM_LIMIT = 64 << 20;
const ALL_LIMIT = 1 << 30;
const PART = 1 << 20;

/**
 * Digests of the programs that run in a container: lines of `DIGEST  PID/exe`, MD5 and SHA-256 of each file, once. Programs that
 * were deleted are read as well.
 *
 * @param programs Device and inode of the program by process.
 */
export function programDigests(programs: ReadonlyMap<number, string>): string {
  const lines: string[] = [];
  const done = new Set<string>();
  let left = ALL_LIMIT;
  for (const [pid, file] of programs) {
    if (done.has(file) || left <= 0) continue;
    done.add(file);
    const digests = digestsOf(`/proc/${pid}/exe`, file);
    if (digests === undefined) continue;
    left -= digests.sizeBytes;
    lines.push(...digests.hex.map((digest) => `${digest}  ${pid}/exe\n`));
  }
  return lines.join('');
}

function digestsOf(path: string, file: string): { hex: string[]; sizeBytes: number } | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openQuietly(path);
    const { dev, ino, size } = fstatSync(descriptor, { bigint: true });
    // The number may be that of another process by now, or that one started something else.
    if (`${dev}:${ino}` !== file || size > BigInt(PROGRAM_LIMIT)) return undefined;
    const hashes = ['md5', 'sha256'].map((algorithm) => createHash(algorithm));
    const part = Buffer.allocUnsafe(PART);
    let sizeBytes = 0;
    for (let had = -1; had !== 0 && sizeBytes <= PROGRAM_LIMIT; sizeBytes += had) {
      had = readSync(descriptor, part, 0, PART, sizeBytes);
      for (const one of hashes) one.update(part.subarray(0, had));
    }
    return { hex: hashes.map((one) => one.digest('hex')), sizeBytes };
  } catch {
    return undefined; // it ended, or it is not ours to read: its digest stays unseen
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
