import { defineDetector, notSeen } from '../../model/detector.ts';
import type { Observation } from '../../model/observation.ts';
import { isUnseen } from '../../model/unseen.ts';
import { HOST_KINDS, HOST_USES, viewOf, type HostView } from './host-view.ts';

/**
 * Two views of one ear: the kernel's stack of the process that waits, and the tables of sockets. A rootkit that takes a packet
 * socket out of the tables, or a descriptor out of a folder, leaves the stack as it is.
 */
export const unlistedEar = defineDetector({
  id: 'linux/unlisted-ear',
  title: 'Process that waits for packets on a socket that no listing shows',
  level: 'high',
  status: 'experimental',
  attack: ['T1014', 'T1205.002'],
  needs: ['process', 'packet_socket', 'inet_socket', 'kernel_wait'],
  uses: [...HOST_KINDS, ...HOST_USES],
  judges: 'kernel_wait',
  identity: ['the program', 'the function of the kernel in which it waits'],
  falsePositives: ['A program that closed its socket in the middle of the look: then the next scan does not show it.'],
  next: ['scan again: a process that still waits and holds no such socket has a hidden one'],
  *detect(facts) {
    const view = viewOf(facts);
    const tablesWhole = facts.isWhole('packet_socket') && facts.isWhole('inet_socket');
    for (const row of facts.each('kernel_wait')) {
      const holder = view.byPid.get(row.wait.pid);
      if (holder === undefined) continue;
      const { pid, comm, exe, socketInodes } = holder.process;
      if (isUnseen(socketInodes)) {
        yield notSeen(row, 'process.socketInodes');
        continue;
      }
      if (socketInodes.some((inode) => isEar(view, inode))) continue;
      if (!tablesWhole) {
        yield notSeen(row, 'the tables of sockets');
        continue;
      }
      const program = typeof exe === 'string' ? exe : undefined;
      yield {
        message: `${comm} (pid ${pid}${program === undefined ? '' : `, ${program}`}) waits in ${row.wait.function} of the kernel, and holds no packet or raw socket that is listed`,
        subject: { pid, comm, ...(program === undefined ? {} : { exe: program }) },
        identity: [program ?? comm, row.wait.function],
        evidence: [
          { observation: row, text: `/proc/${pid}/stack: ${row.wait.function}` },
          {
            observation: holder,
            text: `/proc/${pid}/fd: ${socketInodes.length} sockets, none of them in the tables of packet and raw sockets`,
          },
        ],
        next: [
          'scan again: a process that still waits and holds no such socket has a hidden one',
          `see what it holds: ls -l /proc/${pid}/fd; cat /proc/${pid}/stack; grep '' /proc/${pid}/net/packet`,
        ],
      };
    }
  },
});

function isEar(view: HostView, inode: number): boolean {
  const inet: Observation<'inet_socket'> | undefined = view.inetSockets.get(inode);
  return view.packetSockets.has(inode) || inet?.socket.protocol === 'raw';
}
