import { u16 } from '../../lib/endian.ts';
import type { Frames } from '../capture/frames.ts';
import { CORE } from '../dissect/core.ts';
import { Dissector } from '../dissect/dissector.ts';
import { P, PROTOCOL_NAMES } from '../dissect/protocols.ts';
import { Addresses } from './addresses.ts';
import { Flows } from './flows.ts';
import type { Sight } from './sight.ts';

/** Follows what a capture shows: its layers, its addresses, its flows; each packet at each level of nesting is one sight. */
export class Traffic {
  readonly addresses = new Addresses();
  readonly flows: Flows;
  readonly layers = new Dissector(CORE);
  readonly sight: Sight = {
    frame: 0,
    micros: 0,
    at: 0,
    level: 0,
    protocol: 0,
    source: 0,
    destination: 0,
    sourcePort: 0,
    destinationPort: 0,
    flow: -1,
    fresh: false,
    forward: false,
    flags: 0,
    bytes: new Uint8Array(),
    network: 0,
    transport: 0,
    payload: 0,
    end: 0,
    whole: true,
    frameStart: 0,
  };

  /** @param onFlowEnd Is told of each flow that ends, while its columns still hold. */
  constructor(onFlowEnd: (flow: number) => void) {
    this.flows = new Flows(onFlowEnd);
  }

  /** Follows frames; `onSight` is called for each sight, outermost first. */
  follow(frames: Frames, onSight: (sight: Sight) => void): void {
    const { layers, sight } = this;
    for (let index = 0; index < frames.count; index++) {
      const start = frames.start[index]!;
      sight.frame = frames.first + index;
      sight.micros = frames.micros[index]!;
      sight.at = frames.at[index]!;
      sight.frameStart = start;
      layers.dissect(frames.link[index]!, frames.bytes, start, start + frames.captured[index]!);
      for (let level = 0; level < layers.levels; level++) {
        if (this.#look(level, frames.bytes)) onSight(sight);
      }
    }
  }

  /** The layers of the last frame down to the transport of a level, under Wireshark's names. */
  path(level: number): string {
    const { layers } = this;
    const [network, transport] = [layers.network[level]!, layers.transport[level]!];
    const last = transport === -1 ? network : transport;
    let text = '';
    for (let index = 0; index <= last; index++)
      text += index === 0 ? PROTOCOL_NAMES[layers.protocol[index]!]! : `/${PROTOCOL_NAMES[layers.protocol[index]!]}`;
    return text;
  }

  /** Reads one level of the last frame into `sight`. False where it has no transport. */
  #look(level: number, frame: Uint8Array): boolean {
    const { layers, sight, addresses, flows } = this;
    const [network, transport] = [layers.network[level]!, layers.transport[level]!];
    if (transport === -1) return false;
    const [ip, at] = [layers.start[network]!, layers.start[transport]!];
    const data = layers.data[network]!;
    const bytes = layers.data[transport]!;
    const end = layers.end[transport]!;
    const protocol = layers.protocol[transport]!;
    const header = headerOf(protocol, bytes, at, end);
    if (header === -1) return false;
    if (layers.protocol[network] === P.ip) {
      sight.source = addresses.see(data, ip + 12, 4);
      sight.destination = addresses.see(data, ip + 16, 4);
    } else {
      sight.source = addresses.see(data, ip + 8, 16);
      sight.destination = addresses.see(data, ip + 24, 16);
    }
    this.#ports(protocol, bytes, at);
    sight.level = level;
    sight.protocol = protocol;
    sight.flags = protocol === P.tcp ? bytes[at + 13]! : 0;
    sight.bytes = bytes;
    sight.whole = bytes === frame;
    sight.network = ip;
    sight.transport = at;
    sight.payload = at + header;
    sight.end = end;
    sight.flow = flows.see(sight, protocol | (level << 8));
    return true;
  }

  #ports(protocol: number, bytes: Uint8Array, at: number): void {
    const { sight } = this;
    if (protocol === P.icmp || protocol === P.icmpv6) {
      const type = bytes[at]!;
      const echo = protocol === P.icmp ? type === 8 || type === 0 : type === 128 || type === 129;
      sight.sourcePort = sight.destinationPort = echo ? u16(bytes, at + 4) : u16(bytes, at);
    } else {
      sight.sourcePort = u16(bytes, at);
      sight.destinationPort = u16(bytes, at + 2);
    }
  }
}

/** Bytes of a transport's header, or -1 where it is cut. */
function headerOf(protocol: number, bytes: Uint8Array, at: number, end: number): number {
  if (protocol === P.tcp) {
    const header = end - at < 20 ? 0 : 4 * (bytes[at + 12]! >> 4);
    return header >= 20 && at + header <= end ? header : -1;
  }
  const header = protocol === P.sctp ? 12 : 8;
  return at + header <= end ? header : -1;
}
