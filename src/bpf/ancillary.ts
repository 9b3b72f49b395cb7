import type { Instruction } from './program.ts';
import { isAbsoluteLoad } from './program.ts';

/**
 * From here on `k` of an absolute load names a fact that the kernel keeps about a packet, not a place in it.
 *
 * @see SKF_AD_OFF in include/uapi/linux/filter.h
 */
export const ANCILLARY_AREA = 0xfffff000;

/** From here on an offset counts from the network header (SKF_NET_OFF). */
export const NETWORK_AREA = 0xfff00000;

/** From here on an offset counts from the link-layer header (SKF_LL_OFF). */
export const LINK_AREA = 0xffe00000;

export type AncillaryName = (typeof ANCILLARY)[number]['name'];

/** The ancillary loads in the order of their offsets, four apart; `mnemonic` is what tcpdump prints. */
export const ANCILLARY = [
  { name: 'protocol', mnemonic: 'proto' },
  { name: 'pkttype', mnemonic: 'type' },
  { name: 'ifindex', mnemonic: 'ifidx' },
  { name: 'nlattr', mnemonic: 'nla' },
  { name: 'nlattr_nest', mnemonic: 'nlan' },
  { name: 'mark', mnemonic: 'mark' },
  { name: 'queue', mnemonic: 'queue' },
  { name: 'hatype', mnemonic: 'hatype' },
  { name: 'rxhash', mnemonic: 'rxhash' },
  { name: 'cpu', mnemonic: 'cpu' },
  { name: 'alu_xor_x', mnemonic: 'xor_x' },
  { name: 'vlan_tag', mnemonic: 'vlan_tci' },
  { name: 'vlan_tag_present', mnemonic: 'vlanp' },
  { name: 'pay_offset', mnemonic: 'poff' },
  { name: 'random', mnemonic: 'random' },
  { name: 'vlan_tpid', mnemonic: 'vlan_tpid' },
] as const;

/** The place in `ANCILLARY` that an offset names, or undefined. */
export function ancillaryIndex(k: number): number | undefined {
  const distance = k - ANCILLARY_AREA;
  return distance >= 0 && distance % 4 === 0 && distance / 4 < ANCILLARY.length ? distance / 4 : undefined;
}

/** What an instruction takes from the ancillary area; undefined for every other instruction. */
export function ancillaryOf(instruction: Instruction): AncillaryName | undefined {
  if (!isAbsoluteLoad(instruction)) return undefined;
  const index = ancillaryIndex(instruction.k);
  return index === undefined ? undefined : ANCILLARY[index]?.name;
}
