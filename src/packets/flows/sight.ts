/** What one packet shows at one level of nesting. One value, used again for the next packet. */
export interface Sight {
  /** Number of the frame in the capture, from 1; its time; where in the unpacked capture the frame begins. */
  frame: number;
  micros: number;
  at: number;
  /** How deep its network layer lies in others; 0 is the outermost. */
  level: number;
  /** Number of the protocol above the network, 0 where there is none that is known. */
  protocol: number;
  /** As `Addresses` number them. */
  source: number;
  destination: number;
  /** Of ICMP the type and code, or of an echo its identifier in both. */
  sourcePort: number;
  destinationPort: number;
  /** In `Flows`; whether the packet began it, and whether it goes from the one who began. */
  flow: number;
  fresh: boolean;
  forward: boolean;
  /** Of TCP, else 0. */
  flags: number;
  /** Where network, transport and what it carries begin, and where that ends. */
  bytes: Uint8Array;
  network: number;
  transport: number;
  payload: number;
  end: number;
  /** Where `bytes` begins in the frame's own bytes: an offset of the capture is `at - frameStart + x`; of a datagram that several frames brought there is none. */
  whole: boolean;
  frameStart: number;
}
