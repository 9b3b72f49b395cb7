import { allOf, anyOf, compareX, instruction, NEVER, noneOf, type Block } from './block.ts';
import { at, networkOf, type Frame } from './frame.ts';
import { OP } from '../program.ts';
import { Refusal } from './refusal.ts';

export const ETHERTYPE = {
  ip: 0x0800,
  ip6: 0x86dd,
  arp: 0x0806,
  rarp: 0x8035,
  atalk: 0x809b,
  aarp: 0x80f3,
  decnet: 0x6003,
  mpls: 0x8847,
  pppoed: 0x8863,
  pppoes: 0x8864,
} as const;

/** Service access points of LLC, which stand for a protocol where an EtherType might. */
export const SAP = { ip: 0x06, stp: 0x42, ipx: 0xe0, netbeui: 0xf0, osi: 0xfe } as const;

/** The largest number in the place of an EtherType that is the length of an 802.3 frame. */
const LONGEST_802_3 = 1500;

/** The EtherType that Linux puts before frames of raw 802.3, and of 802.2, which begin with LLC. */
const COOKED_802_3 = 1;
const COOKED_802_2 = 4;

/** Numbers of PPP by EtherType or SAP. */
const PPP: ReadonlyMap<number, number> = new Map<number, number>([
  [ETHERTYPE.ip, 0x21],
  [ETHERTYPE.ip6, 0x57],
  [SAP.osi, 0x23],
  [0x0600, 0x25],
  [ETHERTYPE.decnet, 0x27],
  [ETHERTYPE.atalk, 0x29],
  [SAP.ipx, 0x2b],
  [SAP.stp, 0x31],
]);

/** Asks for a network protocol by EtherType, or by SAP where the number is 1500 or less. */
export function linkType(frame: Frame, type: number): Block {
  if (frame.labels > 0) return mplsPayload(frame, type);
  switch (frame.link) {
    case 'ethernet':
      return ethernetType(frame, type);
    case 'cooked':
      return cookedType(frame, type);
    case 'cooked2':
      return at(frame.type, 0, 2, '=', type);
    case 'ppp':
      return at(frame.type, 0, 2, '=', PPP.get(type) ?? type);
    case 'raw':
      return ipVersion(frame, type) ?? NEVER;
  }
}

/** Behind the last label only the version of IP tells what follows. */
function mplsPayload(frame: Frame, type: number): Block {
  const version = ipVersion(frame, type);
  if (version === undefined) throw new Refusal('MPLS does not tell which protocol but IP it carries');
  return allOf(at(networkOf(frame), -2, 1, '=', 1, 1), version);
}

function ipVersion(frame: Frame, type: number): Block | undefined {
  if (type !== ETHERTYPE.ip && type !== ETHERTYPE.ip6) return undefined;
  return at(networkOf(frame), 0, 1, '=', type === ETHERTYPE.ip ? 0x40 : 0x60, 0xf0);
}

/** Whether an Ethernet frame holds a length, so that LLC follows. */
export function isLength(frame: Frame): Block {
  return noneOf(at(frame.type, 0, 2, '>', LONGEST_802_3));
}

function ethernetType(frame: Frame, type: number): Block {
  const { payload } = frame;
  const type2 = at(frame.type, 0, 2, '=', type);
  switch (type) {
    case SAP.ip:
    case SAP.osi:
    case SAP.netbeui:
      return allOf(isLength(frame), at(payload, 0, 2, '=', type * 0x0101));
    case SAP.ipx:
      return anyOf(
        at(frame.type, 0, 2, '=', 0x8137),
        allOf(
          isLength(frame),
          anyOf(snap(frame, 0, 0x8137), at(payload, 0, 1, '=', type), at(payload, 0, 2, '=', 0xffff)),
        ),
      );
    case ETHERTYPE.atalk:
      return anyOf(type2, allOf(isLength(frame), snap(frame, 0x080007, type)));
    case ETHERTYPE.aarp:
      return anyOf(type2, allOf(isLength(frame), snap(frame, 0, type)));
  }
  if (type > LONGEST_802_3) return type2;
  return allOf(isLength(frame), at(frame.type, 2, 1, '=', type));
}

function cookedType(frame: Frame, type: number): Block {
  const { payload } = frame;
  const type2 = at(frame.type, 0, 2, '=', type);
  const llc = at(frame.type, 0, 2, '=', COOKED_802_2);
  switch (type) {
    case SAP.ip:
    case SAP.osi:
    case SAP.netbeui:
      return allOf(llc, at(payload, 0, 2, '=', type * 0x0101));
    case SAP.ipx:
      return anyOf(
        at(frame.type, 0, 2, '=', 0x8137),
        at(frame.type, 0, 2, '=', COOKED_802_3),
        allOf(llc, anyOf(at(payload, 0, 1, '=', type), snap(frame, 0, 0x8137))),
      );
    case ETHERTYPE.atalk:
      return anyOf(type2, allOf(llc, snap(frame, 0x080007, type)));
    case ETHERTYPE.aarp:
      return anyOf(type2, allOf(llc, snap(frame, 0, type)));
  }
  return type > LONGEST_802_3 ? type2 : allOf(llc, at(payload, 0, 1, '=', type));
}

/** LLC and SNAP headers: aa aa 03, an organisation in 24 bits, a type in 16. */
function snap({ payload }: Frame, organisation: number, type: number): Block {
  return allOf(
    at(payload, 4, 4, '=', (organisation & 0xffff) * 0x10000 + type),
    at(payload, 0, 4, '=', 0xaaaa0300 + (organisation >>> 16)),
  );
}

/** Inside Geneve, whether there is a link-layer header at all: it and its payload begin at different places. */
export function hasLinkHeader({ geneve, header, payload }: Frame): readonly Block[] {
  if (!geneve || header.word === undefined || payload.word === undefined) return [];
  const code = [instruction(OP.ldMem, header.word), instruction(OP.ldxMem, payload.word)];
  return [noneOf(compareX(code, '='))];
}
