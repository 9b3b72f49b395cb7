import { ANCILLARY, ANCILLARY_AREA, ancillaryOf, LINK_AREA, NETWORK_AREA, type AncillaryName } from './ancillary.ts';
import { nestedNetlinkAttribute, netlinkAttribute } from './netlink-attribute.ts';
import { payloadOffset } from './payload-offset.ts';
import { OP, SCRATCH_WORDS, VALID_CODES, type Program } from './program.ts';

/**
 * What the kernel knows about a packet beside its bytes: the ancillary values by name, each an unsigned 32-bit number.
 *
 * `nlattr`, `nlattr_nest` and `pay_offset` are computed from the packet where they are not given, `pay_offset` with the help
 * of `protocol`. A program that asks for another value that is not given drops the packet. Linux itself has them all; only of
 * a packet without a device, as on Unix and netlink sockets, it has no `ifindex` and `hatype`: the run then ends with A.
 *
 * `network_offset` says where the network header begins in the packet, 14 unless given; `link_offset` where the link-layer
 * header begins, 0 unless given. They are negative on a socket that hides these headers.
 */
export type Environment = Readonly<
  Partial<Record<Exclude<AncillaryName, 'alu_xor_x'> | 'network_offset' | 'link_offset', number>>
>;

/** A program made ready to run many times. */
export interface Machine {
  /** Four numbers an instruction: operation, where to go on in `steps` if true and if false, k. A return of 0 stands last. */
  readonly steps: Int32Array;
  readonly scratch: Int32Array;
}

const DEFAULT_NETWORK_OFFSET = 14;
const DEFAULT_LINK_OFFSET = 0;
const STEP = 4;

// The valid codes are few and spread over a byte: numbered without holes they make one dense table of cases. Ancillary
// loads are put behind them, for they share the codes of absolute loads.
const OPERATION_OF = new Map([...VALID_CODES].sort((a, b) => a - b).map((code, index) => [code, index]));
const RETURN = 6;
const ANCILLARY_LOAD = 49;
const ANCILLARY_XOR = 50;

/**
 * Makes a program ready to run.
 *
 * @param program A program that Linux takes (see `refusalOf`). Of others only this is promised: running them ends.
 */
export function machineOf(program: Program): Machine {
  const end = program.length;
  const steps = new Int32Array((end + 1) * STEP);
  steps[end * STEP] = RETURN;
  for (let pc = 0; pc < end; pc++) {
    const instruction = program[pc]!;
    const { code, jt, jf, k } = instruction;
    const ancillary = ancillaryOf(instruction);
    const valid = OPERATION_OF.get(code);
    const at = pc * STEP;
    steps[at] =
      ancillary === undefined ? (valid ?? RETURN) : ancillary === 'alu_xor_x' ? ANCILLARY_XOR : ANCILLARY_LOAD;
    steps[at + 1] = target(pc, code === OP.ja ? k : jt, end);
    steps[at + 2] = target(pc, jf, end);
    steps[at + 3] = valid === undefined ? 0 : k;
  }
  return { steps, scratch: new Int32Array(SCRATCH_WORDS) };
}

/** Where it goes on behind skipped instructions. */
function target(pc: number, skip: number, end: number): number {
  return Math.min(pc + 1 + skip, end) * STEP;
}

/**
 * Runs a program over one packet as Linux does: arithmetic modulo 2^32, unsigned comparisons, shift counts from X modulo 32.
 * A load outside the packet, a division by a zero X and a missing ancillary value end the run with 0.
 *
 * @param packet From what offset 0 is on that socket: link-layer header, network header, …
 * @param wireLength Length on the wire in bytes where the capture kept less of the packet.
 * @param hidden Headers that lie before offset 0, which negative offsets reach; without it, such a load is one outside.
 * @returns How many bytes the program lets through, unsigned; 0 is a dropped packet. It may exceed the packet's length.
 * @see bpf_convert_filter() and bpf_internal_load_pointer_neg_helper() of the Linux kernel
 * @example
 * run(machineOf([{ code: 0x80, jt: 0, jf: 0, k: 0 }, { code: 0x16, jt: 0, jf: 0, k: 0 }]), new Uint8Array(60)); // 60
 */
export function run(
  machine: Machine,
  packet: Uint8Array,
  env?: Environment,
  wireLength = packet.length,
  hidden?: Uint8Array,
): number {
  const { steps, scratch } = machine;
  const size = packet.length;
  let a = 0;
  let x = 0;
  let at = 0;
  let o = 0;
  let k = 0;
  // Every access below is inside its array: steps end with a return, and no jump leads past it.
  for (;;) {
    k = steps[at + 3]!;
    switch (steps[at]!) {
      case 0: // 0x00 ld #k
        a = k;
        break;
      case 1: // 0x01 ldx #k
        x = k;
        break;
      case 2: // 0x02 st M[k]
        scratch[k & 15] = a;
        break;
      case 3: // 0x03 stx M[k]
        scratch[k & 15] = x;
        break;
      case 4: // 0x04 add #k
        a = (a + k) | 0;
        break;
      case 5: // 0x05 ja
        at = steps[at + 1]!;
        continue;
      case 6: // 0x06 ret #k
        return k >>> 0;
      case 7: // 0x07 tax
        x = a;
        break;
      case 8: // 0x0c add x
        a = (a + x) | 0;
        break;
      case 9: // 0x14 sub #k
        a = (a - k) | 0;
        break;
      case 10: // 0x15 jeq #k
        at = a === k ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 11: // 0x16 ret a
        return a >>> 0;
      case 12: // 0x1c sub x
        a = (a - x) | 0;
        break;
      case 13: // 0x1d jeq x
        at = a === x ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 14: // 0x20 ld [k]
        o = k >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 4, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o + 4 > size) return 0;
        a = (packet[o]! << 24) | (packet[o + 1]! << 16) | (packet[o + 2]! << 8) | packet[o + 3]!;
        break;
      case 15: // 0x24 mul #k
        a = Math.imul(a, k);
        break;
      case 16: // 0x25 jgt #k
        at = a >>> 0 > k >>> 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 17: // 0x28 ldh [k]
        o = k >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 2, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o + 2 > size) return 0;
        a = (packet[o]! << 8) | packet[o + 1]!;
        break;
      case 18: // 0x2c mul x
        a = Math.imul(a, x);
        break;
      case 19: // 0x2d jgt x
        at = a >>> 0 > x >>> 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 20: // 0x30 ldb [k]
        o = k >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 1, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o >= size) return 0;
        a = packet[o]!;
        break;
      case 21: // 0x34 div #k
        a = ((a >>> 0) / (k >>> 0)) | 0;
        break;
      case 22: // 0x35 jge #k
        at = a >>> 0 >= k >>> 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 23: // 0x3c div x
        if (x === 0) return 0;
        a = ((a >>> 0) / (x >>> 0)) | 0;
        break;
      case 24: // 0x3d jge x
        at = a >>> 0 >= x >>> 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 25: // 0x40 ld [x + k]
        o = (x + k) >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 4, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o + 4 > size) return 0;
        a = (packet[o]! << 24) | (packet[o + 1]! << 16) | (packet[o + 2]! << 8) | packet[o + 3]!;
        break;
      case 26: // 0x44 or #k
        a |= k;
        break;
      case 27: // 0x45 jset #k
        at = (a & k) !== 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 28: // 0x48 ldh [x + k]
        o = (x + k) >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 2, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o + 2 > size) return 0;
        a = (packet[o]! << 8) | packet[o + 1]!;
        break;
      case 29: // 0x4c or x
        a |= x;
        break;
      case 30: // 0x4d jset x
        at = (a & x) !== 0 ? steps[at + 1]! : steps[at + 2]!;
        continue;
      case 31: // 0x50 ldb [x + k]
        o = (x + k) >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 1, packet, env, hidden);
          if (o < 0) return 0;
          a = o | 0;
          break;
        }
        if (o >= size) return 0;
        a = packet[o]!;
        break;
      case 32: // 0x54 and #k
        a &= k;
        break;
      case 33: // 0x5c and x
        a &= x;
        break;
      case 34: // 0x60 ld M[k]
        a = scratch[k & 15]!;
        break;
      case 35: // 0x61 ldx M[k]
        x = scratch[k & 15]!;
        break;
      case 36: // 0x64 lsh #k
        a <<= k;
        break;
      case 37: // 0x6c lsh x
        a <<= x;
        break;
      case 38: // 0x74 rsh #k
        a >>>= k;
        a |= 0;
        break;
      case 39: // 0x7c rsh x
        a = (a >>> x) | 0;
        break;
      case 40: // 0x80 ld #pktlen
        a = wireLength | 0;
        break;
      case 41: // 0x81 ldx #pktlen
        x = wireLength | 0;
        break;
      case 42: // 0x84 neg
        a = -a | 0;
        break;
      case 43: // 0x87 txa
        a = x;
        break;
      case 44: // 0x94 mod #k
        a = ((a >>> 0) % (k >>> 0)) | 0;
        break;
      case 45: // 0x9c mod x
        if (x === 0) return 0;
        a = ((a >>> 0) % (x >>> 0)) | 0;
        break;
      case 46: // 0xa4 xor #k
        a ^= k;
        break;
      case 47: // 0xac xor x
        a ^= x;
        break;
      case 48: // 0xb1 ldx 4*([k]&0xf)
        o = k >>> 0;
        if (o >= LINK_AREA) {
          o = headerLoad(o, 1, packet, env, hidden);
          if (o < 0) return 0;
          x = (o & 15) << 2;
          break;
        }
        if (o >= size) return 0;
        x = (packet[o]! & 15) << 2;
        break;
      case ANCILLARY_LOAD: {
        const value = ancillaryValue(k >>> 0, a >>> 0, x >>> 0, packet, env);
        if (value === undefined) return 0;
        a = value | 0;
        break;
      }
      case ANCILLARY_XOR:
        a ^= x;
        break;
    }
    at += STEP;
  }
}

/** The unsigned value at a negative offset, -1 when there is none. */
function headerLoad(
  offset: number,
  width: number,
  packet: Uint8Array,
  env: Environment | undefined,
  hidden: Uint8Array | undefined,
): number {
  const start =
    offset >= NETWORK_AREA
      ? offset - NETWORK_AREA + networkOffset(env)
      : offset - LINK_AREA + (env?.link_offset ?? DEFAULT_LINK_OFFSET);
  let value = 0;
  for (let at = start; at < start + width; at++) {
    const byte = at >= 0 ? packet[at] : hidden?.at(at);
    if (byte === undefined) return -1;
    value = value * 256 + byte;
  }
  return value;
}

function networkOffset(env: Environment | undefined): number {
  return env?.network_offset ?? DEFAULT_NETWORK_OFFSET;
}

/** An ancillary value: the one that is given, or one that the packet tells. */
function ancillaryValue(
  k: number,
  a: number,
  x: number,
  packet: Uint8Array,
  env: Environment | undefined,
): number | undefined {
  const name = ANCILLARY[(k - ANCILLARY_AREA) / 4]?.name;
  if (name === undefined || name === 'alu_xor_x') return undefined;
  const given = env?.[name];
  if (given !== undefined) return given;
  if (name === 'nlattr') return netlinkAttribute(packet, a, x);
  if (name === 'nlattr_nest') return nestedNetlinkAttribute(packet, a, x);
  if (name === 'pay_offset') return payloadOffset(packet, networkOffset(env), env?.protocol ?? typeBefore(packet, env));
  return undefined;
}

/** The EtherType that stands before the network header or, where nothing does, the one that its version tells. */
function typeBefore(packet: Uint8Array, env: Environment | undefined): number {
  const at = networkOffset(env);
  if (at >= 2) return ((packet[at - 2] ?? 0) << 8) | (packet[at - 1] ?? 0);
  return TYPE_OF_VERSION[(packet[at] ?? 0) >> 4] ?? 0;
}

/** EtherTypes by the version of IP. */
const TYPE_OF_VERSION: Readonly<Record<number, number>> = { 4: 0x0800, 6: 0x86dd };
