import { ANCILLARY, ancillaryOf, LINK_AREA, NETWORK_AREA, type AncillaryName } from '../../bpf/ancillary.ts';
import type { Link } from '../../bpf/link.ts';
import { CLASS, isAbsoluteLoad, MODE, OP, type Program } from '../../bpf/program.ts';

/** A filter to be hunted with: it stands where its socket's packets begin. */
export interface Sought {
  readonly id: string;
  readonly program: Program;
  readonly link: Exclude<Link, 'any'>;
}

/**
 * Where a filter sits in frames of one kind of link: on the whole frame, on what its header carries, or on that with a header of
 * Ethernet put before it; on datagrams and messages that reading the frame finds.
 */
export type Seat = 'frame' | 'behind' | 'dressed' | 'udp' | 'icmpv6';

/** What is known of frames of a link type. */
export interface Ground {
  /** The filters that were written for just this. */
  readonly own?: Link;
  /** How long its header is, where that is always the same. */
  readonly header?: number;
  /** Where it holds the EtherType of what it carries; without it, the version of IP tells. */
  readonly typeAt?: number;
}

/** By number in the registry of link types. */
const GROUNDS: Readonly<Record<number, Ground>> = {
  0: { header: 4 },
  1: { own: 'ethernet', header: 14, typeAt: 12 },
  9: { own: 'ppp' },
  50: { own: 'ppp' },
  101: { header: 0 },
  108: { header: 4 },
  113: { own: 'linux_sll', header: 16, typeAt: 14 },
  228: { header: 0 },
  229: { header: 0 },
  253: { own: 'netlink' },
  276: { header: 20, typeAt: 0 },
};

export function groundOf(linkType: number): Ground {
  return GROUNDS[linkType] ?? {};
}

/** Where a filter sits in frames of a link type, or in words why it has no place there. */
export function seatOf({ program, link }: Sought, { own, header }: Ground): Seat | { readonly refused: string } {
  if (link === own) return 'frame';
  if (link === 'udp-socket' || link === 'icmp6-socket') {
    if (looksBefore(program))
      return { refused: 'it looks at what lies before its packets or at what the kernel knows of them' };
    return link === 'udp-socket' ? 'udp' : 'icmpv6';
  }
  if (header === undefined) return { refused: `it is for ${link}` };
  if (link === 'network') return 'behind';
  if (link !== 'ethernet') return { refused: `it is for ${link}` };
  return isDressable(program)
    ? 'dressed'
    : { refused: 'it looks at addresses of Ethernet, which such frames do not have' };
}

/** Whether an Ethernet filter looks at nothing of the Ethernet header but the EtherType: the rest can be anything. */
export function isDressable(program: Program): boolean {
  return program.every((one) => {
    const { code, k } = one;
    if (isAbsoluteLoad(one)) return k >= 14 ? k < LINK_AREA || k >= NETWORK_AREA : code === 0x28 && k === 12;
    const reads = (code & 7) === CLASS.ld && (code & 0xe0) === MODE.ind;
    return !(reads || code === OP.ldxMsh) || k >= 14;
  });
}

function looksBefore(program: Program): boolean {
  return program.some((one) => isAbsoluteLoad(one) && one.k >= LINK_AREA);
}

/** What the packet itself tells. */
const TOLD: ReadonlySet<AncillaryName> = new Set<AncillaryName>([
  'protocol',
  'nlattr',
  'nlattr_nest',
  'alu_xor_x',
  'pay_offset',
]);

/** What a filter asks the kernel that no capture holds: it turns down each packet of which it asks that. */
export function unknownTo(program: Program): readonly string[] {
  const asked = new Set(program.map(ancillaryOf));
  return ANCILLARY.filter(({ name }) => asked.has(name) && !TOLD.has(name)).map(({ mnemonic }) => mnemonic);
}
