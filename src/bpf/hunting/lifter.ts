import { ancillaryOf, LINK_AREA, NETWORK_AREA, type AncillaryName } from '../ancillary.ts';
import { CLASS, MODE, OP, WIDTH, type Instruction, type Program } from '../program.ts';
import type { Environment } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';
import { protocolAt, type Ground } from './ground.ts';
import { freeScratch, keepsXSmall } from './registers.ts';
import { plain } from './relocate.ts';

/** What is the same for every frame of Ethernet. */
const ETHERNET: Readonly<Partial<Record<AncillaryName, number>>> = { hatype: 1 };

/**
 * Says what stands in place of each instruction of a program when its packets lie in frames.
 *
 * @param assumed Is told what the frame does not show and is taken to be as `known` has it.
 */
export function lifterFor(
  program: Program,
  ground: Ground,
  { link }: Standpoint,
  known: Environment,
  assumed: Map<string, number>,
) {
  const small = keepsXSmall(program);
  const scratch = freeScratch(program);
  let lacking: string | undefined;
  const without = (what: string): undefined => {
    lacking ??= `${what} is not in a frame`;
    return undefined;
  };

  const ancillary = (name: AncillaryName, instruction: Instruction): readonly Instruction[] | undefined => {
    const ofFrame = valueOfFrame(name, ground);
    if (ofFrame !== undefined) return ofFrame;
    if (name === 'alu_xor_x') return [instruction];
    if (name === 'nlattr' || name === 'nlattr_nest') return without('an attribute of netlink');
    if (name === 'pay_offset') {
      if (link === 'ethernet' && !ground.tagged) return [instruction];
      if (link !== 'network' || ground.tagged) return without('where the kernel says that the payload begins');
      return [instruction, plain(0x14, 14)];
    }
    const value = ETHERNET[name] ?? known[name] ?? 0;
    if (ETHERNET[name] === undefined) assumed.set(name, value);
    return [plain(OP.ldImm, value)];
  };

  const absolute = (instruction: Instruction): readonly Instruction[] | undefined => {
    const { code } = instruction;
    const size = WIDTH[code & 0x18] ?? 4;
    const k = fromStart(instruction.k, link, ground);
    if (k === undefined) return without('a header before the packet');
    const { values } = ground;
    if (link === 'linux_sll' && k === 0 && size === 2) {
      assumed.set('pkttype', known.pkttype ?? 0);
      return [plain(OP.ldImm, known.pkttype ?? 0)];
    }
    const value = values[`${k}:${size}`];
    if (value !== undefined) return value;
    const shift = k >= LINK_AREA ? 0 : ground.shift(k, size);
    if (shift === undefined) return without('a part of the link-layer header');
    const mode = ground.behindHeader ? code - MODE.abs + MODE.ind : code;
    return [plain(mode, k + shift)];
  };

  const indexed = ({ code, k }: Instruction): readonly Instruction[] | undefined => {
    if (k >= LINK_AREA || k < ground.evenFrom || (!small && ground.evenFrom > 0)) {
      if (link === 'ethernet' && !ground.tagged) return [plain(code, k)];
      if (k >= LINK_AREA && !small && ground.evenFrom === 0) return wrapping(code, k);
      return without('a place that may be before the packet');
    }
    const shift = ground.shift(k, 1) ?? 0;
    if (small || shift === 0) return [plain(code, k + shift)];
    return wrapping(code, k);
  };

  /** A sum that may wrap would come to lie in the headers before the packet. A is free: it is about to be loaded. */
  const wrapping = (code: number, k: number): readonly Instruction[] => {
    const shift = ground.shift(0, 1) ?? 0;
    return [
      plain(OP.txa),
      plain(0x04, k),
      { code: 0x25, jt: 0, jf: 1, k: 0xffff },
      plain(OP.retK),
      plain(code, (k + shift) >>> 0),
    ];
  };

  const toX = (k: number): readonly Instruction[] | undefined => {
    const shift = ground.shift(k, 1);
    return shift === undefined ? without('a part of the link-layer header') : [plain(OP.ldxMsh, k + shift)];
  };

  const lengthToX = (): readonly Instruction[] | undefined => {
    if (ground.length.length === 1 && ground.length[0]?.code === OP.ldLen) return [plain(OP.ldxLen)];
    if (scratch === undefined) return without('room in the scratch memory');
    return [plain(OP.st, scratch), ...ground.length, plain(OP.tax), plain(OP.ldMem, scratch)];
  };

  const replace = (instruction: Instruction): readonly Instruction[] | undefined => {
    const { code, k } = instruction;
    const name = ancillaryOf(instruction);
    if (name !== undefined) return ancillary(name, instruction);
    if (code === OP.ldLen) return ground.length;
    if (code === OP.ldxLen) return lengthToX();
    if (code === OP.ldxMsh) {
      const at = fromStart(k, link, ground);
      return at === undefined ? without('a header before the packet') : toX(at);
    }
    if ((code & 7) !== CLASS.ld) return [instruction];
    if ((code & 0xe0) === MODE.abs) return absolute(instruction);
    return (code & 0xe0) === MODE.ind ? indexed(instruction) : [instruction];
  };

  return { replace, lacking: () => lacking };
}

/** An offset from the network header as one from the beginning of the packet. */
function fromStart(k: number, link: Standpoint['link'], ground: Ground): number | undefined {
  if (k < LINK_AREA) return k;
  if (k >= NETWORK_AREA) {
    if (link === 'ethernet') return k - NETWORK_AREA + 14;
    return link === 'network' ? k - NETWORK_AREA : undefined;
  }
  return link === 'ethernet' && !ground.tagged ? k - LINK_AREA : undefined;
}

/** What the kernel takes from the frame itself. */
function valueOfFrame(name: AncillaryName, { tagged, typeAt }: Ground): readonly Instruction[] | undefined {
  switch (name) {
    case 'protocol':
      return protocolAt(typeAt);
    case 'vlan_tag_present':
      return [plain(OP.ldImm, tagged ? 1 : 0)];
    case 'vlan_tag':
      return [tagged ? plain(0x28, 14) : plain(OP.ldImm)];
    case 'vlan_tpid':
      return [tagged ? plain(0x28, 12) : plain(OP.ldImm)];
    default:
      return undefined;
  }
}
