import { ANCILLARY_AREA } from '../ancillary.ts';
import { ALU, CLASS, MODE, OP } from '../program.ts';
import { ALWAYS, compare, instruction, type Block, type Code, type Comparison } from './block.ts';

/**
 * What a program is compiled for: where on the link the packet starts.
 *
 * `live-ethernet` and `live-cooked` are what libpcap makes for an open socket of Linux: on an Ethernet device, where the
 * kernel has taken the outer VLAN tag out of the packet, and on `any`, where the packet starts with the network header.
 */
export const TARGETS = ['EN10MB', 'RAW', 'LINUX_SLL', 'LINUX_SLL2', 'PPP', 'live-ethernet', 'live-cooked'] as const;

export type Target = (typeof TARGETS)[number];

/** A place in the packet: bytes from its start, or from where a scratch word says. */
export interface Place {
  readonly at: number;
  readonly word?: number | undefined;
}

/** How the packet is laid out for what is compiled next: `vlan`, `mpls`, `pppoes` and `geneve` change it. */
export interface Frame {
  readonly target: Target;
  readonly link: 'ethernet' | 'raw' | 'cooked' | 'cooked2' | 'ppp';
  /** The link-layer header. */
  readonly header: Place;
  /** The number of the network protocol; not used on `raw`. */
  readonly type: Place;
  /** What the link-layer header carries. */
  readonly payload: Place;
  /** The network header, counted from the payload: MPLS labels stand before it. */
  readonly network: number;
  /** The header of an OSI protocol, counted from the payload: on Ethernet behind that of LLC. */
  readonly osi: number;
  /** How many VLAN tags and MPLS labels are passed. */
  readonly tags: number;
  readonly labels: number;
  /** Inside Geneve there may be no link-layer header. */
  readonly geneve: boolean;
  /** Scratch words that hold places, and how many of them, the first, must be 0 at the start. */
  readonly words: number;
  readonly cleared: number;
}

const OUTERMOST = {
  header: { at: 0 },
  network: 0,
  osi: 0,
  tags: 0,
  labels: 0,
  geneve: false,
  words: 0,
  cleared: 0,
} as const;
const ETHERNET = { ...OUTERMOST, link: 'ethernet', type: { at: 12 }, payload: { at: 14 }, osi: 3 } as const;

const FRAMES: Readonly<Record<Target, Omit<Frame, 'target'>>> = {
  EN10MB: ETHERNET,
  'live-ethernet': ETHERNET,
  RAW: { ...OUTERMOST, link: 'raw', type: { at: 0 }, payload: { at: 0 } },
  PPP: { ...OUTERMOST, link: 'ppp', type: { at: 2 }, payload: { at: 4 } },
  LINUX_SLL: { ...OUTERMOST, link: 'cooked', type: { at: 14 }, payload: { at: 16 } },
  LINUX_SLL2: { ...OUTERMOST, link: 'cooked2', type: { at: 0 }, payload: { at: 20 } },
  'live-cooked': { ...OUTERMOST, link: 'cooked2', type: { at: ANCILLARY_AREA }, payload: { at: 0 } },
};

export function frameOf(target: Target): Frame {
  return { target, ...FRAMES[target] };
}

export type Size = 1 | 2 | 4;

const WIDTHS: Readonly<Record<Size, number>> = { 1: 0x10, 2: 0x08, 4: 0x00 };

/** Loads bytes at a fixed distance from a place into the accumulator. */
export function loadAt(place: Place, offset: number, size: Size): Code {
  const k = (place.at + offset) >>> 0;
  if (place.word === undefined) return [instruction(MODE.abs | WIDTHS[size], k)];
  return [instruction(OP.ldxMem, place.word), loadAtX(k, size)];
}

/** Loads bytes `k` behind the index register. */
export function loadAtX(k: number, size: Size): Code[number] {
  return instruction(MODE.ind | WIDTHS[size], k >>> 0);
}

/**
 * Compares bytes at a place with a number, those under a mask where there is one. Bytes of which no bit counts are not
 * loaded, so a packet may end before them: there the optimiser of libpcap decides, which is on unless it is turned off.
 */
export function at(
  place: Place,
  offset: number,
  size: Size,
  comparison: Comparison,
  value: number,
  mask = 0xffffffff,
): Block {
  if (mask === 0 && value === 0 && comparison === '=' && place.word === undefined) return ALWAYS;
  const code = loadAt(place, offset, size);
  if (mask === 0xffffffff) return compare(code, comparison, value);
  return compare([...code, instruction(CLASS.alu | ALU.and, mask)], comparison, value);
}

/** Where the network header begins. */
export function networkOf({ payload, network }: Frame): Place {
  return { at: payload.at + network, word: payload.word };
}

/** Puts the distance from the network header's fixed place to the end of the IPv4 header into the index register. */
export function ip4HeaderLength(frame: Frame): Code {
  const place = networkOf(frame);
  if (place.word === undefined) return [instruction(OP.ldxMsh, place.at)];
  return [
    ...loadAt(place, 0, 1),
    instruction(CLASS.alu | ALU.and, 0xf),
    instruction(CLASS.alu | ALU.lsh, 2),
    instruction(CLASS.alu | ALU.add | 0x08),
    instruction(OP.tax),
  ];
}

/** Compares bytes of what IPv4 carries. */
export function behindIp4(
  frame: Frame,
  offset: number,
  size: Size,
  comparison: Comparison,
  value: number,
  mask = 0xffffffff,
): Block {
  const code = [...ip4HeaderLength(frame), loadAtX(networkOf(frame).at + offset, size)];
  if (mask !== 0xffffffff) code.push(instruction(CLASS.alu | ALU.and, mask));
  return compare(code, comparison, value);
}
