import type { FileTree, TreeEntry } from '../file-tree.ts';
import type { UnseenReason } from '../../model/unseen.ts';

/** One thing in an archive or folder, as it was found there. */
export type Member =
  | { readonly type: 'file'; readonly bytes: Uint8Array; readonly cut: boolean; readonly sizeBytes: number }
  | { readonly type: 'link'; readonly target: string }
  | { readonly type: 'directory' }
  | { readonly type: 'other' };

/** Why a member was left out, or that all behind it is missing. */
export interface Fault {
  readonly member: string;
  readonly reason: string;
}

/** What is taken from one archive or folder. More than any honest collection of text; a bomb ends here. */
export interface Limits {
  readonly members: number;
  /** Kept of one member. */
  readonly memberBytes: number;
  /** Kept of all. */
  readonly keptBytes: number;
  /** Unpacked, kept or not. */
  readonly unpackedBytes: number;
  /** Unpacked bytes for one packed, once there are many. */
  readonly ratio: number;
  readonly nameLength: number;
  readonly depth: number;
}

export const LIMITS: Limits = {
  members: 500_000,
  memberBytes: 64 << 20,
  keptBytes: 256 << 20,
  unpackedBytes: 16 * 2 ** 30,
  ratio: 200,
  nameLength: 4096,
  depth: 64,
};

const FAULTS_KEPT = 20;
const LINKS_FOLLOWED = 16;

/**
 * The members of an archive or folder in memory: nothing of it is ever written. Names are kept as a tree of their own, so that
 * `..`, an absolute name, a link or a name twice can lead nowhere but within.
 */
export class Members {
  readonly #all = new Map<string, Member>();
  readonly #folders = new Map<string, Set<string>>([['', new Set()]]);
  readonly #faults: Fault[] = [];
  readonly #limits: Limits;
  #kept = 0;
  #left = 0;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  /** What could not be taken, in order; the last says how many more there are. */
  get faults(): readonly Fault[] {
    const more = this.#left - FAULTS_KEPT;
    return more > 0
      ? [...this.#faults, { member: '', reason: `${more} more members that were left out` }]
      : this.#faults;
  }

  get size(): number {
    return this.#all.size;
  }

  /** How much of a member would be kept: 0 for one that says nothing here or no longer fits. */
  room(sizeBytes: number): number {
    return Math.max(0, Math.min(sizeBytes, this.#limits.memberBytes, this.#limits.keptBytes - this.#kept));
  }

  fault(member: string, reason: string): void {
    this.#left += 1;
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push({ member, reason });
  }

  /** Takes a member under its name, or says why not. The first of a name stays. */
  add(name: string, member: Member): void {
    const path = pathOf(name, this.#limits);
    if (typeof path === 'object') return this.fault(name.slice(0, 200), path.fault);
    if (path === '') return;
    if (this.#all.size >= this.#limits.members) return this.fault(name, `more than ${this.#limits.members} members`);
    const known = this.#all.get(path);
    if (known?.type === 'directory' && member.type === 'directory') return;
    if (known !== undefined) return this.fault(path, 'the name comes twice; the first is read');
    const above = this.#blockedBy(path);
    if (above !== undefined) return this.fault(path, `it lies below ${above}, which is no folder`);
    if (member.type === 'file') this.#kept += member.bytes.length;
    this.#all.set(path, member);
    this.#enlist(path);
  }

  /** Names of the files, sorted by code unit. */
  files(): readonly string[] {
    return [...this.#all].flatMap(([path, { type }]) => (type === 'file' ? [path] : [])).sort();
  }

  get(path: string): Member | undefined {
    return this.#all.get(path) ?? (this.#folders.has(path) ? { type: 'directory' } : undefined);
  }

  /** The file that a path leads to, links followed within; undefined for none. */
  file(path: string): Extract<Member, { type: 'file' }> | undefined {
    const end = this.resolve(path);
    const member = end === undefined ? undefined : this.#all.get(end);
    return member?.type === 'file' ? member : undefined;
  }

  names(folder: string): readonly string[] | undefined {
    const names = this.#folders.get(folder);
    return names && [...names].sort();
  }

  /**
   * Where a path ends once links are followed; undefined where it leads out, in a circle or to nothing.
   *
   * @param root The folder that a link to `/` means.
   */
  resolve(path: string, root = ''): string | undefined {
    let rest = path.split('/').filter((part) => part !== '');
    let at: string[] = [];
    for (let followed = 0; rest.length > 0;) {
      const [part = '', ...others] = rest;
      rest = others;
      if (part === '.') continue;
      if (part === '..') {
        if (at.length === 0 || at.join('/') === root) return undefined;
        at = at.slice(0, -1);
        continue;
      }
      const here = [...at, part].join('/');
      const member = this.get(here);
      if (member === undefined) return undefined;
      if (member.type !== 'link') {
        at = [...at, part];
        continue;
      }
      followed += 1;
      if (followed > LINKS_FOLLOWED || rest.length > this.#limits.depth) return undefined;
      rest = [...member.target.split('/').filter((one) => one !== ''), ...rest];
      if (member.target.startsWith('/')) at = root === '' ? [] : root.split('/');
    }
    return at.join('/');
  }

  /** A folder of it as the tree of a host's files. `known` tells what a listing beside it says of a path. */
  tree(root: string, known: (path: string) => Partial<TreeEntry> | undefined = () => undefined): FileTree {
    const inside = (path: string) => [root, path.replace(/^\/+/, '')].filter((part) => part !== '').join('/');
    return {
      list: (folder) => {
        const end = this.resolve(inside(folder), root);
        return (end === undefined ? undefined : this.names(end)) ?? 'absent';
      },
      stat: (path) => this.#entry(inside(path), path, root, known),
      read: (path, limitBytes) => {
        const end = this.resolve(inside(path), root);
        const member = end === undefined ? undefined : this.#all.get(end);
        if (member?.type !== 'file') return 'absent';
        return {
          bytes: member.bytes.subarray(0, limitBytes),
          cut: member.cut || member.bytes.length > limitBytes,
        };
      },
    };
  }

  #entry(
    path: string,
    shown: string,
    root: string,
    known: (path: string) => Partial<TreeEntry> | undefined,
  ): TreeEntry | UnseenReason {
    const slash = path.lastIndexOf('/');
    const folder = this.resolve(path.slice(0, Math.max(0, slash)), root);
    if (folder === undefined) return 'absent';
    const member = this.get([folder, path.slice(slash + 1)].filter((part) => part !== '').join('/'));
    if (member === undefined) return 'absent';
    const { type, target, ...told } = known(shown) ?? {};
    // Of what was left out, a listing says what it is; and that a folder here, /lib, is a link there.
    const believed =
      type !== undefined && (member.type === 'other' || (member.type === 'directory' && type === 'link'));
    return {
      sizeBytes: member.type === 'file' ? member.sizeBytes : 0,
      ...(member.type === 'link' ? { target: member.target } : {}),
      ...told,
      type: believed ? type : member.type,
      ...(believed && target !== undefined ? { target } : {}),
    };
  }

  #blockedBy(path: string): string | undefined {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const above = this.#all.get(path.slice(0, slash));
      if (above !== undefined && above.type !== 'directory') return path.slice(0, slash);
    }
    return undefined;
  }

  #enlist(path: string): void {
    for (let end = path.length; ;) {
      const slash = path.lastIndexOf('/', end - 1);
      const folder = slash === -1 ? '' : path.slice(0, slash);
      const names = this.#folders.get(folder);
      if (names === undefined) this.#folders.set(folder, new Set([path.slice(slash + 1, end)]));
      else if (names.has(path.slice(slash + 1, end))) return;
      else names.add(path.slice(slash + 1, end));
      if (slash === -1) return;
      end = slash;
    }
  }
}

/** A member's name as a relative path, or what is wrong with it. */
function pathOf(name: string, { nameLength, depth }: Limits): string | { readonly fault: string } {
  if (name.length > nameLength) return { fault: `its name is longer than ${nameLength}` };
  if (name.startsWith('/') || /^[A-Za-z]:[\\/]/.test(name)) return { fault: 'its name is absolute' };
  if (/[\0-\x1f\x7f]/.test(name)) return { fault: 'its name holds control characters' };
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { fault: 'its name leads out of the archive' };
  if (parts.length > depth) return { fault: `it lies deeper than ${depth} folders` };
  return parts.join('/');
}

/** What was in an archive; `broken` says why nothing came after some place. */
export interface Unpacked {
  readonly members: Members;
  readonly broken?: string;
}
