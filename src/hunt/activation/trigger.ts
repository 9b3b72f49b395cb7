import type { Moment } from '../moment.ts';

/** How a trigger came; what it carried was nothing that is spoken there. */
export type TriggerKind = 'udp' | 'query' | 'icmp' | 'tcp' | 'post' | 'syn' | 'sctp' | 'knock';

/** A packet that its own context does not explain, and what became of it. */
export interface Trigger {
  readonly kind: TriggerKind;
  /** Who may have been woken, and by whom, as `Addresses` number them. */
  readonly target: number;
  readonly sender: number;
  readonly senderPort: number;
  readonly port: number;
  readonly protocol: string;
  readonly path: string;
  readonly moments: Moment[];
  /** What it carried, the first 128 bytes, and how much that was in all. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** A published value that it carries. */
  readonly known: string | undefined;
  /** Whether the port has a protocol that is known, and this is not of it. */
  readonly wrong: boolean;
  /** Whether many others sent such to the same port of the same host before. */
  readonly crowded: boolean;
  /** The trigger that its sender had received just before, with the same bytes. */
  readonly relayOf: Trigger | undefined;
  /** What came back: `answered` leaves open whether it was understood. */
  answer: 'none' | 'refused' | 'answered' | 'understood';
  /** Packets of its flow that followed. */
  followers: number;
  /** Whether an event told of it. */
  told: boolean;
}

/** So many bytes of a trigger are kept. */
export const KEPT_BYTES = 128;

/** What follows later than this is no consequence. */
export const WITHIN_MICROS = 60e6;

const MOST_OF_TARGET = 32;
const MOST = 8192;
/** A flow with more packets of one side is a stream. */
const MOST_FOLLOWERS = 6;
const RELAY_MICROS = 5e6;

/** The triggers of the last minute, by who received them. When they are too many, older ones are forgotten, and counted. */
export class Triggers {
  readonly #byTarget = new Map<number, Trigger[]>();
  readonly #queue: Trigger[] = [];
  #first = 0;
  forgotten = 0;

  add(trigger: Trigger): void {
    const held = this.#byTarget.get(trigger.target);
    if (held === undefined) this.#byTarget.set(trigger.target, [trigger]);
    else {
      if (held.length >= MOST_OF_TARGET) {
        held.shift();
        this.forgotten += 1;
      }
      held.push(trigger);
    }
    this.#queue.push(trigger);
    if (this.#queue.length - this.#first > MOST) {
      this.#remove(this.#queue[this.#first++]!);
      this.forgotten += 1;
    }
  }

  /** Those that a host received and that may still be followed by something, the oldest first. */
  of(target: number, micros: number): readonly Trigger[] {
    const held = this.#byTarget.get(target);
    if (held === undefined) return NONE;
    return held.filter((trigger) => isOpen(trigger) && trigger.moments[0]!.micros + WITHIN_MICROS >= micros);
  }

  /** The trigger with the same bytes, but for an address in them, that a host received just before it sent them on. */
  relayed(sender: number, bytes: Uint8Array, length: number, micros: number): Trigger | undefined {
    return this.#byTarget
      .get(sender)
      ?.findLast(
        (one) =>
          one.length === length && one.moments.at(-1)!.micros + RELAY_MICROS >= micros && areAlike(one.bytes, bytes),
      );
  }

  /** A host says that nothing listens where a datagram went: so much stranger is what it brought. */
  refused(target: number, sender: number, [from, to]: readonly [number, number], micros: number): void {
    for (const trigger of this.of(target, micros)) {
      const same = trigger.sender === sender && trigger.senderPort === from && trigger.port === to;
      if (same && trigger.kind === 'udp') trigger.answer = 'refused';
    }
  }

  /** Forgets those that are older than a minute; `onEnd` is told of each that was still open. */
  expire(micros: number, onEnd: (trigger: Trigger) => void): void {
    while (this.#first < this.#queue.length) {
      const trigger = this.#queue[this.#first]!;
      if (trigger.moments[0]!.micros + WITHIN_MICROS >= micros) break;
      this.#first += 1;
      this.#remove(trigger);
      if (isOpen(trigger)) onEnd(trigger);
    }
    if (this.#first > 1024) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
  }

  #remove(trigger: Trigger): void {
    const held = this.#byTarget.get(trigger.target);
    const place = held?.indexOf(trigger) ?? -1;
    if (held === undefined || place === -1) return;
    held.splice(place, 1);
    if (held.length === 0) this.#byTarget.delete(trigger.target);
  }
}

const NONE: readonly Trigger[] = [];

function isOpen({ answer, followers }: Trigger): boolean {
  return answer !== 'understood' && followers <= MOST_FOLLOWERS;
}

/** Three of four bytes are the same. */
function areAlike(one: Uint8Array, other: Uint8Array): boolean {
  let same = 0;
  for (let index = 0; index < one.length; index++) if (one[index] === other[index]) same += 1;
  return one.length === other.length && same * 4 >= one.length * 3;
}

/** An address as it may stand in a trigger: as it is, turned round, or as text. */
export interface Needle {
  readonly bytes: Uint8Array;
  readonly turned: Uint8Array | undefined;
  readonly text: string;
}

export function needleOf(bytes: Uint8Array, text: string): Needle {
  return { bytes, turned: bytes.length === 4 ? bytes.toReversed() : undefined, text };
}

/** Whether bytes hold an address. */
export function names(held: Uint8Array, { bytes, turned, text }: Needle): boolean {
  const end = held.length;
  return (
    holds(held, 0, end, bytes) ||
    (turned !== undefined && holds(held, 0, end, turned)) ||
    (held.includes(turned === undefined ? COLON : DOT) && new TextDecoder('latin1').decode(held).includes(text))
  );
}

const DOT = 0x2e;
const COLON = 0x3a;

/** Whether the bytes from `from` to `end` hold a part. */
export function holds(bytes: Uint8Array, from: number, end: number, part: Uint8Array): boolean {
  const first = part[0]!;
  const last = end - part.length;
  for (let at = from; at <= last; at++) {
    if (bytes[at] !== first) continue;
    let index = 1;
    while (index < part.length && bytes[at + index] === part[index]) index += 1;
    if (index === part.length) return true;
  }
  return false;
}

/** Whether it says "whoever sent this" where an address would stand. */
export function namesItsSender(bytes: Uint8Array): boolean {
  return [0, 4, 8].some((at) => [0, 1, 2, 3].every((index) => bytes[at + index] === 0xff)) && bytes.length >= 12;
}
