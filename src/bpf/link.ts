import { NETWORK_AREA } from './ancillary.ts';
import { OP, type Program } from './program.ts';

/** What offset 0 of a packet is for a filter, by the kind of its socket; `any` where that is not known. */
export const LINKS = [
  'ethernet',
  'network',
  'netlink',
  'udp-socket',
  'icmp6-socket',
  'ppp',
  'linux_sll',
  'any',
] as const;

export type Link = (typeof LINKS)[number];

/** Where the network header begins on each link that has one, and where the number of its protocol stands before it. */
export const NETWORK_HEADER: Readonly<Partial<Record<Link, { readonly at: number; readonly typeAt?: number }>>> = {
  ethernet: { at: 14, typeAt: 12 },
  network: { at: 0 },
  ppp: { at: 4, typeAt: 2 },
  linux_sll: { at: 16, typeAt: 14 },
};

/**
 * The link that a program was most likely written for, judged by where it takes the length of the IPv4 header from and
 * where it looks for the number of the network protocol. Ethernet when nothing tells.
 */
export function likelyLink(program: Program): Exclude<Link, 'any'> {
  const known = Object.entries(NETWORK_HEADER) as [
    keyof typeof NETWORK_HEADER & Exclude<Link, 'any'>,
    { at: number },
  ][];
  const header = program.find(({ code, k }) => code === OP.ldxMsh && k < NETWORK_AREA);
  const byHeader = known.find(([, { at }]) => at === header?.k);
  if (byHeader !== undefined) return byHeader[0];
  const looksAtVersion = program.some(
    ({ code, k }, pc) => code === 0x30 && k === 0 && program[pc + 1]?.code === 0x54 && program[pc + 1]?.k === 0xf0,
  );
  return looksAtVersion ? 'network' : 'ethernet';
}
