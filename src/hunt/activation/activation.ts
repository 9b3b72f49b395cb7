import { P } from '../../packets/dissect/protocols.ts';
import { SEEN } from '../../packets/flows/flows.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { momentOf, protocolOf } from '../moment.ts';
import { defineWatcher, type Scene, type Watcher } from '../watcher.ts';
import { answerSctp, answerTcp, answerUdp } from './answers.ts';
import { AskedNames } from './asked-names.ts';
import { Candidates } from './candidates.ts';
import { startsWith } from './content.ts';
import { FirstSeen } from './first-seen.ts';
import { Followers } from './followers.ts';
import { KnockTable, knocksBefore, LEAST_PORTS } from './knocks.ts';
import {
  isEchoReply,
  isEchoRequest,
  spotBody,
  spotEcho,
  spotLater,
  spotNextPost,
  spotSctp,
  spotSyn,
  spotTcp,
  spotted,
  spotUdp,
  type Spotted,
} from './spot.ts';
import { CHUNK } from './services.ts';
import { Tally } from './tally.ts';
import { refusedPorts } from './unreachable.ts';
import { Triggers, WITHIN_MICROS, type Trigger } from './trigger.ts';

const SYN = 2;
const RST = 4;
const ACK = 16;
const FIN = 1;

/** What is remembered of a flow, a bit each: that a trigger came by it, that it follows one, that the head of a POST came. */
const MARK = { trigger: 1, session: 2, post: 4 } as const;

/** A port to which so many send what nobody understands has users of its own. */
const CROWD = 3;
/** A later segment is looked at while the connection is so young. */
const YOUNG_PACKETS = 12;
const MOST_LATER = 64;
/** A datagram with less than this is no more than a knock. */
const LEAST_CONTENT = 6;

/** Triggers, and what followed: one event for each pair of hosts. */
export const activation = defineWatcher({
  id: 'activation',
  summary: 'A packet that its context does not explain, and within a minute a session that it does.',
  protocols: ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp'],
  tells: ['activation', 'trigger-candidate'],
  create: (scene) => new Activation(scene),
});

class Activation implements Watcher {
  readonly #scene: Scene;
  readonly #marks = new Tally();
  readonly #triggers = new Triggers();
  readonly #byFlow = new Map<number, Trigger>();
  /** When a host first spoke to another on its own; which ports were seen to answer, and to refuse. */
  readonly #contacts = new FirstSeen();
  readonly #open = new FirstSeen();
  readonly #closed = new FirstSeen();
  /** How many senders of triggers a port of a host had. */
  readonly #crowd = new Tally();
  readonly #names: AskedNames;
  readonly #knocks = new KnockTable();
  readonly #followers: Followers;
  readonly #candidates: Candidates;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#names = new AskedNames(scene.addresses);
    this.#candidates = new Candidates(scene);
    this.#followers = new Followers(scene, {
      triggers: this.#triggers,
      contacts: this.#contacts,
      open: this.#open,
      closed: this.#closed,
      names: this.#names,
    });
  }

  get forgotten(): number {
    return this.#triggers.forgotten + this.#followers.forgotten + this.#contacts.forgotten + this.#open.forgotten;
  }

  packet(sight: Sight): void {
    if (sight.fresh) this.#marks.set(sight.flow, 0);
    if (sight.source === sight.destination) return;
    switch (sight.protocol) {
      case P.tcp:
        this.#tcp(sight);
        break;
      case P.udp:
        this.#udp(sight);
        break;
      case P.sctp:
        this.#sctp(sight);
        break;
      default:
        this.#icmp(sight);
    }
  }

  tick(micros: number): void {
    this.#triggers.expire(micros, this.#candidates.onExpired);
    this.#followers.expire(micros);
  }

  flowEnded(flow: number): void {
    const mark = this.#marks.of(flow);
    if (mark === 0) return;
    if ((mark & MARK.trigger) !== 0) this.#byFlow.delete(flow);
    if ((mark & MARK.session) !== 0) this.#followers.flowEnded(flow);
    this.#marks.set(flow, 0);
  }

  end(): void {
    this.tick(Infinity);
  }

  #tcp(sight: Sight): void {
    const { flags, flow, forward } = sight;
    const size = sight.end - sight.payload;
    if (sight.fresh) this.#beginTcp(sight);
    const mark = this.#marks.of(flow);
    if (mark !== 0 && (mark & MARK.session) !== 0) this.#followers.hear(sight);
    if (forward) {
      if (size > 0 && (flags & SYN) === 0) this.#tcpData(sight, size, mark);
      return;
    }
    if (this.#scene.flows.columns.packetsBack[flow] === 1) this.#firstAnswer(sight);
    if ((mark & MARK.trigger) !== 0 && (size > 0 || (flags & (RST | FIN)) !== 0))
      answerTcp(this.#byFlow.get(flow)!, sight);
  }

  #beginTcp(sight: Sight): void {
    const { flags, source, destination } = sight;
    if ((flags & SYN) === 0) {
      this.#contacts.see(source, destination, sight.micros);
      return;
    }
    if ((flags & ACK) !== 0) {
      if (this.#followers.split(sight)) this.#marks.set(sight.flow, MARK.session);
      return;
    }
    this.#knocked(sight);
    this.#begin(sight);
    const found = spotSyn(sight);
    if (found !== undefined) this.#remember(sight, found);
  }

  /** A connection to a port: it may be one of several in a row. */
  #knocked(sight: Sight): void {
    const { source, destination, destinationPort, frame, at, micros } = sight;
    const knocks = this.#knocks.asked(pairOf(source, destination), destinationPort, frame, at, micros);
    if (knocks === undefined) return;
    const before = knocksBefore(knocks, destinationPort);
    if (before === 'scan') {
      if (knocks.trigger !== undefined) knocks.trigger.answer = 'understood';
    } else if (before.length >= LEAST_PORTS) {
      knocks.trigger ??= this.#remember(sight, spotted('knock', NOTHING));
      knocks.trigger.moments.splice(0, knocks.trigger.moments.length, ...before);
    }
  }

  #tcpData(sight: Sight, size: number, mark: number): void {
    const { flow, bytes, payload, end } = sight;
    const { columns } = this.#scene.flows;
    if ((mark & MARK.trigger) !== 0) {
      this.#byFlow.get(flow)!.followers += 1;
      return;
    }
    if (columns.bytesForward[flow] === size) {
      const found = spotTcp(sight, columns.bytesBack[flow]! > 0);
      if (found !== undefined) this.#remember(sight, found);
      else if (startsWith(bytes, payload, end, 'POST ')) this.#marks.set(flow, mark | MARK.post);
    } else if ((mark & MARK.post) !== 0) {
      this.#marks.set(flow, mark & ~MARK.post);
      const found = spotBody(sight);
      if (found !== undefined) this.#remember(sight, found);
    } else if (size >= 8 && columns.packetsForward[flow]! <= YOUNG_PACKETS) {
      const found =
        size <= MOST_LATER ? spotLater(sight, this.#scene.addresses.bytesOf(sight.source)) : spotNextPost(sight);
      if (found !== undefined) this.#remember(sight, found);
    }
  }

  #udp(sight: Sight): void {
    const { flow, forward, bytes, payload, end, sourcePort, destinationPort } = sight;
    if (sourcePort === 53) this.#names.read(sight.destination, bytes, payload, end);
    if (sight.fresh) {
      this.#begin(sight);
      if (this.#scene.addresses.isGroup(sight.destination)) return;
      const served = this.#open.get(sight.destination, portOf(P.udp, destinationPort)) !== -1;
      const found = spotUdp(sight, served);
      if (found !== undefined) this.#remember(sight, found);
      else if (end - payload < LEAST_CONTENT) this.#knocked(sight);
      return;
    }
    const mark = this.#marks.of(flow);
    if (!forward && this.#scene.flows.columns.packetsBack[flow] === 1)
      this.#open.see(sight.source, portOf(P.udp, sourcePort), sight.micros);
    if (mark === 0) return;
    if ((mark & MARK.session) !== 0) this.#followers.hear(sight);
    if ((mark & MARK.trigger) === 0) return;
    const trigger = this.#byFlow.get(flow)!;
    if (!forward) answerUdp(trigger, sight);
    else if (!isPast(trigger, sight)) trigger.followers += 1;
    else this.#spotAgain(sight, spotUdp(sight, false));
  }

  /** The flow of a trigger that is past brings another, unless it goes both ways. */
  #spotAgain(sight: Sight, found: Spotted | undefined): void {
    const both = sight.protocol === P.udp && this.#scene.flows.columns.packetsBack[sight.flow]! > 0;
    if (found !== undefined && !both) this.#remember(sight, found);
  }

  #sctp(sight: Sight): void {
    const { flow, forward } = sight;
    if (sight.fresh) {
      if (sight.bytes[sight.payload] === CHUNK.init) return this.#begin(sight);
      this.#contacts.see(sight.source, sight.destination, sight.micros);
      const found = spotSctp(sight);
      if (found !== undefined) this.#remember(sight, found);
      return;
    }
    const mark = this.#marks.of(flow);
    if ((mark & MARK.session) !== 0) this.#followers.hear(sight);
    if ((mark & MARK.trigger) === 0) return;
    const trigger = this.#byFlow.get(flow)!;
    if (forward) trigger.followers += 1;
    else answerSctp(trigger, sight);
  }

  #icmp(sight: Sight): void {
    const request = isEchoRequest(sight);
    if (!request && !(sight.fresh && isEchoReply(sight))) {
      const ports = refusedPorts(sight);
      if (ports !== undefined) this.#triggers.refused(sight.source, sight.destination, ports, sight.micros);
      return;
    }
    if (request && sight.fresh) this.#contacts.see(sight.source, sight.destination, sight.micros);
    const mark = this.#marks.of(sight.flow);
    if ((mark & MARK.trigger) !== 0) {
      const trigger = this.#byFlow.get(sight.flow)!;
      if (!isPast(trigger, sight)) trigger.followers += 1;
      else this.#spotAgain(sight, this.#spotEcho(sight));
      return;
    }
    const found = this.#spotEcho(sight);
    if (found !== undefined) this.#remember(sight, found);
  }

  #spotEcho(sight: Sight): Spotted | undefined {
    return spotEcho(sight, this.#scene.addresses.bytesOf(sight.source));
  }

  /** A flow begins: it may follow a trigger. */
  #begin(sight: Sight): void {
    const before = this.#contacts.see(sight.source, sight.destination, sight.micros);
    if (this.#followers.begin(sight, before)) this.#marks.set(sight.flow, MARK.session);
  }

  /** The first packet that came back says whether the port is open. */
  #firstAnswer({ flow, flags, source, destination, sourcePort, micros }: Sight): void {
    if ((flags & RST) !== 0) this.#closed.see(source, portOf(P.tcp, sourcePort), micros);
    else if ((flags & SYN) !== 0) {
      this.#open.see(source, portOf(P.tcp, sourcePort), micros);
      this.#knocks.opened(pairOf(destination, source), sourcePort);
    } else if ((this.#scene.flows.columns.seen[flow]! & SEEN.midstream) !== 0) {
      // A connection from before the capture: either may have begun it.
      this.#contacts.see(source, destination, micros);
    }
  }

  #remember(sight: Sight, { kind, bytes, length, known, wrong }: Spotted): Trigger {
    const { source, destination, flow, micros } = sight;
    const trigger: Trigger = {
      kind,
      target: destination,
      sender: source,
      senderPort: sight.sourcePort,
      port: sight.destinationPort,
      protocol: protocolOf(sight),
      path: this.#scene.path(sight.level),
      moments: [momentOf(sight)],
      bytes,
      length,
      known,
      wrong,
      crowded: this.#crowd.of(crowdOf(destination, sight.destinationPort)) >= CROWD,
      relayOf: length === 0 ? undefined : this.#triggers.relayed(source, bytes, length, micros),
      answer: 'none',
      followers: 0,
      told: false,
    };
    this.#triggers.add(trigger);
    if (this.#contacts.get(source, destination) >= micros)
      this.#crowd.count(crowdOf(destination, sight.destinationPort));
    if (kind !== 'knock') {
      this.#byFlow.set(flow, trigger);
      this.#marks.set(flow, this.#marks.of(flow) | MARK.trigger);
    }
    return trigger;
  }
}

function isPast({ moments }: Trigger, { micros }: Sight): boolean {
  return moments[0]!.micros + WITHIN_MICROS < micros;
}

const NOTHING = { bytes: new Uint8Array(), payload: 0, end: 0 };

function pairOf(one: number, other: number): number {
  return one * 2 ** 20 + other;
}

/** A place for a port of a host; some share one. */
function crowdOf(host: number, port: number): number {
  return (Math.imul(host, 0x9e3779b1) ^ Math.imul(port, 0x85ebca6b)) >>> 16;
}

function portOf(protocol: number, port: number): number {
  return protocol * 65_536 + port;
}
