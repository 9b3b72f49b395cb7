import { defineDetector, notSeen } from '../../model/detector.ts';
import { FIRST_PID_NAMESPACE } from '../../model/observations/process.ts';
import { etherTypeText } from '../../packets/ether-type.ts';
import { isUnseen, seen } from '../../model/unseen.ts';
import { viewOf } from './host-view.ts';
import { HOST_KINDS, HOST_USES } from './host-view.ts';

/** A socket that the kernel lists and no process holds: its owner is hidden, or it ended in the middle of the look. */
export const ownerlessSocket = defineDetector({
  id: 'linux/ownerless-socket',
  title: 'Packet or raw socket that no process holds',
  level: 'high',
  status: 'experimental',
  attack: ['T1014', 'T1205.002'],
  needs: HOST_KINDS,
  uses: HOST_USES,
  judges: 'process',
  identity: ['kind of socket', 'protocol'],
  falsePositives: ['The owner ended or began in the middle of the look: then the next scan does not show it again.'],
  next: ['scan again: a socket that stays without owner has a hidden one', 'compare with ss -0pn and ss -wpn'],
  *detect(facts) {
    const view = viewOf(facts);
    const blind = view.processes.filter(({ process }) => isUnseen(process.socketInodes));
    for (const row of blind) yield notSeen(row, 'process.socketInodes');
    const first = view.byPid.get(1);
    const inside = first === undefined || seen(first.process.pidns) !== FIRST_PID_NAMESPACE;
    const ears = [
      ...view.packetSockets.values(),
      ...[...view.inetSockets.values()].filter(({ socket }) => socket.protocol === 'raw'),
    ];
    for (const ear of ears) {
      const { inode } = ear.socket;
      // The reader of filters looked for a holder a second time, after the tables: what it found has one.
      if (inode === 0 || view.holders.has(inode) || view.filters.get(inode)?.filter.pid !== undefined) continue;
      if (blind.length > 0 || inside) {
        yield notSeen(first ?? ear, 'the holder of a socket');
        continue;
      }
      const what =
        ear.kind === 'packet_socket'
          ? `packet socket, EtherType ${isUnseen(ear.socket.protocol) ? 'not seen' : etherTypeText(ear.socket.protocol)}`
          : `raw socket, IP protocol ${ear.socket.localPort}`;
      yield {
        message: `a ${what} (inode ${inode}) is open, and no process holds it`,
        subject: { socket: what, inode },
        identity: [ear.kind, what],
        evidence: [
          {
            observation: ear,
            text: `${what}, inode ${inode}, uid ${seen(ear.socket.uid) ?? '?'}; in no /proc/PID/fd, asked twice`,
          },
        ],
      };
    }
  },
});
