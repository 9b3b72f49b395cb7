import { P, PROTOCOL_NAMES } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { framesFilter, momentOf, timeText, told, type Moment } from '../moment.ts';
import type { NetworkEvent, Scene } from '../watcher.ts';
import { AddressSet } from './address-set.ts';
import { ByFlow } from './by-flow.ts';
import type { Conversations } from './conversations.ts';
import { Nodes, speaksSignallingAlone } from './nodes.ts';
import { listedAddresses } from './sctp-addresses.ts';
import { SPEECH } from './speech.ts';

/** So many beginnings are followed at once until they are answered, each by so many packets. */
const MOST_OPEN = 4096;
const MOST_PACKETS = 12;

/** GTP-C, GTP', PFCP. */
const SIGNALLING_PORTS: ReadonlySet<number> = new Set([2123, 3386, 8805]);
/** What every machine asks for: names, time, addresses; and what it logs. */
const HOUSEKEEPING: ReadonlySet<number> = new Set([53, 67, 68, 123, 161, 162, 514, 546, 547, 5353]);

/** Chunks of SCTP. */
const INIT = 1;
const INIT_ACK = 2;
const COOKIE_ACK = 11;

/** The packets of an association or a session that has begun and waits for its answer. */
interface Open {
  readonly kind: 'association' | 'session';
  readonly moments: Moment[];
  /** What addresses the one who began says it has, and the other one. */
  readonly listed: [readonly number[], readonly number[]];
}

/**
 * What signalling nodes, which speak with the same few peers for years, have not done before: a peer that was never there sets up
 * an association; the node itself opens a session to an address outside.
 */
export function signalling(scene: Scene, conversations: Conversations) {
  const { addresses, flows } = scene;
  const nodes = new Nodes();
  let forgotten = 0;
  const open = new ByFlow<Open>();
  /** Who has had a session with an address outside, a node or not yet one. */
  const talkers = new AddressSet();

  const endsOf = (flow: number) => [flows.columns.initiator[flow]!, flows.columns.responder[flow]!] as const;
  const portOf = (flow: number) => flows.columns.ports[flow]! & 0xffff;

  const isSignalling = (sight: Sight) =>
    sight.protocol === P.tcp
      ? conversations.forward(sight.flow) === SPEECH.diameter
      : SIGNALLING_PORTS.has(portOf(sight.flow));

  const begin = (sight: Sight, kind: Open['kind']) => {
    if (open.size < MOST_OPEN) open.set(sight.flow, { kind, moments: [momentOf(sight)], listed: [[], []] });
    else forgotten += 1;
  };

  const tell = (
    sight: Sight,
    moments: readonly Moment[],
    [host, peer]: readonly [number, number],
    event: Pick<NetworkEvent, 'name' | 'text' | 'measures'>,
  ) => {
    const ports = flows.columns.ports[sight.flow]!;
    const [began, port] = [endsOf(sight.flow)[0] === host, { from: ports >>> 16, to: ports & 0xffff }];
    const [own, other] = [addresses.text(host), addresses.text(peer)];
    scene.tell({
      ...event,
      host: own,
      peer: other,
      srcPort: began ? port.from : port.to,
      dstPort: began ? port.to : port.from,
      protocol: PROTOCOL_NAMES[sight.protocol] ?? '',
      path: scene.path(sight.level),
      first: timeText(moments[0]!.micros),
      last: timeText(sight.micros),
      frames: moments.map((moment) => told(moment, began ? `${own} turns to ${other}` : `${other} turns to ${own}`)),
      filter: framesFilter(moments.map(({ frame }) => frame)),
    });
  };

  /** An association stands: is one of both new to the other? */
  const associated = (sight: Sight, { moments, listed }: Open) => {
    const [from, to] = endsOf(sight.flow);
    for (const [host, peer] of [
      [to, from],
      [from, to],
    ] as const) {
      const surprised = nodes.meet(host, peer, sight.micros, listed[peer === from ? 0 : 1]);
      if (surprised === undefined) continue;
      const hours = Math.round((sight.micros - surprised.sinceMicros) / 3600e6);
      tell(sight, moments, [host, peer], {
        name: 'first-seen-peer',
        text: `${addresses.text(peer)}, never seen before, has an association with ${addresses.text(host)}, whose peers (${surprised.known}) were the same for most of ${hours} hours`,
        measures: { peers: surprised.known, learnedHours: hours, initiated: host === from },
      });
    }
  };

  /** A session outward stands. */
  const answered = (sight: Sight, begun: Open) => {
    const [host, peer] = endsOf(sight.flow);
    const speech = conversations.forward(sight.flow);
    if (speech === SPEECH.diameter) return associated(sight, begun);
    const node = nodes.get(host);
    if (node === undefined || node.peers.has(peer)) return;
    const alone = !talkers.has(host) && speaksSignallingAlone(node, sight.micros);
    node.outward += 1;
    if (!alone) return;
    tell(sight, begun.moments, [host, peer], {
      name: 'signalling-node-outward',
      text: `${addresses.text(host)}, which spoke signalling alone, opened a session to ${addresses.text(peer)}, ${PROTOCOL_NAMES[sight.protocol]} port ${portOf(sight.flow)}`,
      measures: {
        signallingPackets: node.packets,
        tls: speech === SPEECH.tls,
        named: conversations.named(sight.flow),
      },
    });
  };

  const follow = (sight: Sight, isAnswered: boolean) => {
    const begun = open.get(sight.flow);
    if (begun === undefined) return;
    if (begun.moments.at(-1)!.frame !== sight.frame) begun.moments.push(momentOf(sight));
    if (isAnswered) {
      if (begun.kind === 'association') associated(sight, begun);
      else answered(sight, begun);
    }
    if (isAnswered || begun.moments.length >= MOST_PACKETS) open.delete(sight.flow);
  };

  /** Whether it is the first answer in a flow that did not begin before our eyes. */
  const isAnswerMidway = ({ flow, forward }: Sight) =>
    !forward && flows.columns.packetsBack[flow] === 1 && open.get(flow) === undefined;

  const overSctp = (sight: Sight) => {
    const chunk = sight.payload < sight.end ? sight.bytes[sight.payload]! : -1;
    if (chunk === INIT) begin(sight, 'association');
    if (chunk === INIT || chunk === INIT_ACK) {
      const begun = open.get(sight.flow);
      const listed = listedAddresses(sight.bytes, sight.payload, sight.end, addresses);
      if (begun !== undefined) begun.listed[sight.forward ? 0 : 1] = listed;
    } else if (isAnswerMidway(sight)) {
      // It stood before the capture began: both know each other.
      nodes.meet(sight.source, sight.destination, sight.micros);
      nodes.meet(sight.destination, sight.source, sight.micros);
    }
    nodes.say(sight.source);
    nodes.say(sight.destination);
    if (open.size > 0) follow(sight, chunk === COOKIE_ACK);
  };

  const began = (sight: Sight) => {
    const { flow } = sight;
    const port = portOf(flow);
    open.delete(flow);
    if (sight.protocol === P.udp && SIGNALLING_PORTS.has(port)) return begin(sight, 'association');
    const { initiator, responder } = flows.columns;
    const peer = responder[flow]!;
    const node = nodes.get(initiator[flow]!);
    if (node === undefined || HOUSEKEEPING.has(port)) return;
    if (addresses.isPrivate(peer) || addresses.isGroup(peer)) node.inside += 1;
    else begin(sight, 'session');
  };

  return {
    packet(sight: Sight) {
      const { flow } = sight;
      if (sight.protocol === P.sctp) return overSctp(sight);
      if (sight.fresh) began(sight);
      if (isSignalling(sight)) {
        if (flows.columns.bytesForward[flow] === sight.end - sight.payload && open.get(flow) === undefined)
          begin(sight, 'association');
        nodes.say(sight.source);
        nodes.say(sight.destination);
      }
      if (open.size > 0) follow(sight, flows.columns.bytesForward[flow]! > 0 && flows.columns.bytesBack[flow]! > 0);
    },
    /** Whether it looks at the flow's packets. */
    follows(sight: Sight) {
      return open.get(sight.flow) !== undefined || isSignalling(sight);
    },
    /** Called once both sides of a stream have spoken, and what they say is of no interest here. */
    spoke(flow: number) {
      const [host, peer] = endsOf(flow);
      if (!addresses.isPrivate(peer)) talkers.add(host);
    },
    flowEnded(flow: number) {
      open.delete(flow);
    },
    state: () => nodes.state(addresses),
    restore: (state: unknown) => nodes.restore(state, addresses),
    /** Nodes and beginnings that were not followed for want of memory. */
    get forgotten() {
      return nodes.forgotten + forgotten;
    },
  };
}
