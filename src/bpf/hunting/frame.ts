import { concat, fromHex } from '../../lib/bytes.ts';
import { completeHeaders } from '../../packets/complete.ts';
import type { Proof } from '../proof/solve.ts';
import { IPV4, IPV6, PPP_TYPES } from '../protocols.ts';
import type { Environment } from '../run.ts';
import type { Standpoint } from '../standpoint.ts';

const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array();
const word = (value: number): Uint8Array => Uint8Array.of((value >> 8) & 0xff, value & 0xff);

/** Addresses for documentation (RFC 7042, RFC 5737, RFC 3849). */
const TO = hex('00005e005302');
const FROM = hex('00005e005301');
const IP4 = hex('45000000 00010000 40000000 c0000201 c6336402');
const IP6 = hex('60000000 0000 00 40 20010db8000000000000000000000001 20010db8000000000000000000000002');

/**
 * The Ethernet frame, as a capture has it, in which a packet of a socket came.
 *
 * @returns undefined for links whose packets come in no such frames.
 */
export function frameOf({ packet, env }: Proof, { link, boundTo, ipProtocol }: Standpoint): Uint8Array | undefined {
  const type = tagOf(env);
  const tag = type === undefined ? hex('') : concat([word(type), word(env.vlan_tag ?? 0)]);
  switch (link) {
    case 'ethernet':
      return concat([packet.subarray(0, 12), tag, packet.subarray(12)]);
    case 'network': {
      const protocol = env.protocol ?? (ipProtocol === undefined ? boundTo : IPV4) ?? typeOf(packet);
      return concat([TO, FROM, tag, word(protocol), packet]);
    }
    case 'udp-socket':
      return behind(IPV4, IP4, 9, 17, packet);
    case 'icmp6-socket':
      return behind(IPV6, IP6, 6, 58, packet);
    case 'ppp':
      return concat([TO, FROM, word(PPP_TYPES.get(wordAt(packet, 2)) ?? 0), packet.subarray(4)]);
    case 'linux_sll':
      return concat([TO, packet.subarray(6, 12), packet.subarray(14)]);
    default:
      return undefined;
  }
}

/** The EtherType of the VLAN tag that the kernel took out of a frame; undefined where there was none. */
export function tagOf({ vlan_tag_present: present, vlan_tag: tag, vlan_tpid: type }: Environment): number | undefined {
  return present || tag || type ? type || TAG : undefined;
}

/** IEEE 802.1Q */
const TAG = 0x8100;

const wordAt = (packet: Uint8Array, at: number): number => ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0);

/** By the version of IP. */
function typeOf(packet: Uint8Array): number {
  return (packet[0] ?? 0) >> 4 === 6 ? IPV6 : IPV4;
}

/** Puts a network header before what a transport socket sees. That itself stays as it is. */
function behind(
  type: number,
  header: Uint8Array,
  protocolAt: number,
  protocol: number,
  packet: Uint8Array,
): Uint8Array {
  const network = header.slice();
  network[protocolAt] = protocol;
  const frame = concat([TO, FROM, word(type), network, packet]);
  const end = frame.length - packet.length;
  completeHeaders(frame, 14, type, (at, size) => at + size <= end);
  return frame;
}
