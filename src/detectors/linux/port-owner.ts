import type { Shown } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen, type Maybe } from '../../model/unseen.ts';
import { EXPLANATION_WORDS, explanationOf, isLessExplained, type Explanation } from './explanation.ts';
import type { HostView } from './host-view.ts';

type ProcessRow = Observation<'process'>;
type SocketRow = Observation<'inet_socket'>;

/** Who answers at a port: the holder that the host explains least, or `nobody`. */
export interface PortOwner {
  readonly is: Explanation | 'nobody';
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
      is: explanationOf(view, holder),
      holder,
      socket,
    })),
  );
  const [owner, ...others] = owners;
  if (owner === undefined) return { is: 'unknown', socket: first };
  return others.reduce((worst, one) => (isLessExplained(one.is, worst.is) ? one : worst), owner);
}

/** `sshd (pid 500)`, or that nobody is seen there. */
export function wordsOfOwner({ is, holder }: PortOwner): string {
  if (is === 'nobody') return 'where nobody listens';
  if (holder === undefined) return 'whose holder was not seen';
  return `which ${holder.process.comm} (pid ${holder.process.pid}) serves, ${EXPLANATION_WORDS[is]}`;
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
