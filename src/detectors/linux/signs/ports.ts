import type { WantedPort } from '../../../bpf/meaning/ports.ts';
import type { Observation } from '../../../model/observation.ts';
import { seen } from '../../../model/unseen.ts';
import { isLoopback } from '../addresses.ts';
import type { HostView } from '../host-view.ts';

const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp'];

function listenersAt(
  view: HostView,
  netns: number,
  protocol: string | undefined,
  port: number,
): readonly Observation<'inet_socket'>[] {
  return (protocol === undefined ? PORT_PROTOCOLS : [protocol]).flatMap(
    (one) => view.listeners.get(`${netns}/${one}/${port}`) ?? [],
  );
}

/** The ports of others: neither the process nor another one of its program holds them. */
export function foreignPorts(
  view: HostView,
  row: Observation<'process'>,
  netns: number,
  wanted: readonly WantedPort[],
): readonly WantedPort[] {
  return wanted.filter((port) => !isOwn(view, row, netns, port));
}

/** Whether the process, or another one of its program, holds a socket of that port: a daemon that split itself. */
function isOwn(
  view: HostView,
  { process: { exe, socketInodes } }: Observation<'process'>,
  netns: number,
  { port, protocol }: WantedPort,
): boolean {
  const held = (seen(socketInodes) ?? []).flatMap((inode) => view.inetSockets.get(inode)?.socket ?? []);
  return (
    held.some(
      (socket) =>
        socket.netns === netns &&
        socket.localPort === port &&
        isOfProtocol(socket.protocol, protocol) &&
        !isLoopback(socket.localAddress),
    ) ||
    listenersAt(view, netns, protocol, port).some(
      ({ socket }) =>
        !isLoopback(socket.localAddress) &&
        (view.holders.get(socket.inode) ?? []).some((holder) => holder.process.exe === exe),
    )
  );
}

function isOfProtocol(own: string, wanted: string | undefined): boolean {
  return wanted === undefined ? PORT_PROTOCOLS.includes(own) : own === wanted;
}

/** Whether anybody serves a port. */
export function isServed(view: HostView, netns: number, protocol: string | undefined, port: number): boolean {
  return listenersAt(view, netns, protocol, port).length > 0;
}

/** Who serves a port, as a clause. */
export function serverOf(view: HostView, netns: number, protocol: string | undefined, port: number): string {
  if (view.inetSockets.size === 0) return 'of which nothing shows who serves it';
  const holders = listenersAt(view, netns, protocol, port).flatMap(
    ({ socket }) => view.holders.get(socket.inode) ?? [],
  );
  const [first] = holders;
  if (first) return `which ${first.process.comm} (pid ${first.process.pid}) serves`;
  return isServed(view, netns, protocol, port) ? 'which somebody serves who is not shown' : 'which nobody serves';
}
