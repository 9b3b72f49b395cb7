import type { Program } from '../program.ts';
import { refusalOf } from '../validate.ts';
import { allOf, anyOf, instruction, noneOf, runs, type Block } from './block.ts';
import { programOf } from './emit.ts';
import type { Encapsulating, Expression, LlcType } from './expression.ts';
import { at, frameOf, type Frame, type Target } from './frame.ts';
import { isLength, linkType } from './link-type.ts';
import {
  addressBlock,
  broadcastBlock,
  decnetBlock,
  hardwareAddress,
  ip4Protocol,
  ip6Protocol,
  ipProtocol,
  isisType,
  multicastBlock,
  osiProtocol,
  portBlock,
} from './network.ts';
import { protocolBlock } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { relationBlock } from './relation.ts';
import { ancillaryOffset, genevePassage, mplsPassage, pppoesPassage, vlanPassage, type Passage } from './tunnel.ts';
import { OP } from '../program.ts';

export type Compiled = { readonly program: Program } | { readonly refusal: string };

/** Expressions nested deeper are refused. */
const DEEPEST = 400;

/**
 * Compiles an expression to a classic BPF program that takes the same packets as the program of libpcap 1.10.3.
 *
 * It is that of `tcpdump -O`, the optimiser off, but that numbers are computed here, checks that cannot fail any more are
 * left out, and so are the bytes of an address that its prefix does not cover. As there, a load outside the packet rejects
 * it, whatever `not` and `or` say. Programs of the optimiser take a few packets more: packets cut short within the headers,
 * where it has put the tests of one field together (`port 53 or port 5353` looks at both source ports before any destination
 * port) or has left out a load whose value does not matter (`ip[8] & 0 = 0`).
 *
 * @returns The program, which returns 262144 for what it takes and 0 for the rest; or why libpcap, or Linux, has none.
 * @example
 * compileExpression({ kind: 'protocol', name: 'ip' }, 'EN10MB'); // ldh [12], jeq #0x800, ret #262144, ret #0
 */
export function compileExpression(expression: Expression, target: Target): Compiled {
  try {
    const { block, frame } = passageOf(expression, frameOf(target), 0);
    const program = programOf(withPrologue(block, frame));
    if (program === undefined) return { refusal: 'the program has more than 4096 instructions' };
    // libpcap compiles what Linux refuses: a word that Geneve sets is read where Geneve was not found, or a fact of the
    // kernel is looked for behind PPPoE.
    const refusal = refusalOf(program);
    return refusal === undefined ? { program } : { refusal };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

/** On an open Ethernet socket the words that move headers behind a VLAN tag start at 0. */
function withPrologue(block: Block, frame: Frame): Block {
  if (frame.cleared === 0) return block;
  const stores = Array.from({ length: frame.cleared }, (_, word) => instruction(OP.st, word));
  return allOf(runs(instruction(OP.ldImm, 0), ...stores), block);
}

function passageOf(expression: Expression, frame: Frame, depth: number): Passage {
  if (depth > DEEPEST) throw new Refusal(`the expression is nested deeper than ${DEEPEST}`);
  switch (expression.kind) {
    case 'and':
    case 'or': {
      let passed = frame;
      const parts = expression.of.map((part) => {
        const passage = passageOf(part, passed, depth + 1);
        passed = passage.frame;
        return passage.block;
      });
      return { block: expression.kind === 'and' ? allOf(...parts) : anyOf(...parts), frame: passed };
    }
    case 'not': {
      const passage = passageOf(expression.of, frame, depth + 1);
      return { ...passage, block: noneOf(passage.block) };
    }
    case 'vlan':
      return vlanPassage(frame, expression);
    case 'mpls':
      return mplsPassage(frame, expression);
    case 'pppoes':
      return pppoesPassage(frame, expression);
    case 'geneve':
      return genevePassage(frame, expression);
    default:
      return { block: blockOf(expression, frame), frame };
  }
}

type Staying = Exclude<Expression, { kind: 'and' | 'or' | 'not' | 'vlan' | 'mpls' | 'pppoes' | 'geneve' }>;

function blockOf(expression: Staying, frame: Frame): Block {
  switch (expression.kind) {
    case 'relation':
      return relationBlock(frame, expression);
    case 'protocol':
      return protocolBlock(frame, expression.name);
    case 'proto':
      return expression.within === undefined
        ? ipProtocol(frame, expression.number)
        : PROTO[expression.within](frame, expression.number);
    case 'host':
    case 'net':
    case 'masked':
      return addressBlock(frame, expression);
    case 'ether':
      return hardwareAddress(frame, expression.direction, expression.address);
    case 'decnet':
      return decnetBlock(frame, expression);
    case 'port':
    case 'portrange':
      return portBlock(frame, expression);
    case 'broadcast':
      return broadcastBlock(frame, expression);
    case 'multicast':
      return multicastBlock(frame, expression);
    case 'llc':
      return llcBlock(frame, expression.type);
    case 'inbound':
      return noneOf(outboundBlock(frame));
    case 'outbound':
      return outboundBlock(frame);
    case 'ifindex':
      return interfaceBlock(frame, expression.index);
  }
}

const PROTO: Readonly<Record<Encapsulating, (frame: Frame, number: number) => Block>> = {
  ether: linkType,
  ip: ip4Protocol,
  ip6: ip6Protocol,
  iso: osiProtocol,
  isis: isisType,
};

/** The packet type that Linux gives to what this host sends. */
const OUTGOING = 4;

function outboundBlock(frame: Frame): Block {
  if (frame.link === 'cooked') return at(frame.header, 0, 2, '=', OUTGOING);
  if (frame.target === 'LINUX_SLL2' && frame.link === 'cooked2') return at(frame.header, 10, 1, '=', OUTGOING);
  const size = frame.link === 'cooked2' ? 1 : 2;
  return at(frame.header, ancillaryOffset('pkttype'), size, '=', OUTGOING);
}

function interfaceBlock(frame: Frame, index: number): Block {
  const written = frame.target === 'LINUX_SLL2' && frame.link === 'cooked2';
  return at(frame.header, written ? 4 : ancillaryOffset('ifindex'), 4, '=', index);
}

/** Masks and values of the control byte of LLC. */
const LLC_CONTROL: Readonly<Record<Exclude<LlcType, 'i'>, readonly [mask: number, value: number]>> = {
  s: [0x03, 0x01],
  u: [0x03, 0x03],
  rr: [0x0f, 0x01],
  rnr: [0x0f, 0x05],
  rej: [0x0f, 0x09],
  ui: [0xef, 0x03],
  ua: [0xef, 0x63],
  disc: [0xef, 0x43],
  sabme: [0xef, 0x6f],
  test: [0xef, 0xe3],
  xid: [0xef, 0xaf],
  frmr: [0xef, 0x87],
  dm: [0xef, 0x0f],
};

function llcBlock(frame: Frame, type: LlcType | undefined): Block {
  if (frame.link !== 'ethernet') throw new Refusal('there is LLC on Ethernet alone');
  const isLlc = allOf(isLength(frame), noneOf(at(frame.payload, 0, 2, '=', 0xffff)));
  if (type === undefined) return isLlc;
  if (type === 'i') return allOf(isLlc, noneOf(at(frame.payload, 2, 1, '&', 1)));
  const [mask, value] = LLC_CONTROL[type];
  return allOf(isLlc, at(frame.payload, 2, 1, '=', value, mask));
}
