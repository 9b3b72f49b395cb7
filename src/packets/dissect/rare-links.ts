import { u16, u16le, u32, u32le } from '../../lib/endian.ts';
import type { Dissector, Step } from './dissector.ts';
import { ofEtherType, ofVersion, typeOrLength } from './ether-types.ts';
import { P } from './protocols.ts';
import type { Steps } from './steps.ts';

/** A header of fixed length before LLC. */
const beforeLlc =
  (protocol: number, header: number): Step =>
  (d) => {
    d.enter(protocol, header);
    return d.left > 0 ? P.llc : 0;
  };

/** Token ring, with a route where the highest bit of the sender says so. */
const tokenRing: Step = (d) => {
  const routed = d.left >= 15 && (d.bytes[d.at + 8]! & 0x80) !== 0;
  d.enter(P.tr, 14 + (routed ? d.bytes[d.at + 14]! & 0x1f : 0));
  return d.left > 0 ? P.llc : 0;
};

/** The global identifiers and the transport of InfiniBand, then the type. @see RFC 4391 */
const infiniband: Step = (d) => {
  const type = d.left < 44 ? 0 : u16(d.bytes, d.at + 40);
  d.enter(P.ipoib, 44);
  return ofEtherType(type);
};

/** Ethernet with a tag of a switch behind its addresses. */
const tagged =
  (tag: number): Step =>
  (d) => {
    const type = d.left < 14 + tag ? undefined : u16(d.bytes, d.at + 12 + tag);
    d.enter(P.eth, 14 + tag);
    return type === undefined ? 0 : typeOrLength(type);
  };

/** ATM as Sun notes it: the kind of traffic, path and channel. */
const sunAtm: Step = (d) => {
  const traffic = d.left > 0 ? d.bytes[d.at]! & 0x0f : 0;
  d.enter(P.atm, 4);
  return traffic === 2 && d.left > 0 ? P.llc : 0;
};

const ARCNET: Readonly<Record<number, number>> = { 212: P.ip, 213: P.arp, 240: P.ip, 241: P.arp };

/** @param before Bytes before the number of the protocol. */
const arcnet =
  (before: number): Step =>
  (d) => {
    const system = d.left > before ? d.bytes[d.at + before]! : 0;
    // The newer numbers are followed by what puts long packets together.
    d.enter(P.arcnet, before + (system >= 240 ? 1 : 4));
    return d.left > 0 ? (ARCNET[system] ?? 0) : 0;
  };

/** A line that was closed over a serial port; a byte says who sent, the next how the header is packed. */
const slip: Step = (d) => {
  const whole = d.left >= 16 && d.bytes[d.at]! <= 1 && d.bytes[d.at + 1]! >> 4 === 4;
  d.at = Math.min(d.at + 16, d.limit);
  return whole ? P.ip : 0;
};

const FAMILIES: Readonly<Record<number, number>> = { 2: P.ip, 10: P.ipv6, 24: P.ipv6, 28: P.ipv6, 30: P.ipv6 };

/** Packets that a firewall of the BSDs logs: length of the header, family. */
const firewallLog: Step = (d) => {
  const { bytes, at } = d;
  const header = d.left < 2 ? d.left : (bytes[at]! + 3) & ~3;
  const family = d.left < 2 ? 0 : bytes[at + 1]!;
  d.enter(P.pflog, header);
  return d.left > 0 ? (FAMILIES[family] ?? 0) : 0;
};

/** Packets inside of IPsec: the family, in the order of the machine that captured. */
const encapsulated: Step = (d) => {
  const family = d.left < 12 ? 0 : Math.min(u32(d.bytes, d.at), u32le(d.bytes, d.at));
  d.enter(P.enc, 12);
  return FAMILIES[family] ?? 0;
};

type Links = (link: number) => Step | undefined;

/** A header that names the link type of what follows it. */
function inner(d: Dissector, links: Links, link: number): number {
  return d.left > 0 ? (links(link)?.(d) ?? 0) : 0;
}

/** Apple's: who sent or received, and on which interface. */
const pktap =
  (links: Links): Step =>
  (d) => {
    const { bytes, at } = d;
    const header = d.left < 12 ? d.left : u32le(bytes, at);
    if (header < 12 || header > d.left) {
      d.enter(P.pktap, d.left);
      return 0;
    }
    const link = u32le(bytes, at + 8);
    d.enter(P.pktap, header);
    // A header within a header says nothing more.
    return NESTED.has(link) ? 0 : inner(d, links, link);
  };

/** What receivers note, a generic one. */
const perPacket =
  (links: Links): Step =>
  (d) => {
    const header = d.left < 8 ? d.left : Math.max(8, u16le(d.bytes, d.at + 2));
    const link = d.left < 8 ? 0 : u32le(d.bytes, d.at + 4);
    const whole = d.left >= 8;
    d.enter(P.ppi, header);
    if (link === 105) d.enter(P.wlan_radio, 0);
    return whole && !NESTED.has(link) ? inner(d, links, link) : 0;
  };

/** One of the link types that are anybody's: Apple's header before it was registered. */
const user =
  (next: Step): Step =>
  (d) => {
    d.enter(P.user_dlt, 0);
    return next(d);
  };

const NESTED: ReadonlySet<number> = new Set([149, 192, 258]);

const JUNIPER_MAGIC = 0x4d4743;
const NO_LINK = 0x02;
const EXTENDED = 0x80;

/** What routers of Juniper note before a frame, which Wireshark shows as text; then a cookie, and the frame. */
const juniper =
  (next: (d: Dissector) => number, cookie = 0): Step =>
  (d) => {
    const { bytes, at } = d;
    if (d.left < 4 || u32(bytes, at) >>> 8 !== JUNIPER_MAGIC) return 0;
    const flags = bytes[at + 3]!;
    const extension = (flags & EXTENDED) !== 0 && d.left >= 6 ? 2 + u16(bytes, at + 4) : 0;
    d.enter(P.text, 4 + extension + ((flags & NO_LINK) === 0 ? cookie : 0));
    if (d.left === 0) return 0;
    return (flags & NO_LINK) === 0 ? next(d) : ofVersion(bytes[d.at]!);
  };

const LLC_SNAP = 0xaaaa03;

/** Cells put together: LLC, PPP or the packet itself, by its first bytes. */
function overAtm(d: Dissector): number {
  const { bytes, at } = d;
  if (d.left < 3) return 0;
  if (((u16(bytes, at) << 8) | bytes[at + 2]!) === LLC_SNAP) return P.llc;
  const protocol = u16(bytes, at);
  return protocol === 0x0021 || protocol === 0x0057 || protocol >= 0xc021 ? P.ppp : ofVersion(bytes[at]!);
}

/** Radio of sensors: what it carries is not read. */
const sensors: Step = (d) => {
  d.enter(P.wpan, d.left);
  return 0;
};

export const rareLinkSteps: Steps = {
  fddi: beforeLlc(P.fddi, 13),
  tr: tokenRing,
  ipoib: infiniband,
  pflog: firewallLog,
  enc: encapsulated,
  wpan: sensors,
};

/** Links of which only the name is told: what they carry is not looked at. */
export const UNREAD_LINKS: ReadonlySet<number> = new Set([195, 230]);

/**
 * Links that few networks have, by the registry of link types.
 *
 * @param links All links, for headers that name the one which follows.
 */
export function rareLinks(links: Links): Readonly<Record<number, Step>> {
  return {
    6: () => P.tr,
    7: arcnet(2),
    8: slip,
    10: () => P.fddi,
    100: () => P.llc,
    106: (d) => {
      d.enter(P.clip, 0);
      return P.ip;
    },
    109: () => P.enc,
    117: () => P.pflog,
    123: sunAtm,
    129: arcnet(4),
    135: juniper(overAtm, 8),
    137: juniper(overAtm, 4),
    149: user(pktap(links)),
    178: juniper(() => P.eth),
    179: juniper(() => P.ppp),
    180: juniper(() => P.fr),
    181: juniper(() => P.chdlc),
    192: perPacket(links),
    195: () => P.wpan,
    230: () => P.wpan,
    242: () => P.ipoib,
    258: pktap(links),
    281: tagged(4),
    284: tagged(4),
    285: tagged(8),
  };
}
