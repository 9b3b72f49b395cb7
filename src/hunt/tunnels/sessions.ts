import { P, PROTOCOL_NAMES } from '../../packets/dissect/protocols.ts';
import { framesFilter, timeText, told } from '../moment.ts';
import type { Conversations } from '../rhythms/conversations.ts';
import type { Names } from '../rhythms/names.ts';
import { SPEECH, type Speech } from '../rhythms/speech.ts';
import type { NetworkEvent, Scene } from '../watcher.ts';

/** Longer than an application keeps a connection that it does not need for its own work. */
const LONG_MICROS = 4 * 3600e6;
/** More than logs and questions are, and so many times what comes back. */
const MUCH_BYTES = 50e6;
const OUTWEIGHS = 10;
/** So many of one name are told of one pair of hosts. */
const MOST_TOLD = 10_000;

/** Ports of one protocol alone, and what is spoken there; anything else is a guest. */
const OWNERS: ReadonlyMap<number, { readonly stream: boolean; readonly own: ReadonlySet<Speech> }> = new Map([
  [53 << 1, { stream: false, own: new Set([SPEECH.dns]) }],
  [(53 << 1) | 1, { stream: true, own: new Set([SPEECH.dns]) }],
  [123 << 1, { stream: false, own: new Set([SPEECH.ntp]) }],
]);
/** Less may be a message that came in pieces, or a broken one. */
const LEAST_BYTES = 1000;
/** Ports at which nobody expects a login by SSH. */
const NO_SSH: ReadonlySet<number> = new Set([25, 80, 110, 123, 143, 443, 465, 587, 853, 993, 995, 8080, 8443]);

/** What a session shows when it is over: a guest at another protocol's port, hours without a name, much that went out. */
export function sessions(scene: Scene, conversations: Conversations, names: Names) {
  const { addresses, flows } = scene;
  const known = new Set<string>();

  const tell = (flow: number, event: Pick<NetworkEvent, 'name' | 'text' | 'measures'>) => {
    const { columns } = flows;
    const [from, to] = [columns.initiator[flow]!, columns.responder[flow]!];
    const key = `${event.name} ${from} ${to} ${columns.ports[flow]! & 0xffff}`;
    if (known.has(key) || known.size >= MOST_TOLD) return;
    known.add(key);
    const [host, peer] = [addresses.text(from), addresses.text(to)];
    const protocol = PROTOCOL_NAMES[columns.kind[flow]! & 255] ?? '';
    const [first, last] = [columns.firstFrame[flow]!, columns.lastFrame[flow]!];
    const beginning = conversations.first(flow, first, columns.firstMicros[flow]!);
    scene.tell({
      ...event,
      text: `${host} ${event.text} ${peer}, ${protocol} port ${columns.ports[flow]! & 0xffff}`,
      host,
      peer,
      srcPort: columns.ports[flow]! >>> 16,
      dstPort: columns.ports[flow]! & 0xffff,
      protocol,
      path: protocol,
      first: timeText(columns.firstMicros[flow]!),
      last: timeText(columns.lastMicros[flow]!),
      frames: [told(beginning, `${host} began with ${peer}`)],
      filter: framesFilter([first, last]),
    });
  };

  return {
    /** Called when a flow of TCP or UDP has ended. */
    flowEnded(flow: number) {
      const { columns } = flows;
      const [sent, got] = [columns.bytesForward[flow]!, columns.bytesBack[flow]!];
      if (sent === 0 || got === 0) return;
      const stream = (columns.kind[flow]! & 255) === P.tcp;
      const port = columns.ports[flow]! & 0xffff;
      const [forward, back] = [conversations.forward(flow), conversations.back(flow)];
      const owner = OWNERS.get((port << 1) | Number(stream));
      const ssh = forward === SPEECH.ssh && back === SPEECH.ssh && NO_SSH.has(port);
      const guest = owner !== undefined && !owner.own.has(forward) && !owner.own.has(back);
      if (ssh || (guest && sent + got >= LEAST_BYTES))
        tell(flow, {
          name: 'foreign-protocol',
          text: `speaks ${ssh ? 'SSH' : 'another protocol than the port is for'} with`,
          measures: { ssh, sentBytes: sent, receivedBytes: got },
        });
      const peer = columns.responder[flow]!;
      const host = columns.initiator[flow]!;
      const seconds = Math.round((columns.lastMicros[flow]! - columns.firstMicros[flow]!) / 1e6);
      const long = seconds * 1e6 >= LONG_MICROS;
      const much = sent >= MUCH_BYTES && sent >= OUTWEIGHS * got;
      if ((!long && !much) || addresses.isPrivate(peer) || addresses.isGroup(peer) || addresses.areNear(host, peer))
        return;
      if (conversations.named(flow) || names.has(peer)) return;
      const measures = { seconds, sentBytes: sent, receivedBytes: got };
      if (long)
        tell(flow, {
          name: 'long-connection',
          text: `had a session of ${Math.round(seconds / 3600)} hours, without a name, with`,
          measures,
        });
      if (much)
        tell(flow, {
          name: 'transfer-outward',
          text: `sent ${Math.round(sent / 1e6)} MB, without a name, to`,
          measures,
        });
    },
  };
}
