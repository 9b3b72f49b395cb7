import { P } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { u32 } from '../../lib/endian.ts';
import { protocolOf } from '../moment.ts';
import type { Scene } from '../watcher.ts';
import type { AskedNames } from './asked-names.ts';
import type { FirstSeen } from './first-seen.ts';
import { CHUNK } from './services.ts';
import { judge, type Judgement } from './judge.ts';
import { hear, newSide, type Direction, type Session } from './session.ts';
import { activationOf } from './story.ts';
import { Tally } from './tally.ts';
import { names, needleOf, WITHIN_MICROS, type Needle, type Trigger, type Triggers } from './trigger.ts';

/** What is known of the network. */
export interface Known {
  readonly triggers: Triggers;
  /** When a host first spoke to another on its own. */
  readonly contacts: FirstSeen;
  /** When a port of a host first answered, and first refused. */
  readonly open: FirstSeen;
  readonly closed: FirstSeen;
  readonly names: AskedNames;
}

const SYN = 2;
const MOST_SESSIONS = 4096;
const MOST_TOLD = 10_000;
/** A session has said what it is after so many packets with content. */
const MOST_HEARD = 60;
/** Who calls back to so many, or goes to so many strangers, does so as his work. */
const HABIT = 6;

/** The sessions that began within a minute of a trigger. */
export class Followers {
  readonly #scene: Scene;
  readonly #known: Known;
  readonly #sessions = new Map<number, Session>();
  readonly #callbacks = new Tally();
  readonly #strangers = new Tally();
  readonly #told = new Map<number, Judgement['verdict']>();
  forgotten = 0;

  constructor(scene: Scene, known: Known) {
    this.#scene = scene;
    this.#known = known;
  }

  /**
   * A flow begins.
   *
   * @param before When its sender had first spoken to the other on its own, or -1.
   * @returns Whether it is watched.
   */
  begin(sight: Sight, before: number): boolean {
    const { source, destination, micros } = sight;
    const { triggers } = this.#known;
    const session =
      this.#outward(sight, triggers.of(source, micros), before) ??
      this.#inward(sight, triggers.of(destination, micros));
    if (before === -1) this.#newPair(sight);
    if (session === undefined) return false;
    hear(session, sight);
    this.#watch(sight.flow, session);
    return true;
  }

  /** Somebody speaks to somebody for the first time. */
  #newPair({ source, destination, micros }: Sight): void {
    const other = this.#known.contacts.get(destination, source);
    if (other !== -1 && other + WITHIN_MICROS >= micros) this.#callbacks.count(source);
    else if (!this.#known.names.has(destination)) this.#strangers.count(source);
  }

  /** An answer to nothing: it may be that of a session which was asked of another port. @returns Whether it is. */
  split(sight: Sight): boolean {
    const { source, destination, destinationPort, bytes, transport } = sight;
    if (this.#known.triggers.of(source, sight.micros).length === 0) return false;
    for (const session of this.#sessions.values()) {
      if (session.established || session.direction !== 'inward') continue;
      if (session.target !== source || session.peer !== destination || session.sourcePort !== destinationPort) continue;
      if (u32(bytes, transport + 8) !== (session.sequence + 1) >>> 0) continue;
      session.answerPort = sight.sourcePort;
      this.#watch(sight.flow, session);
      return true;
    }
    return false;
  }

  /** A packet of a flow that is watched. */
  hear(sight: Sight): void {
    const session = this.#sessions.get(sight.flow);
    if (session === undefined || (sight.fresh && sight.forward)) return;
    hear(session, sight);
    const { asking, answering } = session;
    if (sight.source !== session.initiator && accepts(sight)) session.established = true;
    if (sight.end === sight.payload) return;
    const judgement = judge(session);
    if (judgement?.verdict === 'certain') this.#tell(session, judgement);
    else if (asking.packets + answering.packets >= MOST_HEARD) this.#close(session);
  }

  flowEnded(flow: number): void {
    const session = this.#sessions.get(flow);
    if (session !== undefined) this.#close(session);
  }

  /** Closes those that were watched for a minute. */
  expire(micros: number): void {
    for (const session of this.#sessions.values()) {
      if (session.beganMicros + WITHIN_MICROS >= micros) break;
      this.#close(session);
    }
  }

  /** A host that received a trigger goes out: back to its sender, to an address that it holds, or elsewhere. */
  #outward(sight: Sight, before: readonly Trigger[], contact: number): Session | undefined {
    if (before.length === 0) return undefined;
    const { source: target, destination: peer } = sight;
    const needle = this.#needleOf(peer);
    const named = new Set(before.filter((trigger) => names(trigger.bytes, needle)));
    // Who goes to the port that a packet came from takes up an old conversation; two that send datagrams to the same port of
    // each other speak one protocol.
    const answers = ({ port, senderPort }: Trigger) =>
      sight.destinationPort === senderPort || (sight.protocol !== P.tcp && sight.destinationPort === port);
    const back = before.filter((trigger) => (trigger.sender === peer || named.has(trigger)) && !answers(trigger));
    if (back.length > 0) {
      const direction = back.some((trigger) => trigger.sender === peer) ? 'back' : 'named';
      return this.#session(sight, direction, back, named, [target, peer, contact]);
    }
    const chained = before.filter(({ relayOf, known }) => relayOf !== undefined || known !== undefined);
    return chained.length === 0 ? undefined : this.#session(sight, 'third', chained, named, [target, peer, contact]);
  }

  /** Who sent a trigger, or whose address is in it, comes for a session. */
  #inward(sight: Sight, before: readonly Trigger[]): Session | undefined {
    if (sight.protocol !== P.tcp) return undefined;
    if (before.length === 0) return undefined;
    const { source: peer, destination: target } = sight;
    const needle = this.#needleOf(peer);
    const named = new Set(before.filter((trigger) => names(trigger.bytes, needle)));
    const own = before.filter((trigger) => trigger.sender === peer || named.has(trigger));
    return own.length === 0 ? undefined : this.#session(sight, 'inward', own, named, [target, peer, -1]);
  }

  #needleOf(address: number): Needle {
    const { addresses } = this.#scene;
    return needleOf(addresses.bytesOf(address), addresses.text(address));
  }

  #session(
    sight: Sight,
    direction: Direction,
    triggers: readonly Trigger[],
    named: ReadonlySet<Trigger>,
    [target, peer, contact]: readonly [number, number, number],
  ): Session {
    const { open, closed } = this.#known;
    const first = triggers[0]!.moments[0]!.micros;
    // An attempt that failed after an earlier trigger makes nobody an old acquaintance.
    const wasLikely = triggers.some(({ sender }) => this.#told.has(pairOf(target, sender)));
    const port = sight.protocol * 65_536 + sight.destinationPort;
    return {
      direction,
      triggers,
      named,
      target,
      peer,
      initiator: sight.source,
      sourcePort: sight.sourcePort,
      port: sight.destinationPort,
      answerPort: sight.destinationPort,
      protocol: protocolOf(sight),
      beganMicros: sight.micros,
      sequence: u32(sight.bytes, sight.transport + 4),
      flows: [],
      steps: [],
      asked: this.#known.names.has(peer),
      asksNames: this.#known.names.asks(target),
      firstContact: contact === -1 || contact >= first || wasLikely,
      habit: (direction === 'third' ? this.#strangers : this.#callbacks).of(target) >= HABIT,
      openBefore: open.get(target, port) !== -1,
      closedBefore: closed.get(target, port) !== -1,
      established: false,
      nameless: false,
      asking: newSide(),
      answering: newSide(),
    };
  }

  #watch(flow: number, session: Session): void {
    if (this.#sessions.size >= MOST_SESSIONS) {
      this.#close(this.#sessions.values().next().value!);
      this.forgotten += 1;
    }
    session.flows.push(flow);
    this.#sessions.set(flow, session);
  }

  /** Ends the watch over a session; what stayed likely is told as that. */
  #close(session: Session): void {
    for (const flow of session.flows) this.#sessions.delete(flow);
    const judgement = judge(session);
    const outward = session.direction === 'back' || session.direction === 'named';
    if (judgement?.verdict === 'certain' || (judgement?.verdict === 'likely' && outward))
      this.#tell(session, judgement);
  }

  #tell(session: Session, judgement: Judgement): void {
    for (const flow of session.flows) this.#sessions.delete(flow);
    const { trigger, verdict } = judgement;
    const pair = pairOf(session.target, trigger.sender);
    const before = this.#told.get(pair);
    if (before === 'certain' || before === verdict || this.#told.size >= MOST_TOLD) return;
    this.#told.set(pair, verdict);
    for (const one of session.triggers) one.told = true;
    this.#scene.tell(activationOf(this.#scene, session, judgement));
  }
}

/** Whether who was asked for a session agrees. */
function accepts({ protocol, flags, bytes, payload }: Sight): boolean {
  return protocol === P.tcp ? (flags & SYN) !== 0 : protocol === P.udp || bytes[payload] === CHUNK.initAck;
}

function pairOf(target: number, sender: number): number {
  return target * 2 ** 20 + sender;
}
