import { ancillaryOf } from '../ancillary.ts';
import { CLASS, MODE, OP, type Instruction, type Program } from '../program.ts';
import type { Environment } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';
import { tagOf } from './frame.ts';
import { groundsOf, missedOn, MOST_LENGTHS, type Ground } from './ground.ts';
import { lifterFor } from './lifter.ts';
import { usesX } from './registers.ts';
import { choice, plain, relocated } from './relocate.ts';

/** A program for Ethernet captures. */
export interface Lifted {
  readonly program: Program;
  /** What the kernel knows of a packet and its frame does not show: taken to be as given. */
  readonly assumed: readonly (readonly [name: string, value: number])[];
  /** Whether the frames looked for have a VLAN tag that the socket does not see. */
  readonly tagged: boolean;
  /** Packets of the socket that it does not find, in words. */
  readonly missed: readonly string[];
}

/**
 * Turns a filter into a program that finds its packets in Ethernet captures.
 *
 * @param known What the kernel knew of a packet that is let through.
 * @returns Or in words what a frame does not show.
 */
export function lift(program: Program, standpoint: Standpoint, known: Environment): Lifted | string {
  if (standsOnFrames(program, standpoint)) return { program, assumed: [], tagged: false, missed: [] };
  const tag = tagOf(known);
  const grounds = groundsOf(standpoint, tag, usesX(program));
  if (grounds.length === 0) return `packets of ${standpoint.link} are not in Ethernet frames`;
  const assumed = new Map<string, number>();
  const parts: { guards: Ground['guards']; program: Program }[] = [];
  for (const ground of grounds) {
    const lifter = lifterFor(program, ground, standpoint, known, assumed);
    const body = relocated(program, lifter.replace);
    if (body === undefined) return lifter.lacking() ?? 'the program would be longer than the kernel takes';
    const start = ground.behindHeader ? [...behindHeader(standpoint.port)] : [];
    const cleared = ground.guards.length + start.length > 0 && !startsWithLoad(program) ? [plain(OP.ldImm)] : [];
    parts.push({ guards: ground.guards, program: [...start, ...cleared, ...body] });
  }
  const whole = parts.length === 1 && parts[0]?.guards.length === 0 ? parts[0].program : choice(parts);
  if (whole === undefined) return 'the program would be longer than the kernel takes';
  return {
    program: whole,
    assumed: [...assumed],
    tagged: tag !== undefined,
    missed: missedOn(standpoint, usesX(program)),
  };
}

/** Whether a program is one for Ethernet captures as it is. */
function standsOnFrames(program: Program, { link, boundTo = 0, ipProtocol }: Standpoint): boolean {
  const facts = program.map(ancillaryOf).filter((name) => name !== undefined && name !== 'alu_xor_x');
  return link === 'ethernet' && boundTo <= MOST_LENGTHS && ipProtocol === undefined && facts.length === 0;
}

/** Puts the length of the IPv4 header into X and, where the socket has a port, asks for it. */
function behindHeader(port: number | undefined): readonly Instruction[] {
  const header = plain(OP.ldxMsh, 14);
  if (port === undefined || port === 0) return [header];
  return [header, plain(0x48, 16), { code: 0x15, jt: 1, jf: 0, k: port }, plain(OP.retK)];
}

function startsWithLoad([first]: Program): boolean {
  return first !== undefined && (first.code & 7) === CLASS.ld && (first.code & 0xe0) !== MODE.ind;
}
