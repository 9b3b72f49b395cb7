import type { Shown } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, type Maybe } from '../../model/unseen.ts';
import { claimOf, isShellProcess, isUnderFalseName } from './claim.ts';
import type { HostView } from './host-view.ts';
import { isForEverybody } from './paths.ts';
import { isVouchedFor, placeOf } from './trust.ts';

type ProcessRow = Observation<'process'>;
type SocketRow = Observation<'inet_socket'>;

/**
 * How far the host explains a process that answers at a port, the least first: `vouched` by a package; `unknown`, as in a
 * container; `elsewhere`, of no package where software of any origin is at home; `foreign`, a shell, a false name, or a
 * program of no package among those of the distribution, in memory or where everybody may write.
 */
const STANDINGS = ['vouched', 'unknown', 'elsewhere', 'foreign'] as const;
type PortStanding = (typeof STANDINGS)[number];

/** Who answers at a port: the holder that the host explains least, or `nobody`. */
export interface PortOwner {
  readonly is: PortStanding | 'nobody';
  readonly holder?: ProcessRow;
  readonly socket?: SocketRow;
}

/**
 * Sockets of a port, those that listen before those of a connection.
 *
 * @param netns Where it is not known, sockets of every namespace count.
 * @param protocol Undefined for any.
 */
export function socketsAt(
  view: HostView,
  netns: Maybe<number>,
  protocol: string | undefined,
  port: number,
): { readonly listening: readonly SocketRow[]; readonly all: readonly SocketRow[] } {
  const all = (indexOf(view).byPort.get(port) ?? []).filter(
    ({ socket }) =>
      (isUnseen(netns) || socket.netns === netns) &&
      (protocol === undefined ? socket.protocol !== 'raw' && socket.protocol !== 'icmp' : socket.protocol === protocol),
  );
  const listening = all.filter(({ socket }) =>
    (view.listeners.get(`${socket.netns}/${socket.protocol}/${port}`) ?? []).some((one) => one.socket === socket),
  );
  return { listening, all };
}

/** Whether a socket of that namespace has the address as its own; where the namespace is not known, any socket. */
export function isOwnAddress(view: HostView, netns: Maybe<number>, address: string): boolean {
  return (indexOf(view).byAddress.get(address) ?? []).some(({ socket }) => isUnseen(netns) || socket.netns === netns);
}

interface Index {
  readonly byPort: ReadonlyMap<number, readonly SocketRow[]>;
  readonly byAddress: ReadonlyMap<string, readonly SocketRow[]>;
}

const indices = new WeakMap<HostView, Index>();

/** A balancer has many thousand flows, and each of them asks. */
function indexOf(view: HostView): Index {
  let index = indices.get(view);
  if (index === undefined) {
    const sockets = [...view.inetSockets.values()];
    index = {
      byPort: Map.groupBy(sockets, ({ socket }) => socket.localPort),
      byAddress: Map.groupBy(sockets, ({ socket }) => socket.localAddress),
    };
    indices.set(view, index);
  }
  return index;
}

export function ownerOf(view: HostView, sockets: readonly SocketRow[]): PortOwner {
  const [first] = sockets;
  if (first === undefined) return { is: 'nobody' };
  const owners = sockets.flatMap((socket) =>
    (view.holders.get(socket.socket.inode) ?? []).map((holder) => ({
      is: standingAtPort(view, holder),
      holder,
      socket,
    })),
  );
  return owners.reduce<PortOwner>(
    (worst, one) => (worst.holder === undefined || rank(one.is) > rank(worst.is) ? one : worst),
    { is: 'unknown', socket: first },
  );
}

const rank = (is: PortOwner['is']): number => STANDINGS.indexOf(is as PortStanding);

export function standingAtPort(view: HostView, row: ProcessRow): PortStanding {
  if (isShellProcess(view, row) || (claimOf(view, row) !== undefined && isUnderFalseName(view, row))) return 'foreign';
  if (isVouchedFor(view, row)) return 'vouched';
  const { exe } = row.process;
  if (view.standingOf(row).is !== 'unpackaged' || typeof exe !== 'string') return 'unknown';
  return placeOf(view, exe) === 'elsewhere' && !isForEverybody(exe) ? 'elsewhere' : 'foreign';
}

/** `sshd (pid 500)`, or that nobody is seen there. */
export function wordsOfOwner({ is, holder }: PortOwner): string {
  if (holder === undefined) return is === 'nobody' ? 'where nobody listens' : 'whose holder was not seen';
  const why = {
    vouched: 'of a package',
    unknown: 'of unknown origin',
    elsewhere: 'of no package',
    foreign: 'which nothing on this host explains',
  }[is as PortStanding];
  return `which ${holder.process.comm} (pid ${holder.process.pid}) serves, ${why}`;
}

export function subjectOfOwner({ holder }: PortOwner): { pid?: number; comm?: string } {
  return holder === undefined ? {} : { pid: holder.process.pid, comm: holder.process.comm };
}

export function shownOwner({ holder, socket }: PortOwner, what: string): Shown[] {
  if (holder === undefined || socket === undefined) return [];
  const { protocol, localAddress, localPort } = socket.socket;
  const { comm, pid, exe } = holder.process;
  return [
    { observation: socket, text: `${protocol} ${localAddress}:${localPort}, inode ${socket.socket.inode}` },
    { observation: holder, text: `${comm} (pid ${pid}${typeof exe === 'string' ? `, ${exe}` : ''}) ${what}` },
  ];
}

/** Published of one build; it adds a word and no weight. */
export const isOfBpfDoor = (port: number): boolean => port >= 42_391 && port <= 43_390;
