import { ethernet, ip4, pcap, TCP, tcp, tcpFrame } from './wire.ts';

const PEER = ['198.51.100.2', 9] as const;
const START = 1_767_225_600;

/** A capture in which some hosts reset connections as an implant does: a finding of level medium for each. */
export function oddCapture(hosts: number, gapSeconds = 5): Uint8Array {
  return pcap(
    Array.from({ length: hosts }, (_, index) => ({
      at: START + gapSeconds * index,
      bytes: tcpFrame([`192.0.2.${index + 1}`, 2123], PEER, { flags: TCP.rst | TCP.ack, urgent: 1 }),
    })),
  );
}

/** An ordinary segment between two hosts, without its link. */
export function plainPacket(): Uint8Array {
  return ip4({ src: '192.0.2.1', dst: '198.51.100.2', protocol: 6 }, tcp(2123, 9, { flags: TCP.ack }));
}

export const plainFrame = (): Uint8Array => ethernet(0x0800, plainPacket());
