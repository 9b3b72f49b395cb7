import { u16, u16le, u32, u32le } from '../../lib/endian.ts';
import type { Reading, Step } from './dissector.ts';
import { FIRST_TYPE, ofEtherType, ofVersion, typeOrLength } from './ether-types.ts';
import { P } from './protocols.ts';
import { rareLinks, rareLinkSteps, UNREAD_LINKS } from './rare-links.ts';
import type { Steps } from './steps.ts';
import { wirelessLinks, wirelessSteps } from './wireless.ts';

const PPP_PROTOCOLS = new Map<number, number>([
  [0x0021, P.ip],
  [0x0057, P.ipv6],
  [0x0281, P.mpls],
  [0x0283, P.mpls],
  [0xc021, P.lcp],
  [0x8021, P.ipcp],
]);

/** No length of a frame is above this, and no type below `FIRST_TYPE`. */
const LONGEST_LLC = 1500;

const eth: Step = (d) => {
  const type = d.left < 14 ? undefined : u16(d.bytes, d.at + 12);
  d.enter(P.eth, 14);
  if (type === undefined) return 0;
  if (type >= FIRST_TYPE) return ofEtherType(type);
  if (type === 0 || type > LONGEST_LLC) return 0;
  // The first frames of Novell carry IPX without any LLC.
  if (d.left >= 2 && u16(d.bytes, d.at) === 0xffff) return 0;
  // What fills a frame up behind its length belongs to nobody.
  d.limit = Math.min(d.limit, d.at + type);
  return P.llc;
};

const llc: Step = (d) => {
  const { bytes, at, left } = d;
  if (left < 3) {
    d.enter(P.llc, left);
    return 0;
  }
  const [dsap, ssap, control] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
  const snap = dsap === 0xaa && ssap === 0xaa && control === 3 && left >= 8;
  d.enter(P.llc, snap ? 8 : (control & 3) === 3 ? 3 : 4);
  if (snap) {
    const [organisation, type] = [(u16(bytes, at + 3) << 8) | bytes[at + 5]!, u16(bytes, at + 6)];
    return organisation === 0 || organisation === 0x0000f8 ? ofEtherType(type) : 0;
  }
  return dsap === 0x06 ? P.ip : 0;
};

const vlanAs =
  (protocol: number): Step =>
  (d) => {
    const type = d.left < 4 ? undefined : u16(d.bytes, d.at + 2);
    d.enter(protocol, 4);
    return type === undefined ? 0 : typeOrLength(type);
  };

const mpls: Step = (d) => {
  const { bytes, at } = d;
  if (d.left < 4) return 0;
  const bottom = (bytes[at + 2]! & 1) === 1;
  d.enter(P.mpls, 4);
  if (!bottom) return P.mpls;
  return d.left === 0 ? 0 : ofVersion(bytes[d.at]!);
};

const ppp: Step = (d) => {
  const { bytes, at } = d;
  const framed = d.left >= 2 && bytes[at] === 0xff && bytes[at + 1] === 3 ? 2 : 0;
  if (d.left < framed + 1) {
    d.enter(P.ppp, d.left);
    return 0;
  }
  // A protocol of one byte is odd, the first of two is even.
  const short = (bytes[at + framed]! & 1) === 1;
  const protocol = short ? bytes[at + framed]! : u16(bytes, at + framed);
  d.enter(P.ppp, framed + (short ? 1 : 2));
  return PPP_PROTOCOLS.get(protocol) ?? 0;
};

const pppoes: Step = (d) => {
  const length = d.left < 6 ? 0 : u16(d.bytes, d.at + 4);
  d.enter(P.pppoes, 6);
  if (length > 0) d.limit = Math.min(d.limit, d.at + length);
  return d.left > 0 ? P.ppp : 0;
};

const chdlc: Step = (d) => {
  const type = d.left < 4 ? 0 : u16(d.bytes, d.at + 2);
  d.enter(P.chdlc, 4);
  return type === 0x8035 ? P.slarp : ofEtherType(type);
};

/** A frame of a link that says its protocol as Ethernet does, at a fixed place. */
const typed =
  (protocol: number, header: number, typeAt: number): Step =>
  (d) => {
    const type = d.left < header ? undefined : u16(d.bytes, d.at + typeAt);
    d.enter(protocol, header);
    if (type === undefined) return 0;
    return type === 1 || type === 4 ? P.llc : ofEtherType(type);
  };

/** Families of addresses as several systems number them. */
const FAMILIES: Readonly<Record<number, number>> = { 2: P.ip, 10: P.ipv6, 24: P.ipv6, 28: P.ipv6, 30: P.ipv6 };

const loopback: Step = (d) => {
  if (d.left < 4) {
    d.enter(P.null, d.left);
    return 0;
  }
  // The number stands in the order of the machine that captured.
  const family = Math.min(u32(d.bytes, d.at), u32le(d.bytes, d.at));
  d.enter(P.null, 4);
  return family >= FIRST_TYPE && family < 0x10000 ? ofEtherType(family) : (FAMILIES[family] ?? 0);
};

const raw: Step = (d) => {
  const first = d.left > 0 ? d.bytes[d.at]! : 0;
  d.enter(P.raw, 0);
  return ofVersion(first);
};

/** Network layer protocol identifiers (ISO/IEC TR 9577) of frame relay. */
const frameRelay: Step = (d) => {
  const { bytes, at } = d;
  let header = 0;
  // Each byte of the address says by its lowest bit whether it is the last.
  while (header < 4 && header < d.left && (bytes[at + header]! & 1) === 0) header += 1;
  header += 1;
  const control = d.left > header ? bytes[at + header]! : undefined;
  if (control !== 3) {
    const type = d.left >= header + 2 ? u16(bytes, at + header) : 0;
    d.enter(P.fr, header + 2);
    return ofEtherType(type);
  }
  let identifier = at + header + 1;
  if (bytes[identifier] === 0) identifier += 1;
  const nlpid = identifier < d.limit ? bytes[identifier]! : 0;
  const snap = nlpid === 0x80 && identifier + 6 <= d.limit;
  d.enter(P.fr, identifier + (snap ? 6 : 1) - at);
  if (snap) {
    const organisation = (u16(bytes, identifier + 1) << 8) | bytes[identifier + 3]!;
    const type = u16(bytes, identifier + 4);
    if (organisation === 0x0080c2 && (type === 7 || type === 1)) {
      return P.eth;
    }
    return organisation === 0 ? ofEtherType(type) : 0;
  }
  return nlpid === 0xcc ? P.ip : nlpid === 0x8e ? P.ipv6 : nlpid === 0xcf ? P.ppp : 0;
};

const arp: Step = (d) => {
  d.enter(P.arp, d.left);
  return 0;
};

export const linkSteps: Steps = {
  eth,
  llc,
  vlan: vlanAs(P.vlan),
  ieee8021ad: vlanAs(P.ieee8021ad),
  mpls,
  ppp,
  pppoes,
  chdlc,
  sll: typed(P.sll, 16, 14),
  null: loopback,
  raw,
  fr: frameRelay,
  arp,
  ...rareLinkSteps,
  ...wirelessSteps,
};

/** Linux cooked capture v2 shares its name with the first, with the protocol at its beginning. */
const sll2 = typed(P.sll, 20, 0);

const nflog: Step = (d) => {
  const { bytes } = d;
  const family = d.left > 0 ? bytes[d.at]! : 0;
  let at = d.at + 4;
  // Attributes as netlink has them, in the order of the machine that captured; the payload is one of them.
  while (at + 4 <= d.limit) {
    const [size, type] = [u16le(bytes, at), u16le(bytes, at + 2)];
    if (size < 4 || at + size > d.limit) return 0;
    if (type === 9) {
      [d.at, d.limit] = [at + 4, at + size];
      return family === 10 ? P.ipv6 : P.ip;
    }
    at += (size + 3) & ~3;
  }
  return 0;
};

/** What stands on links for PPP may be of Cisco's own, by the first byte. */
const pppOrCisco: Step = (d) => {
  const first = d.left > 0 ? d.bytes[d.at]! : 0;
  return first === 0x0f || first === 0x8f ? P.chdlc : P.ppp;
};

/** A packet without a link before it, of the version that it says. */
const packet: Step = (d) => (d.left > 0 && d.bytes[d.at]! >> 4 === 6 ? P.ipv6 : P.ip);

/** A byte stands before it that tells who sent it. */
const withDirection =
  (protocol: number): Step =>
  (d) => {
    d.at = Math.min(d.at + 1, d.limit);
    return protocol;
  };

/** How a frame of a link type begins; a number of the registry of link types. */
export const LINK_STEPS: Readonly<Record<number, Step>> = {
  0: () => P.null,
  1: () => P.eth,
  9: pppOrCisco,
  50: pppOrCisco,
  51: () => P.pppoes,
  101: () => P.raw,
  104: () => P.chdlc,
  107: () => P.fr,
  108: () => P.null,
  113: () => P.sll,
  204: withDirection(P.ppp),
  205: withDirection(P.chdlc),
  206: withDirection(P.fr),
  228: packet,
  229: () => P.ipv6,
  239: nflog,
  276: sll2,
  ...rareLinks((link) => LINK_STEPS[link]),
  ...wirelessLinks,
};

/** Whether what frames of a link type carry is read. */
export function isLinkRead({ links }: Reading, link: number): boolean {
  return link in links && !UNREAD_LINKS.has(link);
}
