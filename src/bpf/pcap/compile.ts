import { OP, type Program } from '../program.ts';
import { refusalOf } from '../validate.ts';
import { allOf, anyOf, instruction, noneOf, runs, type Block } from './block.ts';
import { programOf } from './emit.ts';
import { not, or, type Encapsulating, type Expression, type LlcType } from './expression.ts';
import { at, frameOf, type Frame, type Target } from './frame.ts';
import { groupBlock, grouped } from './grouped.ts';
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

/**
 * In which order alternatives are looked at: `optimised` as by the optimiser of libpcap, `written` as with `tcpdump -O`. The
 * two differ on packets alone that are cut short.
 */
export type Order = 'optimised' | 'written';

export type Compiled = { readonly program: Program } | { readonly refusal: string };

/** Expressions nested deeper are refused. */
const DEEPEST = 400;

/**
 * Compiles an expression to a classic BPF program that takes the same packets as the program of libpcap 1.10.3, the checks
 * included that libpcap adds or forgets. As there, a load outside the packet rejects it, whatever `not` and `or` say.
 *
 * What differs from the instructions of libpcap: numbers are computed here, checks that cannot fail any more are left out,
 * and so are the bytes of an address that its prefix does not cover, which `tcpdump -O` loads. Packets that are cut short
 * within the headers may still be decided differently where the optimiser leaves out a load whose value does not matter
 * (`ip[8] & 0 = 0`), or knows from an earlier test that one cannot hold (an ARP packet in `not (host 10.0.0.1 and tcp)`): it
 * takes the packet then, the program here rejects it. Where there is `geneve`, it leaves those bytes of addresses in.
 *
 * @param target Where on the link the packet starts; see `TARGET_OF` for that of a `Link`.
 * @returns The program, which returns 262144 for what it takes and 0 for the rest; or why libpcap, or Linux, has none.
 * @see gencode.c of libpcap
 * @example
 * compileExpression({ kind: 'protocol', name: 'ip' }, 'EN10MB'); // ldh [12], jeq #0x800, ret #262144, ret #0
 */
export function compileExpression(expression: Expression, target: Target, order: Order = 'optimised'): Compiled {
  try {
    const { block, frame } = passageOf(expression, { frame: frameOf(target), order, depth: 0 });
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

/**
 * What an expression asks behind other ones, not laid out as a program.
 *
 * @param frame How the packet is laid out there.
 * @returns undefined where libpcap refuses the expression.
 */
export function passageBehind(frame: Frame, expression: Expression): Passage | undefined {
  try {
    return passageOf(expression, { frame, order: 'written', depth: 0 });
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** On an open Ethernet socket the words that move headers behind a VLAN tag start at 0. */
function withPrologue(block: Block, frame: Frame): Block {
  if (frame.cleared === 0) return block;
  const stores = Array.from({ length: frame.cleared }, (_, word) => instruction(OP.st, word));
  return allOf(runs(instruction(OP.ldImm, 0), ...stores), block);
}

interface Context {
  readonly frame: Frame;
  readonly order: Order;
  readonly depth: number;
}

function passageOf(expression: Expression, context: Context): Passage {
  const { frame, order } = context;
  const depth = context.depth + 1;
  if (depth > DEEPEST) throw new Refusal(`the expression is nested deeper than ${DEEPEST}`);
  switch (expression.kind) {
    case 'and':
    case 'or': {
      const { kind, of } = expression;
      const parts = order === 'written' ? of : kind === 'or' ? grouped(of) : withoutNots(of);
      let passed = frame;
      const blocks = parts.map((part) => {
        if (part.kind === 'ports' || part.kind === 'hosts') return groupBlock(passed, part);
        const passage = passageOf(part, { frame: passed, order, depth });
        passed = passage.frame;
        return passage.block;
      });
      return { block: kind === 'and' ? allOf(...blocks) : anyOf(...blocks), frame: passed };
    }
    case 'not': {
      const passage = passageOf(expression.of, { frame, order, depth });
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

/** Turns neighbours that must not hold into alternatives of which none may. */
function withoutNots(of: readonly Expression[]): readonly Expression[] {
  const result: Expression[] = [];
  let nots: Expression[] = [];
  const flush = () => {
    if (nots.length > 0) result.push(not(or(...nots)));
    nots = [];
  };
  for (const part of of) {
    if (part.kind === 'not') nots.push(part.of);
    else {
      flush();
      result.push(part);
    }
  }
  flush();
  return result;
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
