import { momentOf, type Moment } from '../moment.ts';
import { P } from '../../packets/dissect/protocols.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { u32 } from '../../lib/endian.ts';
import { contentOf, namesServer, type Content } from './content.ts';
import { CHUNK, contentOfChunk, speaksUdp } from './services.ts';
import type { Trigger } from './trigger.ts';

/** What a session may be the consequence of: back to the sender, to a named address, to a third one, or into the woken host. */
export type Direction = 'back' | 'named' | 'third' | 'inward';

/** What one side of a session said. */
export interface Side {
  /** Its first bytes, and what they look like; undefined while they are too few to tell. */
  readonly head: Uint8Array;
  heard: number;
  first: Content | undefined;
  packets: number;
  bytes: number;
  lastMicros: number;
  /** How often it spoke again after as long as a person's fingers need. */
  pauses: number;
}

/** A session that began soon after a trigger, while it is watched. */
export interface Session {
  readonly direction: Direction;
  /** Those that it may follow, the oldest first. */
  readonly triggers: readonly Trigger[];
  /** Those of them that hold the address of the other end. */
  readonly named: ReadonlySet<Trigger>;
  /** The host that was woken, and the other end. */
  readonly target: number;
  readonly peer: number;
  readonly initiator: number;
  readonly sourcePort: number;
  /** The port that was asked for, and from which the answer came. */
  readonly port: number;
  answerPort: number;
  readonly protocol: string;
  readonly beganMicros: number;
  /** Sequence number of the SYN. */
  readonly sequence: number;
  readonly flows: number[];
  /** Its packets, the first ones. */
  readonly steps: Step[];
  /** Whether a name led there; whether the one had never spoken to the other; whether it does so all the time. */
  readonly asked: boolean;
  /** Whether the woken host was seen to ask for names at all. */
  readonly asksNames: boolean;
  readonly firstContact: boolean;
  readonly habit: boolean;
  /** What was seen of the port before. */
  readonly openBefore: boolean;
  readonly closedBefore: boolean;
  established: boolean;
  /** A hello of TLS without the name of a server. */
  nameless: boolean;
  readonly asking: Side;
  readonly answering: Side;
}

/** A packet of a session: whose it is, and what it did. */
export interface Step {
  readonly moment: Moment;
  readonly asking: boolean;
  readonly what: string;
}

const HEAD = 64;
/** Fewer bytes than these look like nothing in particular. */
const LEAST_HEARD = 4;

export function newSide(): Side {
  return {
    head: new Uint8Array(HEAD),
    heard: 0,
    first: undefined,
    packets: 0,
    bytes: 0,
    lastMicros: -Infinity,
    pauses: 0,
  };
}

const MOST_STEPS = 18;
/** Between two keys of a person. */
const PAUSE_MICROS = 40e3;

/** Takes note of a packet of a session. */
export function hear(session: Session, sight: Sight): void {
  const { bytes, micros } = sight;
  const [payload, end] = saidIn(sight);
  const asking = sight.source === session.initiator;
  const side = asking ? session.asking : session.answering;
  if (session.steps.length < MOST_STEPS) session.steps.push({ moment: momentOf(sight), asking, what: stepOf(sight) });
  if (end === payload) return;
  if (side.packets > 0 && micros - side.lastMicros >= PAUSE_MICROS) side.pauses += 1;
  if (side.heard < HEAD) listen(session, side, bytes.subarray(payload, end));
  side.packets += 1;
  side.bytes += end - payload;
  side.lastMicros = micros;
}

/** Where what a packet says begins and ends. Of SCTP that is what its first chunk carries for no protocol in particular. */
function saidIn({ protocol, bytes, payload, end }: Sight): readonly [number, number] {
  if (protocol !== P.sctp) return [payload, end];
  const isData = end - payload >= DATA_HEADER && bytes[payload] === CHUNK.data && u32(bytes, payload + 12) === 0;
  return isData ? contentOfChunk(bytes, payload, end) : [end, end];
}

const DATA_HEADER = 16;

/** Adds to the first bytes of a side, and looks at them again. */
function listen(session: Session, side: Side, said: Uint8Array): void {
  const more = said.subarray(0, HEAD - side.heard);
  side.head.set(more, side.heard);
  side.heard += more.length;
  if (side.heard < LEAST_HEARD) return;
  // What came at once may be longer than what is kept, and says its own length.
  const whole = side.packets === 0 ? said : side.head.subarray(0, side.heard);
  if (side.packets === 0 || side.first === undefined || side.first === 'text' || side.first === 'opaque')
    side.first = heardOf(session, whole);
  if (side === session.asking && side.first === 'tls' && side.packets === 0)
    session.nameless = !namesServer(said, 0, said.length);
}

/** On a port of UDP that has a protocol, what is of that is its own kind of frame. */
function heardOf({ protocol, port }: Session, said: Uint8Array): Content {
  const spoken = protocol === 'udp' && speaksUdp(port, said, 0, said.length) === true;
  return spoken ? 'framed' : contentOf(said, 0, said.length);
}

function stepOf(sight: Sight): string {
  const { flags, bytes } = sight;
  const [payload, end] = saidIn(sight);
  const said = end === payload ? '' : ` ${end - payload} bytes (${contentOf(bytes, payload, end)})`;
  const flag = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return `${flag.join(' ')}${said}`.trim();
}

const FLAGS = [
  [2, 'SYN'],
  [16, 'ACK'],
  [1, 'FIN'],
  [4, 'RST'],
] as const;

/** Whether a person types at one end: small packets both ways, again and again with pauses. */
export function isTyped({ asking, answering, direction }: Session): boolean {
  const [person, machine] = direction === 'inward' ? [asking, answering] : [answering, asking];
  return person.pauses >= 3 && machine.packets >= 3 && person.bytes <= 64 * person.packets;
}
