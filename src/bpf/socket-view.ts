import type { InetSocket, PacketSocket } from '../model/observations/socket.ts';
import { isUnseen } from '../model/unseen.ts';
import type { Standpoint } from './standpoint.ts';

/** ETH_P_ALL: bound to every frame. */
const EVERY_FRAME = 0x0003;
const SOCK_RAW = 3;
const ICMPV6 = 58;

/**
 * The view that a socket gives its filter.
 *
 * A raw packet socket shows the link-layer header, a datagram one the network header. A raw socket of IPv4 shows the IP
 * header, one of IPv6 what follows it; UDP and ICMP sockets show their own header.
 *
 * @see sk_filter() and its callers packet_rcv(), raw_rcv(), rawv6_rcv(), udp_queue_rcv_skb() of the Linux kernel
 */
export function packetSocketView({ type, protocol }: PacketSocket): Standpoint {
  return {
    link: isUnseen(type) ? 'any' : type === SOCK_RAW ? 'ethernet' : 'network',
    ...(protocol === EVERY_FRAME || isUnseen(protocol) ? {} : { boundTo: protocol }),
  };
}

export function inetSocketView({ protocol, version, localPort }: InetSocket): Standpoint {
  if (protocol === 'udp' || protocol === 'udplite') return { link: 'udp-socket', port: localPort };
  if (protocol === 'raw')
    return version === 4
      ? { link: 'network', ipProtocol: localPort }
      : { link: localPort === ICMPV6 ? 'icmp6-socket' : 'any' };
  return { link: protocol === 'icmp' && version === 6 ? 'icmp6-socket' : 'any' };
}
