import { u32 } from '../../lib/endian.ts';
import type { Sight } from '../../packets/flows/sight.ts';
import { momentOf } from '../moment.ts';
import { defineWatcher, type Scene, type Watcher, type WatcherKind } from '../watcher.ts';
import { Lane } from './lane.ts';
import { endsOf, tellRecord, type Ends, type Recorder } from './record.ts';
import type { Desk, TalkKind, TalkReader } from './talks.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;

/** So many connections are read at once; the oldest makes room. */
const MOST_OPEN = 20_000;
/** Bytes that all together may keep waiting. */
const MOST_HELD = 1 << 26;
/** So often is looked for a protocol: greetings come from either end. */
const MOST_TRIES = 4;

/** What begins a protocol is seen in so many bytes. */
const LEAST_BYTES = 16;

/** Of a flow: its first sequence numbers, forward and back, are known; nothing more of it is read. */
const KNOWN = [1, 2] as const;
const LEFT = 4;
/** How often nothing was found in it that begins a protocol, in the bits above. */
const TRY = 8;
const MOST_MARKS = MOST_TRIES * TRY;
/** It is among those that are read. */
const OPEN = 64;

interface Conversation {
  readonly lanes: readonly [Lane, Lane];
  reader: TalkReader | undefined;
  /** Number of the lane of the one who asks. */
  asking: 0 | 1;
  tries: number;
  /** Directions that ended. */
  ended: number;
}

/** Reads connections of TCP, put together as far as protocols of records are found in them. */
export function conversations(kindsOf: (scene: Scene) => readonly TalkKind[], recorder: Recorder): WatcherKind {
  const isWanted = ({ services }: TalkKind) => services.some((service) => recorder.services.has(service));
  return defineWatcher({
    id: 'records/conversations',
    summary: 'Records of what is said in connections of TCP.',
    protocols: ['tcp'],
    tells: [],
    create: (scene) => new Conversations(kindsOf(scene).filter(isWanted), recorder, scene),
  });
}

class Conversations implements Watcher {
  readonly #recorder: Recorder;
  readonly #scene: Scene;
  /** By flow, in the order of their beginning. */
  readonly #open = new Map<number, Conversation>();
  #held = 0;
  #marks = new Uint8Array(1 << 12);
  #first = new Uint32Array(1 << 13);
  #sight!: Sight;
  /** The connection at hand, and its lane. */
  #talk!: Conversation;
  #lane: 0 | 1 = 0;
  readonly #read = (bytes: Uint8Array, at: number, end: number) => this.#readOn(bytes, at, end);
  /** Kinds that may begin with a byte; those of ports alone stand apart. */
  readonly #byLetter: readonly (readonly TalkKind[])[];
  readonly #byPort: ReadonlyMap<number, TalkKind>;

  constructor(kinds: readonly TalkKind[], recorder: Recorder, scene: Scene) {
    this.#recorder = recorder;
    this.#scene = scene;
    const anywhere = kinds.filter(({ ports }) => ports === undefined);
    this.#byLetter = Array.from({ length: 256 }, (_, letter) =>
      anywhere.filter(({ letters }) => letters?.includes(String.fromCharCode(letter)) !== false),
    );
    this.#byPort = new Map(kinds.flatMap((kind) => (kind.ports ?? []).map((port) => [port, kind])));
  }

  packet(sight: Sight): void {
    const { flow, flags } = sight;
    if (flow >= this.#marks.length) this.#grow(flow);
    if (sight.fresh) this.#marks[flow] = 0;
    const marks = this.#marks[flow]!;
    if ((marks & LEFT) !== 0) return;
    const lane = sight.forward ? 0 : 1;
    const empty = sight.end <= sight.payload;
    if (empty && (flags & (FIN | SYN | RST)) === 0) return;
    const sequence = u32(sight.bytes, sight.transport + 4);
    if ((flags & SYN) !== 0) {
      this.#marks[flow] = marks | KNOWN[lane];
      this.#first[2 * flow + lane] = sequence + 1;
    }
    this.#sight = sight;
    // What comes with a reset is the reason for it, in words.
    if ((flags & RST) !== 0) this.#leave(flow);
    else if (!empty) this.#take(lane, (flags & SYN) === 0 ? sequence : (sequence + 1) >>> 0);
    if ((flags & FIN) !== 0) this.#end(flow, lane);
  }

  flowEnded(flow: number): void {
    if ((this.#marks[flow]! & OPEN) !== 0) this.#leave(flow);
  }

  #take(lane: 0 | 1, sequence: number): void {
    const sight = this.#sight;
    const { flow, bytes, payload, end } = sight;
    const known = (this.#marks[flow]! & OPEN) === 0 ? undefined : this.#open.get(flow);
    if (known === undefined && !this.#mayBegin(lane, sequence)) return;
    const talk = known ?? this.#begin(flow);
    const own = talk.lanes[lane];
    if ((this.#marks[flow]! & KNOWN[lane]) !== 0) own.begin(this.#first[2 * flow + lane]!);
    const before = own.held;
    [this.#talk, this.#lane] = [talk, lane];
    const goesOn = own.take(sequence, bytes, payload, end, this.#read);
    this.#held += own.held - before;
    if (own.broken || this.#held > MOST_HELD) this.#recorder.lost.conversations += talk.reader === undefined ? 0 : 1;
    if (!goesOn || this.#held > MOST_HELD) this.#leave(flow);
  }

  /** Whether the first bytes of a direction may be those of a protocol; most are not, and nothing is kept of them. */
  #mayBegin(lane: 0 | 1, sequence: number): boolean {
    const { flow, bytes, payload, sourcePort, destinationPort } = this.#sight;
    const marks = this.#marks[flow]!;
    // What comes before the first bytes waits for them.
    if ((marks & KNOWN[lane]) !== 0 && this.#first[2 * flow + lane] !== sequence) return true;
    if (this.#byLetter[bytes[payload]!]!.length > 0) return true;
    if (this.#byPort.has(sourcePort) || this.#byPort.has(destinationPort)) return true;
    this.#marks[flow] = (marks & (MOST_MARKS - TRY)) + TRY >= MOST_MARKS ? marks | LEFT : marks + TRY;
    this.#first[2 * flow + lane] = sequence + this.#sight.end - payload;
    return false;
  }

  #begin(flow: number): Conversation {
    if (this.#open.size >= MOST_OPEN) {
      const [oldest] = this.#open.keys();
      this.#recorder.lost.conversations += 1;
      this.#leave(oldest!);
    }
    const made: Conversation = { lanes: [new Lane(), new Lane()], reader: undefined, asking: 0, tries: 0, ended: 0 };
    this.#open.set(flow, made);
    this.#marks[flow]! |= OPEN;
    return made;
  }

  #readOn(bytes: Uint8Array, at: number, end: number): number {
    const [talk, lane] = [this.#talk, this.#lane];
    talk.reader ??= this.#find(talk, lane, bytes, at, end);
    if (talk.reader !== undefined) return talk.reader.read(lane === talk.asking, bytes, at, end);
    // Too few bytes to tell anything by.
    if (end - at < LEAST_BYTES) return at;
    talk.tries += 1;
    // A greeting that no protocol knows is passed over: the other end may be clearer.
    return talk.tries < MOST_TRIES ? end : -1;
  }

  #find(talk: Conversation, lane: 0 | 1, bytes: Uint8Array, at: number, end: number): TalkReader | undefined {
    const sight = this.#sight;
    const [port, own] = sight.forward
      ? [sight.destinationPort, sight.sourcePort]
      : [sight.sourcePort, sight.destinationPort];
    // Of a flow that is seen from the middle on, the lower port was called.
    const midstream = (this.#marks[sight.flow]! & (KNOWN[0] | KNOWN[1])) === 0;
    const caller = midstream && own < port ? 1 : 0;
    const other = lane === 0 ? 1 : 0;
    const ofPort = this.#byPort.get(caller === 0 ? port : own);
    for (const kind of ofPort === undefined ? this.#byLetter[bytes[at]!]! : [ofPort]) {
      const who = kind.begins(bytes, at, end, caller === 0 ? port : own);
      if (who === undefined) continue;
      talk.asking = who === 'asks' ? lane : who === 'answers' ? other : caller;
      return kind.open(this.#desk(talk, endsOf(sight, lane !== talk.asking)));
    }
    return undefined;
  }

  #desk(talk: Conversation, ends: Ends): Desk {
    const recorder = this.#recorder;
    return {
      ends,
      now: () => momentOf(this.#sight),
      wants: (service) => recorder.services.has(service),
      tell: (service, record) => {
        if (recorder.services.has(service)) tellRecord(recorder, this.#scene, service, ends, record);
      },
      handOver: (reader) => {
        talk.reader = reader;
      },
    };
  }

  #end(flow: number, lane: 0 | 1): void {
    const talk = this.#open.get(flow);
    if (talk === undefined) return;
    talk.ended |= KNOWN[lane];
    if (talk.ended === 3) this.#leave(flow);
  }

  #leave(flow: number): void {
    this.#marks[flow] = (this.#marks[flow]! | LEFT) & ~OPEN;
    const talk = this.#open.get(flow);
    if (talk === undefined) return;
    this.#open.delete(flow);
    for (const { held } of talk.lanes) this.#held -= held;
    talk.reader?.close?.();
  }

  #grow(flow: number): void {
    const room = 2 ** Math.ceil(Math.log2(flow + 1));
    const [marks, first] = [new Uint8Array(room), new Uint32Array(2 * room)];
    marks.set(this.#marks);
    first.set(this.#first);
    [this.#marks, this.#first] = [marks, first];
  }
}
