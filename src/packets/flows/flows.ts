import type { Sight } from './sight.ts';

/** So many flows are followed at once; the one that is silent for longest makes room for another. */
const MOST = 1 << 20;
const FIRST_ROOM = 4096;
/** A flow that is silent for so long has ended. */
const IDLE_MICROS = 600e6;

/** What has been seen on a flow's TCP connection, a bit each. */
export const SEEN = { syn: 1, synAck: 2, finForward: 4, finBack: 8, reset: 16, midstream: 32 } as const;

/** Columns of the table; a flow is a number, its place in each. `Forward` is from the one who began. */
export interface FlowColumns {
  readonly initiator: Int32Array;
  readonly responder: Int32Array;
  /** The initiator's port in the upper half, the responder's in the lower; of ICMP type and code. */
  readonly ports: Uint32Array;
  /** Protocol, and above it how deep the flow lies in others. */
  readonly kind: Uint16Array;
  readonly firstMicros: Float64Array;
  readonly lastMicros: Float64Array;
  readonly firstFrame: Float64Array;
  readonly lastFrame: Float64Array;
  readonly packetsForward: Uint32Array;
  readonly packetsBack: Uint32Array;
  /** Bytes of payload above the transport. */
  readonly bytesForward: Float64Array;
  readonly bytesBack: Float64Array;
  readonly seen: Uint8Array;
}

/**
 * Who speaks with whom: the flows of a network in typed arrays, about 110 bytes each, bounded in number. What is evicted
 * before its end is counted.
 */
export class Flows {
  #room = FIRST_ROOM;
  columns: FlowColumns = columnsOf(FIRST_ROOM);
  #heads = new Int32Array(FIRST_ROOM).fill(-1);
  #next = new Int32Array(FIRST_ROOM);
  /** From the flow that is silent for longest to the last one seen. */
  #older = new Int32Array(FIRST_ROOM);
  #newer = new Int32Array(FIRST_ROOM);
  #oldest = -1;
  #newest = -1;
  #free = -1;
  #used = 0;
  /** Flows that were ended to make room. */
  evicted = 0;
  readonly #onEnd: (flow: number) => void;

  /** @param onEnd Is told of each flow that ends, while its columns still hold. */
  constructor(onEnd: (flow: number) => void) {
    this.#onEnd = onEnd;
  }

  /**
   * The flow of a packet, which it counts. Whether the packet began it and goes the way of who began is written into the sight.
   *
   * @param kind Protocol, and above it the depth.
   */
  see(sight: Sight, kind: number): number {
    const { micros, flags } = sight;
    this.#endIdle(micros);
    const key = keyOf(sight.source, sight.destination, sight.sourcePort, sight.destinationPort, kind);
    let flow = this.#find(key, sight, kind);
    // The same ports again after an end: another connection.
    if (flow !== -1 && (flags & (SYN | ACK)) === SYN && (this.columns.seen[flow]! & OVER) !== 0) {
      this.end(flow);
      flow = -1;
    }
    sight.fresh = flow === -1;
    if (flow === -1) flow = this.#begin(key, sight, kind);
    else this.#touch(flow);
    const { columns } = this;
    columns.lastMicros[flow] = micros;
    columns.lastFrame[flow] = sight.frame;
    const payload = sight.end - sight.payload;
    if (sight.forward) {
      columns.packetsForward[flow]! += 1;
      columns.bytesForward[flow]! += payload;
    } else {
      columns.packetsBack[flow]! += 1;
      columns.bytesBack[flow]! += payload;
    }
    if (flags !== 0) columns.seen[flow]! |= seenOf(flags, sight.forward);
    return flow;
  }

  /** Ends a flow. */
  end(flow: number): void {
    this.#onEnd(flow);
    const { columns } = this;
    const ports = columns.ports[flow]!;
    const key = keyOf(
      columns.initiator[flow]!,
      columns.responder[flow]!,
      ports >>> 16,
      ports & 0xffff,
      columns.kind[flow]!,
    );
    const head = key & (this.#room - 1);
    let before = -1;
    for (let one = this.#heads[head]!; one !== flow; one = this.#next[one]!) before = one;
    if (before === -1) this.#heads[head] = this.#next[flow]!;
    else this.#next[before] = this.#next[flow]!;
    this.#unlink(flow);
    this.#next[flow] = this.#free;
    this.#free = flow;
  }

  /** Ends all that are open, the one that is silent for longest first. */
  endAll(): void {
    while (this.#oldest !== -1) this.end(this.#oldest);
  }

  /** Flows that are open, the one that is silent for longest first. */
  *open(): Generator<number> {
    for (let flow = this.#oldest; flow !== -1; flow = this.#newer[flow]!) yield flow;
  }

  #find(key: number, sight: Sight, kind: number): number {
    const { source, destination, sourcePort, destinationPort } = sight;
    const { initiator, responder, ports: held, kind: kinds } = this.columns;
    const there = ((sourcePort << 16) | destinationPort) >>> 0;
    const back = ((destinationPort << 16) | sourcePort) >>> 0;
    for (let flow = this.#heads[key & (this.#room - 1)]!; flow !== -1; flow = this.#next[flow]!) {
      if (kinds[flow] !== kind) continue;
      const [from, to, both] = [initiator[flow]!, responder[flow]!, held[flow]!];
      if (from === source && to === destination && both === there) {
        sight.forward = true;
        return flow;
      }
      if (from === destination && to === source && both === back) {
        sight.forward = false;
        return flow;
      }
    }
    return -1;
  }

  #begin(key: number, sight: Sight, kind: number): number {
    const { source, destination, sourcePort, destinationPort, flags } = sight;
    const flow = this.#place();
    const { columns } = this;
    // An answer that comes first tells of a beginning that was not captured.
    sight.forward = (flags & (SYN | ACK)) !== (SYN | ACK);
    columns.initiator[flow] = sight.forward ? source : destination;
    columns.responder[flow] = sight.forward ? destination : source;
    const [low, high] = sight.forward ? [destinationPort, sourcePort] : [sourcePort, destinationPort];
    columns.ports[flow] = ((high << 16) | low) >>> 0;
    columns.kind[flow] = kind;
    columns.firstMicros[flow] = sight.micros;
    columns.firstFrame[flow] = sight.frame;
    columns.packetsForward[flow] = 0;
    columns.packetsBack[flow] = 0;
    columns.bytesForward[flow] = 0;
    columns.bytesBack[flow] = 0;
    columns.seen[flow] = flags !== 0 && (flags & SYN) === 0 ? SEEN.midstream : 0;
    const head = key & (this.#room - 1);
    this.#next[flow] = this.#heads[head]!;
    this.#heads[head] = flow;
    this.#append(flow);
    return flow;
  }

  #place(): number {
    if (this.#free === -1 && this.#used >= this.#room) {
      if (this.#room < MOST) this.#grow();
      else {
        this.evicted += 1;
        this.end(this.#oldest);
      }
    }
    if (this.#free === -1) return this.#used++;
    const flow = this.#free;
    this.#free = this.#next[flow]!;
    return flow;
  }

  #endIdle(micros: number): void {
    while (this.#oldest !== -1 && this.columns.lastMicros[this.#oldest]! + IDLE_MICROS < micros) this.end(this.#oldest);
  }

  #append(flow: number): void {
    this.#older[flow] = this.#newest;
    this.#newer[flow] = -1;
    if (this.#newest === -1) this.#oldest = flow;
    else this.#newer[this.#newest] = flow;
    this.#newest = flow;
  }

  #unlink(flow: number): void {
    const [older, newer] = [this.#older[flow]!, this.#newer[flow]!];
    if (older === -1) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === -1) this.#newest = older;
    else this.#older[newer] = older;
  }

  #touch(flow: number): void {
    if (flow === this.#newest) return;
    this.#unlink(flow);
    this.#append(flow);
  }

  #grow(): void {
    const room = this.#room * 2;
    const wider = columnsOf(room);
    for (const name of Object.keys(wider) as (keyof FlowColumns)[])
      (wider[name] as Float64Array).set(this.columns[name]);
    this.columns = wider;
    [this.#next, this.#older, this.#newer] = [this.#next, this.#older, this.#newer].map((list) => {
      const longer = new Int32Array(room);
      longer.set(list);
      return longer;
    }) as [Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>, Int32Array<ArrayBuffer>];
    this.#heads = new Int32Array(room).fill(-1);
    this.#room = room;
    for (const flow of this.open()) {
      const ports = wider.ports[flow]!;
      const key = keyOf(
        wider.initiator[flow]!,
        wider.responder[flow]!,
        ports >>> 16,
        ports & 0xffff,
        wider.kind[flow]!,
      );
      this.#next[flow] = this.#heads[key & (room - 1)]!;
      this.#heads[key & (room - 1)] = flow;
    }
  }
}

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const OVER = SEEN.reset | SEEN.finForward | SEEN.finBack;

function seenOf(flags: number, forward: boolean): number {
  return (
    ((flags & SYN) === 0 ? 0 : (flags & ACK) === 0 ? SEEN.syn : SEEN.synAck) |
    ((flags & FIN) === 0 ? 0 : forward ? SEEN.finForward : SEEN.finBack) |
    ((flags & RST) === 0 ? 0 : SEEN.reset)
  );
}

/** The same for both directions. */
function keyOf(source: number, destination: number, sourcePort: number, destinationPort: number, kind: number): number {
  const one = Math.imul(source, 0x9e3779b1) ^ Math.imul(sourcePort, 0x85ebca6b);
  const other = Math.imul(destination, 0x9e3779b1) ^ Math.imul(destinationPort, 0x85ebca6b);
  const key = Math.imul((one + other) ^ Math.imul(one ^ other, 0xc2b2ae35) ^ kind, 0x27d4eb2f);
  return key ^ (key >>> 15);
}

function columnsOf(room: number): FlowColumns {
  return {
    initiator: new Int32Array(room),
    responder: new Int32Array(room),
    ports: new Uint32Array(room),
    kind: new Uint16Array(room),
    firstMicros: new Float64Array(room),
    lastMicros: new Float64Array(room),
    firstFrame: new Float64Array(room),
    lastFrame: new Float64Array(room),
    packetsForward: new Uint32Array(room),
    packetsBack: new Uint32Array(room),
    bytesForward: new Float64Array(room),
    bytesBack: new Float64Array(room),
    seen: new Uint8Array(room),
  };
}
