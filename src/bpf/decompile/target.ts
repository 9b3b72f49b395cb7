import { ancillaryOf, type AncillaryName } from '../ancillary.ts';
import type { Link } from '../link.ts';
import type { Target } from '../pcap/frame.ts';
import type { Program } from '../program.ts';

/** What an expression for a program is written for. */
export interface Writable {
  /** What libpcap compiles it for, so that it is the program. */
  readonly target: Target;
  /** Bytes that a captured packet has before where the program starts. */
  readonly shift: number;
  /** Where a captured packet has the number of its network protocol; undefined where it has none. */
  readonly typeAt: number | undefined;
}

const TARGETS: Readonly<Partial<Record<Link, Writable>>> = {
  ethernet: { target: 'EN10MB', shift: 0, typeAt: 12 },
  network: { target: 'RAW', shift: 0, typeAt: undefined },
  linux_sll: { target: 'LINUX_SLL', shift: 0, typeAt: 14 },
  ppp: { target: 'PPP', shift: 0, typeAt: 2 },
};

/** A socket on all interfaces: packets start with the network header, and captures have a cooked header before it. */
const COOKED: Writable = { target: 'live-cooked', shift: 16, typeAt: 14 };

const KNOWN: ReadonlySet<AncillaryName> = new Set(['protocol', 'pkttype', 'ifindex']);

/** Undefined where no expression can say what a program does: another link, or facts that the language has no words for. */
export function writableFor(program: Program, link: Link): Writable | undefined {
  const facts = new Set(program.map(ancillaryOf).filter((name) => name !== undefined));
  if (![...facts].every((name) => KNOWN.has(name))) return undefined;
  if (link === 'network' && facts.has('protocol')) return COOKED;
  return facts.has('protocol') ? undefined : TARGETS[link];
}
