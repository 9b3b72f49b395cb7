import { u16, u32 } from '../../lib/endian.ts';
import type { Dissector, Step } from './dissector.ts';
import { P } from './protocols.ts';
import type { Steps } from './steps.ts';

const PROTOCOLS = new Map<number, number>([
  [1, P.icmp],
  [2, P.igmp],
  [4, P.ip],
  [6, P.tcp],
  [17, P.udp],
  [41, P.ipv6],
  [47, P.gre],
  [50, P.esp],
  [51, P.ah],
  [58, P.icmpv6],
  [97, P.eth],
  [115, P.l2tp],
  [132, P.sctp],
  [137, P.mpls],
]);

function ofProtocol(d: Dissector, protocol: number): number {
  if (d.left === 0) return 0;
  if (protocol === 97) d.at = Math.min(d.at + 2, d.limit);
  return PROTOCOLS.get(protocol) ?? 0;
}

const ip: Step = (d) => {
  const { bytes, at } = d;
  const first = d.left > 0 ? bytes[at]! : 0;
  if (first >> 4 === 6) {
    d.enter(P.ip, 0);
    return P.ipv6;
  }
  const header = 4 * (first & 15);
  const whole = d.left >= 20 && first >> 4 === 4 && header >= 20 && header <= d.left;
  if (!d.enterNetwork(P.ip, whole ? header : d.left) || !whole) return 0;
  const total = u16(bytes, at + 2);
  // Where the network card cuts segments, the length is not known yet and says 0.
  if (total >= header) d.limit = Math.min(d.limit, at + total);
  else if (total > 0) return 0; // no host takes a packet that ends inside of its own header
  const place = u16(bytes, at + 6);
  const protocol = bytes[at + 9]!;
  const [offset, more] = [8 * (place & 0x1fff), (place & 0x2000) !== 0];
  if (offset === 0 && !more) return ofProtocol(d, protocol);
  // What the capture cut cannot be put together; the first of the fragments shows who speaks.
  if (d.limit < at + total) return offset === 0 ? ofProtocol(d, protocol) : 0;
  const name = { bytes, addressesAt: at + 12, length: 8, id: (u16(bytes, at + 4) << 8) | protocol };
  return joined(d, name, offset, more) ? ofProtocol(d, protocol) : 0;
};

const ipv6: Step = (d) => {
  const { bytes, at } = d;
  if (d.left < 40 || bytes[at]! >> 4 !== 6) {
    d.enterNetwork(P.ipv6, d.left);
    return 0;
  }
  if (!d.enterNetwork(P.ipv6, 40)) return 0;
  const length = u16(bytes, at + 4);
  if (length > 0) d.limit = Math.min(d.limit, at + 40 + length);
  let next = bytes[at + 6]!;
  while (EXTENSIONS[next] === 1) {
    if (d.left < 8) return 0;
    const here = d.at;
    const follows = d.bytes[here]!;
    if (next === FRAGMENT) {
      const place = u16(d.bytes, here + 2);
      const id = u32(d.bytes, here + 4);
      d.at += 8;
      const [offset, more] = [place & 0xfff8, (place & 1) === 1];
      if ((offset > 0 || more) && !joined(d, { bytes, addressesAt: at + 8, length: 32, id }, offset, more)) return 0;
    } else {
      const size = next === AUTHENTICATION ? 4 * (d.bytes[here + 1]! + 2) : 8 * (d.bytes[here + 1]! + 1);
      if (size > d.left) return 0;
      d.at += size;
    }
    next = follows;
  }
  return ofProtocol(d, next);
};

const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop by hop, routing, fragment, authentication, destination, mobility: headers that say what follows in their first byte. */
const EXTENSIONS = new Uint8Array(256);
for (const header of [0, 43, FRAGMENT, AUTHENTICATION, 60, 135]) EXTENSIONS[header] = 1;

/** Takes a fragment; when it makes the datagram whole, the reading goes on in its bytes. */
function joined(
  d: Dissector,
  name: { bytes: Uint8Array; addressesAt: number; length: number; id: number },
  offset: number,
  more: boolean,
): boolean {
  const whole = d.fragments.add(name, { offset, from: d.at, to: d.limit, more });
  if (whole === undefined) return false;
  d.bytes = whole;
  d.at = 0;
  d.limit = whole.length;
  return true;
}

const ah: Step = (d) => {
  const { bytes, at } = d;
  const size = d.left < 12 ? d.left : 4 * (bytes[at + 1]! + 2);
  const next = d.left > 0 ? bytes[at]! : 0;
  d.enter(P.ah, size);
  return d.left > 0 ? ofProtocol(d, next) : 0;
};

const udp: Step = (d) => {
  const { bytes, at } = d;
  const whole = d.left >= 8;
  d.enterTransport(P.udp, 8);
  if (!whole) return 0;
  const length = u16(bytes, at + 4);
  if (length >= 8) d.limit = Math.min(d.limit, at + length);
  return d.left === 0 ? 0 : d.uppers.udp(d, u16(bytes, at), u16(bytes, at + 2));
};

const tcp: Step = (d) => {
  const { bytes, at } = d;
  const header = d.left < 20 ? d.left : 4 * (bytes[at + 12]! >> 4);
  const whole = d.left >= 20 && header >= 20 && header <= d.left;
  d.enterTransport(P.tcp, whole ? header : d.left);
  return whole ? d.uppers.tcp(d, at) : 0;
};

const sctp: Step = (d) => {
  const { at } = d;
  if (d.left < 12) return 0;
  d.enterTransport(P.sctp, 12);
  return d.left > 0 ? d.uppers.sctp(d, at) : 0;
};

const icmpAs =
  (protocol: number): Step =>
  (d) => {
    d.enterTransport(protocol, Math.min(8, d.left));
    return 0;
  };

const whole =
  (protocol: number): Step =>
  (d) => {
    d.enter(protocol, d.left);
    return 0;
  };

/** What routers tell each other, in messages of IGMP once. */
const PIM = 0x14;

const igmp: Step = (d) => {
  if (d.left > 0 && d.bytes[d.at] !== PIM) d.enter(P.igmp, d.left);
  return 0;
};

export const networkSteps: Steps = {
  ip,
  ipv6,
  ah,
  esp: whole(P.esp),
  igmp,
  icmp: icmpAs(P.icmp),
  icmpv6: icmpAs(P.icmpv6),
  udp,
  tcp,
  sctp,
};
