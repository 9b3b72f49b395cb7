import { u16 } from '../../lib/endian.ts';
import type { Dissector, Step } from './dissector.ts';
import { ofEtherType, ofVersion } from './ether-types.ts';
import { P } from './protocols.ts';
import { gtpSteps } from './signalling/gtp/layers.ts';
import type { Steps } from './steps.ts';

const gre: Step = (d) => {
  const { bytes, at } = d;
  if (d.left < 4) {
    d.enterTransport(P.gre, d.left);
    return 0;
  }
  const flags = u16(bytes, at);
  const type = u16(bytes, at + 2);
  const version = flags & 7;
  let header = 4;
  if ((flags & 0xc000) !== 0) header += 4; // checksum or routing: both share a word
  if ((flags & 0x2000) !== 0) header += 4; // key; of version 1 length and call
  const sequence = (flags & 0x1000) !== 0;
  if (sequence) header += 4;
  if (version === 1 && (flags & 0x0080) !== 0) header += 4;
  d.enterTransport(P.gre, header);
  if (d.left === 0) return 0;
  // ERSPAN of the first type has no header: the frame follows.
  if (type === ERSPAN_2 && !sequence) {
    d.enter(P.erspan, 0);
    return P.eth;
  }
  if (type === ERSPAN_3 || type === ERSPAN_2) return P.erspan;
  return (type & 0xff0f) === 0x8200 || (type & 0xff0f) === 0x8300 ? P.wlan : ofEtherType(type); // access points of Aruba
};

const ERSPAN_2 = 0x88be;
const ERSPAN_3 = 0x22eb;

const erspan: Step = (d) => {
  const { bytes, at } = d;
  if (d.left < 8) {
    d.enter(P.erspan, d.left);
    return 0;
  }
  const version = bytes[at]! >> 4;
  // The third type may have eight more bytes, and says so in its last bit.
  const header = version === 2 ? 12 + (d.left >= 12 && (bytes[at + 11]! & 1) === 1 ? 8 : 0) : 8;
  // What a frame of the third type carries is told by five bits: Ethernet, or a packet.
  const kind = version === 2 && d.left >= 12 ? (bytes[at + 10]! >> 2) & 0x1f : 0;
  d.enter(P.erspan, header);
  if (version !== 1 && version !== 2) return 0;
  return kind === 0 ? P.eth : kind === 2 && d.left > 0 ? ofVersion(bytes[d.at]!) : 0;
};

const GENERIC_PORT = 4790;

/** The generic extension, by a flag or its port, names what follows. @see draft-ietf-nvo3-vxlan-gpe */
const vxlan: Step = (d) => {
  const generic = d.left >= 8 && ((d.bytes[d.at]! & 4) !== 0 || hasPort(d, GENERIC_PORT));
  const next = generic ? (VXLAN_NEXT[d.bytes[d.at + 3]!] ?? 0) : P.eth;
  d.enter(P.vxlan, 8);
  return d.left > 0 ? next : 0;
};

/** Whether the datagram that brought this has a port. */
function hasPort(d: Dissector, port: number): boolean {
  const [bytes, at] = [d.data[d.count - 1], d.start[d.count - 1]!];
  return (
    bytes !== undefined && d.protocol[d.count - 1] === P.udp && (u16(bytes, at) === port || u16(bytes, at + 2) === port)
  );
}

const VXLAN_NEXT: Readonly<Record<number, number>> = { 1: P.ip, 2: P.ipv6, 3: P.eth, 5: P.mpls };

const geneve: Step = (d) => {
  const { bytes, at } = d;
  const header = d.left < 8 ? d.left : 8 + 4 * (bytes[at]! & 0x3f);
  const type = d.left < 8 ? 0 : u16(bytes, at + 2);
  d.enter(P.geneve, header);
  return d.left > 0 ? ofEtherType(type) : 0;
};

/** IPv6 through an address translator: indications of origin and authentication may stand before it. */
const teredo: Step = (d) => {
  const { bytes, at } = d;
  let header = 0;
  if (d.left >= 4 && u16(bytes, at) === 1) header += 13 + bytes[at + 2]! + bytes[at + 3]!;
  if (d.left >= header + 8 && u16(bytes, at + header) === 0) header += 8;
  d.enter(P.teredo, header);
  return d.left > 0 && bytes[d.at]! >> 4 === 6 ? P.ipv6 : 0;
};

const l2tp: Step = (d) => {
  const { bytes, at } = d;
  if (d.left < 6) {
    d.enter(P.l2tp, d.left);
    return 0;
  }
  const flags = u16(bytes, at);
  let header = 6;
  if ((flags & 0x4000) !== 0) header += 2;
  if ((flags & 0x0800) !== 0) header += 4;
  if ((flags & 0x0200) !== 0) header += 2 + (d.left >= header + 2 ? u16(bytes, at + header) : 0);
  const control = (flags & 0x8000) !== 0;
  d.enter(P.l2tp, header);
  return !control && d.left > 0 ? P.ppp : 0;
};

export const tunnelSteps: Steps = { gre, erspan, vxlan, geneve, teredo, l2tp, ...gtpSteps };

/** Tunnels over UDP, by port. */
export const TUNNEL_PORTS: ReadonlyMap<number, number> = new Map([
  [1701, P.l2tp],
  [2123, P.gtp],
  [2152, P.gtp],
  [3386, P.gtpprime],
  [3544, P.teredo],
  [4789, P.vxlan],
  [4754, P.gre],
  [4790, P.vxlan],
  [6081, P.geneve],
  [8472, P.vxlan],
]);
