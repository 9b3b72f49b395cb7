import type { Link } from './link.ts';

/** What a filter stands on: what offset 0 of a packet is, and which packets the kernel hands to such a socket anyway. */
export interface Standpoint {
  readonly link: Link;
  /** EtherType that a packet socket is bound to, where it is not every one. */
  readonly boundTo?: number | undefined;
  /** IP protocol of a raw socket. */
  readonly ipProtocol?: number | undefined;
  /** Local port of a UDP socket. */
  readonly port?: number | undefined;
}
