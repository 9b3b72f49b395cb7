import { ANCILLARY, ANCILLARY_AREA, type AncillaryName } from '../ancillary.ts';
import { ALU, CLASS, OP, SCRATCH_WORDS, SOURCE_X } from '../program.ts';
import { allOf, ALWAYS, anyOf, compare, instruction, runs, type Block } from './block.ts';
import type { Primitive } from './expression.ts';
import { at, behindIp4, ip4HeaderLength, loadAt, loadAtX, networkOf, type Frame } from './frame.ts';
import { ETHERTYPE, linkType } from './link-type.ts';
import { ip4Protocol, isNoFragment, TRANSPORT } from './network.ts';
import { Refusal } from './refusal.ts';

/** What a primitive asks, and how the packet is laid out for what is written after it. */
export interface Passage {
  readonly block: Block;
  readonly frame: Frame;
}

type Of<Kind extends Primitive['kind']> = Extract<Primitive, { kind: Kind }>;

const TAG_TYPES = [0x8100, 0x88a8, 0x9100] as const;
const TAG = 4;
const LABEL = 4;

/** `vlan`: a tag, whose 12 lowest bits are the VLAN. */
export function vlanPassage(frame: Frame, { id }: Of<'vlan'>): Passage {
  if (frame.labels > 0) throw new Refusal('no VLAN is matched behind MPLS');
  if (frame.link !== 'ethernet') throw new Refusal('there are VLAN tags on Ethernet alone');
  const outermost = frame.tags === 0 && frame.header.word === undefined && frame.header.at === 0;
  if (frame.target === 'live-ethernet' && outermost) return liveVlanPassage(frame, id);
  const tagged = isTagged(frame);
  const after = {
    ...frame,
    tags: frame.tags + 1,
    type: { ...frame.type, at: frame.type.at + TAG },
    payload: { ...frame.payload, at: frame.payload.at + TAG },
  };
  return { block: id === undefined ? tagged : allOf(tagged, at(frame.payload, 0, 2, '=', id, 0xfff)), frame: after };
}

function isTagged(frame: Frame): Block {
  return anyOf(...TAG_TYPES.map((type) => linkType(frame, type)));
}

/**
 * The outer tag on an open socket: the kernel may hold it beside the packet. Two scratch words, which are 0 at the start,
 * keep how far the tag moves what follows when it is in the packet.
 */
function liveVlanPassage(frame: Frame, id: number | undefined): Passage {
  const [payloadWord, typeWord] = [frame.words, frame.words + 1];
  const apart = compare(ancillary('vlan_tag_present', 1), '=', 1);
  const moved = runs(instruction(OP.ldImm, TAG), instruction(OP.st, payloadWord), instruction(OP.st, typeWord));
  const tagged = anyOf(apart, allOf(moved, isTagged(frame)));
  const tag = anyOf(allOf(apart, runs(...ancillary('vlan_tag', 1))), runs(...loadAt(frame.payload, 0, 2)));
  const after = {
    ...frame,
    tags: 1,
    type: { ...frame.type, word: typeWord },
    payload: { ...frame.payload, word: payloadWord },
    words: wordsAfter(frame, 2),
    cleared: 2,
  };
  if (id === undefined) return { block: tagged, frame: after };
  const inTag = compare([instruction(CLASS.alu | ALU.and, 0xfff)], '=', id);
  return { block: allOf(tagged, tag, inTag), frame: after };
}

/** Loads a fact that the kernel keeps; the width does not matter to it. */
export function ancillary(name: AncillaryName, size: 1 | 2 | 4, base = 0): ReturnType<typeof loadAt> {
  return loadAt({ at: base }, ancillaryOffset(name), size);
}

export function ancillaryOffset(name: AncillaryName): number {
  return ANCILLARY_AREA + 4 * ANCILLARY.findIndex((fact) => fact.name === name);
}

/** `mpls`: a label in the upper 20 bits; the lowest bit of the third byte is set in the last one. */
export function mplsPassage(frame: Frame, { label }: Of<'mpls'>): Passage {
  const block = [frame.labels > 0 ? at(networkOf(frame), -2, 1, '=', 0, 1) : carriesMpls(frame)];
  if (label !== undefined) block.push(at(networkOf(frame), 0, 4, '=', label * 4096, 0xfffff000));
  const { network, osi, labels } = frame;
  return {
    block: allOf(...block),
    frame: { ...frame, labels: labels + 1, network: network + LABEL, osi: osi + LABEL },
  };
}

function carriesMpls(frame: Frame): Block {
  if (frame.link === 'ethernet') return linkType(frame, ETHERTYPE.mpls);
  if (frame.link === 'ppp') return linkType(frame, 0x0281);
  throw new Refusal('there is MPLS on Ethernet and PPP alone');
}

/** `pppoes`: 6 bytes, the session in the third and fourth, then PPP. */
export function pppoesPassage(frame: Frame, { session }: Of<'pppoes'>): Passage {
  const carried = linkType(frame, ETHERTYPE.pppoes);
  const header = { at: networkOf(frame).at + 6, word: frame.payload.word };
  return {
    block: session === undefined ? carried : allOf(carried, at(frame.payload, 0, 4, '=', session, 0xffff)),
    frame: {
      ...frame,
      link: 'ppp',
      header,
      type: header,
      payload: { ...header, at: header.at + 2 },
      network: 0,
      osi: 0,
      geneve: false,
    },
  };
}

const GENEVE_PORT = 6081;
const UDP_HEADER = 8;
const IP6_HEADER = 40;

/** The protocol type of Geneve that says that an Ethernet frame follows, and the size of its addresses. */
const BRIDGED = 0x6558;
const TWO_ADDRESSES = 12;

/**
 * `geneve`: UDP to port 6081, version 0. Three scratch words keep where the protocol type, the inner link-layer header and
 * what it carries begin. Without an inner Ethernet header the last two are the same and the type is that of Geneve.
 */
export function genevePassage(frame: Frame, { vni }: Of<'geneve'>): Passage {
  const [typeWord, headerWord, payloadWord] = [frame.words, frame.words + 1, frame.words + 2];
  const words = wordsAfter(frame, 3);
  const bridged = compare(geneveCode(frame, typeWord, headerWord), '=', BRIDGED);
  const passed = runs(
    instruction(OP.txa),
    instruction(CLASS.alu | ALU.add, TWO_ADDRESSES),
    instruction(OP.st, typeWord),
    instruction(CLASS.alu | ALU.add, 2),
    instruction(OP.tax),
  );
  return {
    block: allOf(
      anyOf(geneve4(frame, vni), geneve6(frame, vni)),
      anyOf(allOf(bridged, passed), ALWAYS),
      runs(instruction(OP.stx, payloadWord)),
    ),
    frame: {
      target: frame.target,
      link: 'ethernet',
      header: { at: 0, word: headerWord },
      type: { at: 0, word: typeWord },
      payload: { at: 0, word: payloadWord },
      network: 0,
      // What was passed outside, libpcap takes for passed inside.
      osi: frame.osi,
      tags: frame.tags,
      labels: frame.labels,
      geneve: true,
      words,
      cleared: frame.cleared,
    },
  };
}

/** Leaves in both registers how far behind the fixed place of the network header UDP begins. */
function geneve4(frame: Frame, vni: number | undefined): Block {
  return allOf(
    ip4Protocol(frame, TRANSPORT.udp),
    isNoFragment(frame),
    behindIp4(frame, 2, 2, '=', GENEVE_PORT),
    behindIp4(frame, UDP_HEADER, 1, '=', 0, 0xc0),
    ...(vni === undefined ? [] : [behindIp4(frame, UDP_HEADER + 4, 4, '=', vni * 256, 0xffffff00)]),
    runs(...ip4HeaderLength(frame), instruction(OP.txa)),
  );
}

function geneve6(frame: Frame, vni: number | undefined): Block {
  const place = networkOf(frame);
  const header =
    place.word === undefined
      ? [instruction(OP.ldImm, IP6_HEADER)]
      : [
          instruction(OP.ldxMem, place.word),
          instruction(OP.ldImm, IP6_HEADER),
          instruction(CLASS.alu | ALU.add | SOURCE_X),
        ];
  return allOf(
    linkType(frame, ETHERTYPE.ip6),
    at(place, 6, 1, '=', TRANSPORT.udp),
    at(place, IP6_HEADER + 2, 2, '=', GENEVE_PORT),
    at(place, IP6_HEADER + UDP_HEADER, 1, '=', 0, 0xc0),
    ...(vni === undefined ? [] : [at(place, IP6_HEADER + UDP_HEADER + 4, 4, '=', vni * 256, 0xffffff00)]),
    runs(...header),
  );
}

/** Stores where the protocol type and what follows the options begin, and loads the former's value. */
function geneveCode(frame: Frame, typeWord: number, headerWord: number): readonly ReturnType<typeof instruction>[] {
  return [
    instruction(CLASS.alu | ALU.add, networkOf(frame).at + UDP_HEADER),
    instruction(OP.tax),
    instruction(CLASS.alu | ALU.add, 2),
    instruction(OP.st, typeWord),
    loadAtX(0, 1),
    instruction(CLASS.alu | ALU.and, 0x3f),
    instruction(CLASS.alu | ALU.mul, 4),
    instruction(CLASS.alu | ALU.add, 8),
    instruction(CLASS.alu | ALU.add | SOURCE_X),
    instruction(OP.st, headerWord),
    loadAtX(2, 2),
    instruction(OP.ldxMem, headerWord),
  ];
}

function wordsAfter({ words }: Frame, more: number): number {
  if (words + more > SCRATCH_WORDS) throw new Refusal('there are too few scratch words');
  return words + more;
}
