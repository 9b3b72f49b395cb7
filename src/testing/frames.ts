import type { Environment } from '../bpf/run.ts';
import { fromHex } from '../lib/bytes.ts';
import { RECEIVER, type OracleSocket } from './kernel-oracle.ts';
import type { Random } from './random.ts';

const ADDRESSES = [RECEIVER.address, RECEIVER.address, 'ffffffffffff', '01005e000001', '020000000009'];
const SENDER = '02005e100001';
const ETHERNET_BYTES = 14;
const TAG_BYTES = 4;

/** A filter's view of a frame that a packet socket receives. */
export interface Arrival {
  readonly packet: Uint8Array;
  readonly env: Environment;
  /** The headers that the socket hides. */
  readonly hidden: Uint8Array;
}

/**
 * What a filter on a packet socket gets of an Ethernet frame: Linux has taken out the outermost VLAN tag, and a datagram
 * socket shows no link-layer header.
 *
 * @see eth_type_trans(), skb_vlan_untag() and packet_rcv() of the Linux kernel
 */
export function arrivalOf(frame: Uint8Array, socket: Exclude<OracleSocket, 'unix'>): Arrival {
  const outer = half(frame, 12);
  const tagged = outer === 0x8100 || outer === 0x88a8;
  const seen = tagged ? Uint8Array.from([...frame.subarray(0, 12), ...frame.subarray(12 + TAG_BYTES)]) : frame;
  const hidden = socket === 'datagram' ? ETHERNET_BYTES : 0;
  return {
    packet: seen.subarray(hidden),
    env: {
      protocol: protocolOf(seen),
      pkttype: packetTypeOf(seen),
      ifindex: RECEIVER.ifindex,
      mark: RECEIVER.mark,
      queue: 0,
      hatype: 1,
      rxhash: 0,
      cpu: RECEIVER.cpu,
      vlan_tag: tagged ? half(frame, 14) : 0,
      vlan_tag_present: Number(tagged),
      vlan_tpid: tagged ? outer : 0,
      network_offset: ETHERNET_BYTES - hidden,
      link_offset: -hidden,
    },
    hidden: seen.subarray(0, hidden),
  };
}

/** ETH_P_802_3 and ETH_P_802_2 for what has a length in place of a type. */
function protocolOf(frame: Uint8Array): number {
  const type = half(frame, 12);
  if (type >= 0x600) return type;
  return half(frame, 14) === 0xffff ? 1 : 4;
}

/** PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST */
function packetTypeOf(frame: Uint8Array): number {
  const to = Buffer.from(frame.subarray(0, 6)).toString('hex');
  if (to === RECEIVER.address) return 0;
  if (to === 'ffffffffffff') return 1;
  return (frame[0] ?? 0) & 1 ? 2 : 3;
}

const half = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const TRANSPORTS = [1, 2, 4, 6, 6, 17, 17, 33, 41, 50, 51, 58, 132, 136, 255, 0, 43, 44, 60, 59];
const TYPES = [0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x0040, 0x88cc];

/** An Ethernet frame whose headers make some sense: IP of both versions with options, pieces and tunnels, tags, others. */
export function randomFrame(random: Random): Uint8Array {
  const type = random.pick(TYPES);
  const bytes = [
    ...(fromHex(random.pick(ADDRESSES) + SENDER) ?? []),
    type >> 8,
    type & 0xff,
    ...network(random, type, 4),
  ];
  const length = random.pick([random.below(bytes.length), bytes.length, bytes.length + random.below(60)]);
  const frame = new Uint8Array(Math.max(length, 40));
  frame.set(bytes.slice(0, frame.length));
  return frame;
}

function network(random: Random, type: number, depth: number): number[] {
  const byte = () => random.below(256);
  const bytes = (length: number) => Array.from({ length }, byte);
  if (type === 0x8100 || type === 0x88a8) {
    const inner = random.pick(TYPES);
    return [byte(), byte(), inner >> 8, inner & 0xff, ...network(random, inner, depth - 1)];
  }
  const carried = random.pick(TRANSPORTS);
  if (type === 0x0800) {
    const words = random.pick([5, 5, 5, 6, 15, random.below(16)]);
    const fragment = random.pick([0, 0, 0, 0x40, 0x20, byte()]);
    const options = bytes(Math.max(words - 5, 0) * 4);
    return [
      0x40 + words,
      ...bytes(5),
      fragment,
      0,
      64,
      carried,
      ...bytes(10),
      ...options,
      ...transport(random, carried, depth),
    ];
  }
  if (type === 0x86dd) return [0x60, ...bytes(5), carried, 64, ...bytes(32), ...transport(random, carried, depth)];
  return bytes(40);
}

function transport(random: Random, type: number, depth: number): number[] {
  const byte = () => random.below(256);
  const bytes = (length: number) => Array.from({ length }, byte);
  if (depth <= 0) return bytes(40);
  const next = random.pick(TRANSPORTS);
  if (type === 4) return network(random, 0x0800, depth - 1);
  if (type === 41) return network(random, 0x86dd, depth - 1);
  if (type === 44)
    return [
      next,
      0,
      random.pick([0, byte()]),
      random.pick([0, 1, 6, 8]),
      ...bytes(4),
      ...transport(random, next, depth - 1),
    ];
  if ([0, 43, 60].includes(type)) {
    const units = random.below(3);
    return [next, units, ...bytes(6 + 8 * units), ...transport(random, next, depth - 1)];
  }
  return bytes(40);
}
