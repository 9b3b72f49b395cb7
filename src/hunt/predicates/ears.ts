import type { Environment } from '../../bpf/run.ts';
import { u16 } from '../../lib/endian.ts';
import { Fused, type Surroundings } from './fused.ts';
import type { Packets } from './packets.ts';
import type { Ground, Seat, Sought } from './seats.ts';

/** Filters that sit at one place and became one. */
export interface Ear {
  /** Their numbers, rising. */
  readonly filters: readonly number[];
  readonly fused: Fused;
}

export function earOf(filters: readonly number[], all: readonly Sought[], surroundings: Surroundings): Ear {
  return {
    filters,
    fused: new Fused(
      filters.map((number) => all[number]!.program),
      surroundings,
    ),
  };
}

const FIRST_TYPE = 0x0600;
/** What Linux takes for the type of a frame that tells its length instead: LLC, or the IPX of Novell (ETH_P_802_2, ETH_P_802_3). */
const [LLC, NOVELL] = [4, 1];

/**
 * EtherType as Linux keeps it.
 *
 * @param payload Where what the frame carries begins.
 * @see eth_type_trans() of the Linux kernel
 */
function keptType(bytes: Uint8Array, at: number, payload: number): number {
  const type = u16(bytes, at);
  if (type >= FIRST_TYPE) return type;
  return bytes[payload] === 0xff && bytes[payload + 1] === 0xff ? NOVELL : LLC;
}

/** The EtherType that the version of IP tells. */
export function typeOfVersion(first: number | undefined): number {
  const version = (first ?? 0) >> 4;
  return version === 4 ? 0x0800 : version === 6 ? 0x86dd : 0;
}

/** What the interpreter is told of packets that begin with a header of `header` bytes, which says their type at `typeAt`. */
export function headed(header: number, typeAt: number): Surroundings {
  return {
    hidden: 0,
    environment: ({ bytes, start, captured }, packet): Environment => {
      const at = start[packet]! + typeAt;
      const known = captured[packet]! >= typeAt + 2;
      return { network_offset: header, ...(known ? { protocol: keptType(bytes, at, start[packet]! + header) } : {}) };
    },
  };
}

/** What the interpreter is told of packets that begin with the network header, behind `hidden` bytes of a link's. */
export function bare(hidden: number, typeAt?: number): Surroundings {
  return {
    hidden,
    environment: ({ bytes, start, captured }, packet): Environment => {
      const at = start[packet]!;
      const first = captured[packet]! > 0 ? bytes[at] : undefined;
      const protocol = typeAt === undefined ? typeOfVersion(first) : keptType(bytes, at - hidden + typeAt, at);
      return { network_offset: 0, link_offset: -hidden, protocol };
    },
  };
}

/** What the interpreter is told of packets at a seat in frames of a link type. */
export function surroundingsOf(seat: Seat, { own, header = 0, typeAt }: Ground): Surroundings {
  if (seat === 'dressed') return headed(14, 12);
  if (seat === 'behind') return bare(header, typeAt);
  if (seat === 'frame' && own === 'ppp') return { hidden: 0, environment: () => ({ network_offset: 4 }) };
  if (seat === 'frame' && typeAt !== undefined) return headed(header, typeAt);
  return { hidden: 0, environment: () => ({ network_offset: 0 }) };
}

/** What frames carry behind a header of a fixed length, where they lie; those shorter than it are empty. */
export class Behind implements Packets {
  bytes: Uint8Array = new Uint8Array();
  count = 0;
  start = new Int32Array();
  captured = new Int32Array();
  wire = new Uint32Array();

  of(frames: Packets, header: number): Packets {
    const { count } = frames;
    if (this.start.length < count) {
      this.start = new Int32Array(count);
      this.captured = new Int32Array(count);
      this.wire = new Uint32Array(count);
    }
    this.bytes = frames.bytes;
    this.count = count;
    for (let index = 0; index < count; index++) {
      const shift = Math.min(header, frames.captured[index]!);
      this.start[index] = frames.start[index]! + shift;
      this.captured[index] = frames.captured[index]! - shift;
      this.wire[index] = Math.max(0, frames.wire[index]! - header);
    }
    return this;
  }
}
