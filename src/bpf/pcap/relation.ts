import { ALU, CLASS, OP, SCRATCH_WORDS, SOURCE_X } from '../program.ts';
import { allOf, compare, compareX, instruction, noneOf, type Block, type Code, type Comparison } from './block.ts';
import {
  isRefused,
  type ArithmeticOperator,
  type Load,
  type LoadProtocol,
  type Relation,
  type Term,
} from './expression.ts';
import { at, ip4HeaderLength, loadAt, loadAtX, networkOf, type Frame, type Place } from './frame.ts';
import { ETHERTYPE, linkType } from './link-type.ts';
import { isNoFragment } from './network.ts';
import { Refusal } from './refusal.ts';

/** A comparison, and whether its outcome is turned round. */
const COMPARISONS: Readonly<Record<Relation['op'], readonly [comparison: Comparison, reversed: boolean]>> = {
  '=': ['=', false],
  '!=': ['=', true],
  '>': ['>', false],
  '<=': ['>', true],
  '>=': ['>=', false],
  '<': ['>=', true],
};

/**
 * A relation: first the checks of the protocols it loads from, which no `!=` turns round, then the comparison.
 */
export function relationBlock(frame: Frame, { op, left, right }: Relation): Block {
  const [comparison, reversed] = COMPARISONS[op];
  checkDepth(left, 0);
  checkDepth(right, 0);
  const checks: Block[] = [];
  const seen = new Set<LoadProtocol>();
  checkLoads(frame, left, checks, seen);
  checkLoads(frame, right, checks, seen);
  const code: Code[number][] = [];
  let test: Block;
  if (typeof right === 'number') {
    compute(frame, left, code, frame.words);
    test = compare(code, comparison, right);
  } else {
    computeBoth(frame, left, right, code, frame.words);
    test = compareX(code, comparison);
  }
  return allOf(...checks, reversed ? noneOf(test) : test);
}

/** Terms nested deeper are refused. */
const DEEPEST = 400;

function checkDepth(term: Term, depth: number): void {
  if (depth > DEEPEST) throw new Refusal(`a term is nested deeper than ${DEEPEST}`);
  if (typeof term !== 'object') return;
  if (term.kind === 'load') return checkDepth(term.index, depth + 1);
  if (term.kind === 'negative') return checkDepth(term.of, depth + 1);
  checkDepth(term.left, depth + 1);
  checkDepth(term.right, depth + 1);
}

/** Headers that stand where the network header does, with the link's number of each. */
const ON_LINK: Readonly<Partial<Record<LoadProtocol, number>>> = {
  ip: ETHERTYPE.ip,
  ip6: ETHERTYPE.ip6,
  arp: ETHERTYPE.arp,
  rarp: ETHERTYPE.rarp,
  atalk: ETHERTYPE.atalk,
  decnet: ETHERTYPE.decnet,
  lat: 0x6004,
  sca: 0x6007,
  moprc: 0x6002,
  mopdl: 0x6001,
};

/** Headers that IPv4 carries, with their numbers there. */
const ON_IP4: Readonly<Partial<Record<LoadProtocol, number>>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  igrp: 9,
  udp: 17,
  pim: 103,
  vrrp: 112,
  carp: 112,
  sctp: 132,
};

const ICMP6 = 58;
const IP6_HEADER = 40;

/**
 * What must hold before a term can be computed, each protocol once: a second check could not fail any more.
 *
 * Of arithmetic libpcap checks the left operand alone: `0x100 << udp[11]` computes with whatever is in that place of any
 * packet.
 */
function checkLoads(frame: Frame, term: Term, checks: Block[], seen: Set<LoadProtocol>): void {
  if (typeof term !== 'object') return;
  if (term.kind === 'negative') return checkLoads(frame, term.of, checks, seen);
  if (term.kind === 'arithmetic') return checkLoads(frame, term.left, checks, seen);
  const { protocol } = term;
  const number = ON_IP4[protocol];
  if (number !== undefined && !seen.has(protocol)) checks.push(linkType(frame, ETHERTYPE.ip));
  checkLoads(frame, term.index, checks, seen);
  if (seen.has(protocol)) return;
  seen.add(protocol);
  const type = ON_LINK[protocol];
  if (type !== undefined) checks.push(linkType(frame, type));
  // libpcap asks for the protocol in either version of IP, but it has asked for IPv4 before.
  if (number !== undefined) checks.push(at(networkOf(frame), 9, 1, '=', number), isNoFragment(frame));
  if (protocol === 'icmp6') checks.push(linkType(frame, ETHERTYPE.ip6), at(networkOf(frame), 6, 1, '=', ICMP6));
}

const OPERATIONS: Readonly<Record<ArithmeticOperator, number>> = {
  '+': ALU.add,
  '-': ALU.sub,
  '*': ALU.mul,
  '/': ALU.div,
  '%': ALU.mod,
  '&': ALU.and,
  '|': ALU.or,
  '^': ALU.xor,
  '<<': ALU.lsh,
  '>>': ALU.rsh,
};

/** Leaves a term in the accumulator. Scratch words from `free` on may be used. */
function compute(frame: Frame, term: Term, code: Code[number][], free: number): void {
  if (typeof term === 'number') {
    code.push(instruction(OP.ldImm, term >>> 0));
  } else if (term === 'len') {
    code.push(instruction(OP.ldLen));
  } else if (term.kind === 'load') {
    computeLoad(frame, term, code, free);
  } else if (term.kind === 'negative') {
    compute(frame, term.of, code, free);
    code.push(instruction(OP.neg));
  } else {
    const operation = CLASS.alu | OPERATIONS[term.op];
    const leading = leadingNumber(term.right);
    if (leading !== undefined && isRefused(term.op, leading))
      throw new Refusal(`${term.op} ${leading} is not computed`);
    if (typeof term.right === 'number') {
      compute(frame, term.left, code, free);
      code.push(instruction(operation, term.right >>> 0));
    } else {
      computeBoth(frame, term.left, term.right, code, free);
      code.push(instruction(operation | SOURCE_X));
    }
  }
}

/** The number that a term begins with. libpcap takes it for the whole of the term, and so refuses `1 / ip[0]`. */
function leadingNumber(term: Term): number | undefined {
  if (typeof term !== 'object') return term === 'len' ? undefined : term;
  if (term.kind === 'load') return leadingNumber(term.index);
  return leadingNumber(term.kind === 'negative' ? term.of : term.left);
}

/** Leaves one term in the accumulator and another in the index register. */
function computeBoth(frame: Frame, left: Term, right: Term, code: Code[number][], free: number): void {
  compute(frame, right, code, free);
  if (left === 'len' || typeof left === 'number') {
    code.push(instruction(OP.tax));
    compute(frame, left, code, free);
    return;
  }
  if (free >= SCRATCH_WORDS) throw new Refusal('there are too few scratch words');
  code.push(instruction(OP.st, free));
  compute(frame, left, code, free + 1);
  code.push(instruction(OP.ldxMem, free));
}

/** The longest distance in a packet that is taken for a place in it: what lies beyond has another meaning to the kernel. */
const FARTHEST = 0x7fffffff;

function computeLoad(frame: Frame, { protocol, index, size }: Load, code: Code[number][], free: number): void {
  const transport = ON_IP4[protocol] !== undefined;
  const place = placeOf(frame, protocol);
  if (typeof index === 'number' && (transport || place.at + index <= FARTHEST)) {
    if (transport) code.push(...ip4HeaderLength(frame), loadAtX(place.at + index, size));
    else code.push(...loadAt(place, index, size));
    return;
  }
  compute(frame, index, code, free);
  const base = transport
    ? ip4HeaderLength(frame)
    : place.word === undefined
      ? []
      : [instruction(OP.ldxMem, place.word)];
  if (base.length === 1) {
    code.push(...base, instruction(CLASS.alu | ALU.add | SOURCE_X), instruction(OP.tax));
  } else if (base.length === 0) {
    code.push(instruction(OP.tax));
  } else {
    if (free >= SCRATCH_WORDS) throw new Refusal('there are too few scratch words');
    const add = instruction(CLASS.alu | ALU.add | SOURCE_X);
    code.push(instruction(OP.st, free), ...base, instruction(OP.ldMem, free), add, instruction(OP.tax));
  }
  code.push(loadAtX(place.at, size));
}

function placeOf(frame: Frame, protocol: LoadProtocol): Place {
  if (protocol === 'ether') {
    if (frame.target === 'live-cooked' && frame.link === 'cooked2') {
      throw new Refusal('the packet begins with the network header: there is no link-layer header to load from');
    }
    return frame.header;
  }
  const place = networkOf(frame);
  return protocol === 'icmp6' ? { ...place, at: place.at + IP6_HEADER } : place;
}
