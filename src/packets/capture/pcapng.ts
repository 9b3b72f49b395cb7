import { u16, u16le, u32, u32le } from '../../lib/endian.ts';
import { LONGEST_FRAME, type CaptureFormat, type Taken } from './format.ts';
import { MOST_FRAMES, type Frames } from './frames.ts';

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const PACKET = 6;
const COMMENT = 1;
const MOST_OPTIONS = 16;
const BYTE_ORDER = 0x1a2b3c4d;

/** A block longer than this is damage: secrets and name lists are far shorter, and so are frames. */
const LONGEST_BLOCK = 4 << 20;
const MOST_INTERFACES = 65_536;

export function isPcapng(head: Uint8Array): boolean {
  return head.length >= 4 && u32(head, 0) === SECTION;
}

interface Interface {
  readonly link: number;
  readonly snaplen: number;
  /** Units of its time stamps a microsecond; below 1 where they are coarser. */
  readonly units: number;
  /** Microseconds to be added. */
  readonly offset: number;
}

/**
 * A capture in the format of pcapng: sections with byte orders of their own, interfaces with link types and clocks of their own.
 *
 * @see draft-ietf-opsawg-pcapng
 */
export class Pcapng implements CaptureFormat {
  #little = true;
  #interfaces: Interface[] = [];

  take(bytes: Uint8Array, from: number, to: number, base: number, frames: Frames): Taken {
    let next = from;
    while (next + 12 <= to && frames.count < MOST_FRAMES) {
      const section = u32(bytes, next) === SECTION;
      if (section && !this.#begin(bytes, next + 8)) return { next, needs: 0, broken: 'a section has no byte order' };
      const length = this.#long(bytes, next + 4);
      if (length < 12 || length % 4 !== 0 || length > LONGEST_BLOCK)
        return { next, needs: 0, broken: `a block says that it has ${length} bytes` };
      if (next + length > to) return { next, needs: length };
      if (this.#long(bytes, next + length - 4) !== length)
        return { next, needs: 0, broken: 'the two lengths of a block differ' };
      const odd = this.#block(bytes, next, length, base, frames);
      if (odd !== undefined && (section || odd.startsWith('!')))
        return { next, needs: 0, broken: odd.replace(/^!/, '') };
      next += length;
      if (odd !== undefined) return { next, needs: 12, odd };
    }
    return { next, needs: 12 };
  }

  #long(bytes: Uint8Array, at: number): number {
    return this.#little ? u32le(bytes, at) : u32(bytes, at);
  }

  #short(bytes: Uint8Array, at: number): number {
    return this.#little ? u16le(bytes, at) : u16(bytes, at);
  }

  /** A new section: its byte order, and no interface yet. */
  #begin(bytes: Uint8Array, at: number): boolean {
    const little = u32le(bytes, at) === BYTE_ORDER;
    if (!little && u32(bytes, at) !== BYTE_ORDER) return false;
    this.#little = little;
    this.#interfaces = [];
    return true;
  }

  /** @returns What is odd about it; with `!` before it where nothing behind it can be read. */
  #block(bytes: Uint8Array, at: number, length: number, base: number, frames: Frames): string | undefined {
    const end = at + length - 4;
    switch (this.#long(bytes, at)) {
      case SECTION:
        return this.#section(bytes, at, length);
      case INTERFACE:
        return this.#interface(bytes, at, end);
      case PACKET:
        return this.#packet(bytes, at, { end, base, frames, id: this.#long(bytes, at + 8) });
      case OLD_PACKET:
        return this.#packet(bytes, at, { end, base, frames, id: this.#short(bytes, at + 8) });
      case SIMPLE_PACKET:
        return this.#simple(bytes, at, end, base, frames);
      default:
        return undefined; // names, statistics, secrets, comments: no packet
    }
  }

  #section(bytes: Uint8Array, at: number, length: number): string | undefined {
    if (length < 28) return 'a section is shorter than its header';
    const major = this.#short(bytes, at + 12);
    return major === 1 ? undefined : `a section's version is ${major}, and 1 is the one that is known`;
  }

  #interface(bytes: Uint8Array, at: number, end: number): string | undefined {
    if (end - at < 16) return '!an interface is shorter than its header';
    if (this.#interfaces.length >= MOST_INTERFACES) return '!there are more interfaces than 65,536';
    let [units, offset] = [1, 0];
    for (let option = at + 16; option + 4 <= end;) {
      const [code, size] = [this.#short(bytes, option), this.#short(bytes, option + 2)];
      if (code === 0 || option + 4 + size > end) break;
      if (code === 9 && size === 1) units = unitsOf(bytes[option + 4]!);
      if (code === 14 && size === 8) offset = this.#number64(bytes, option + 4) * 1e6;
      option += 4 + Math.ceil(size / 4) * 4;
    }
    this.#interfaces.push({
      link: this.#short(bytes, at + 8),
      snaplen: this.#long(bytes, at + 12),
      units,
      offset,
    });
    return undefined;
  }

  #packet(
    bytes: Uint8Array,
    at: number,
    { end, base, frames, id }: { end: number; base: number; frames: Frames; id: number },
  ): string | undefined {
    if (end - at < 28) return 'a packet is shorter than its header';
    const about = this.#interfaces[id];
    if (about === undefined) return `!a packet names the interface ${id}, of which nothing was said`;
    const kept = this.#long(bytes, at + 20);
    if (kept > LONGEST_FRAME || kept > end - at - 28) return `!a packet says that it holds ${kept} bytes`;
    // The upper half is a multiple of 2^32, which a double holds as it is: dividing before adding keeps a quarter of a microsecond.
    const time = (this.#long(bytes, at + 12) * 4_294_967_296) / about.units + this.#long(bytes, at + 16) / about.units;
    if (this.#hasOption(bytes, at + 28 + ((kept + 3) & ~3), end, COMMENT)) frames.commented[frames.count] = 1;
    add(frames, base, { start: at + 28, kept, wire: this.#long(bytes, at + 24), micros: time + about.offset, about });
    return undefined;
  }

  #hasOption(bytes: Uint8Array, from: number, end: number, code: number): boolean {
    for (let at = from, left = MOST_OPTIONS; at + 4 <= end && left > 0; left--) {
      const option = this.#short(bytes, at);
      if (option === code) return true;
      if (option === 0) return false;
      at += 4 + ((this.#short(bytes, at + 2) + 3) & ~3);
    }
    return false;
  }

  #simple(bytes: Uint8Array, at: number, end: number, base: number, frames: Frames): string | undefined {
    const about = this.#interfaces[0];
    if (end - at < 12 || about === undefined) return '!a packet came before its interface';
    const wire = this.#long(bytes, at + 8);
    const kept = Math.min(wire, about.snaplen === 0 ? wire : about.snaplen, end - at - 12);
    add(frames, base, { start: at + 12, kept, wire, micros: 0, about });
    return undefined;
  }

  #number64(bytes: Uint8Array, at: number): number {
    const [first, second] = [this.#long(bytes, at), this.#long(bytes, at + 4)];
    const [high, low] = this.#little ? [second, first] : [first, second];
    return (high | 0) * 4_294_967_296 + low;
  }
}

function add(
  frames: Frames,
  base: number,
  { start, kept, wire, micros, about }: { start: number; kept: number; wire: number; micros: number; about: Interface },
): void {
  const { count } = frames;
  frames.start[count] = start;
  frames.captured[count] = kept;
  frames.wire[count] = wire;
  frames.micros[count] = micros;
  frames.link[count] = about.link;
  frames.at[count] = base + start;
  frames.count = count + 1;
}

/** Units a microsecond; a second has a power of 10, or of 2 where the highest bit is set. */
function unitsOf(resolution: number): number {
  return (resolution < 128 ? 10 ** resolution : 2 ** (resolution - 128)) / 1e6;
}
