import { SEEN } from '../../packets/flows/flows.ts';
import { PROTOCOL_NAMES } from '../../packets/dissect/protocols.ts';
import { defineWatcher, type WatcherKind } from '../watcher.ts';
import { tellRecord, type Recorder } from './record.ts';

/** One record for each flow, when it has ended. */
export function connWatcher(recorder: Recorder): WatcherKind {
  return defineWatcher({
    id: 'records/conn',
    summary: 'Records of flows.',
    protocols: ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp'],
    tells: [],
    create: (scene) => ({
      flowEnded(flow) {
        const { columns } = scene.flows;
        const ports = columns.ports[flow]!;
        const [first, last] = [columns.firstMicros[flow]!, columns.lastMicros[flow]!];
        const protocol = PROTOCOL_NAMES[columns.kind[flow]! & 0xff] ?? '';
        const state = protocol === 'tcp' ? stateOf(columns.seen[flow]!) : columns.packetsBack[flow]! > 0 ? 'SF' : 'S0';
        const [out, back] = [columns.bytesForward[flow]!, columns.bytesBack[flow]!];
        const [start, end] = [columns.firstFrame[flow]!, columns.lastFrame[flow]!];
        const [host, peer] = [columns.initiator[flow]!, columns.responder[flow]!];
        tellRecord(
          recorder,
          scene,
          'conn',
          { host, peer, srcPort: ports >>> 16, dstPort: ports & 0xffff, protocol },
          {
            text: () => `${protocol} ${state}, ${out} bytes there, ${back} back`,
            moments: [
              { frame: start, offset: 0, micros: first },
              { frame: end, offset: 0, micros: last },
            ],
            fields: {
              duration: (last - first) / 1e6,
              orig_bytes: out,
              resp_bytes: back,
              orig_pkts: columns.packetsForward[flow],
              resp_pkts: columns.packetsBack[flow],
              conn_state: state,
              local_orig: scene.addresses.isPrivate(host),
              local_resp: scene.addresses.isPrivate(peer),
            },
          },
        );
      },
    }),
  });
}

/** As Zeek calls how a connection of TCP went. */
function stateOf(seen: number): string {
  const has = (bit: number) => (seen & bit) !== 0;
  if (!has(SEEN.syn) && !has(SEEN.synAck)) return 'OTH';
  if (!has(SEEN.synAck)) return has(SEEN.reset) ? 'REJ' : has(SEEN.finForward) ? 'SH' : 'S0';
  if (has(SEEN.reset)) return 'RSTO';
  if (has(SEEN.finForward) && has(SEEN.finBack)) return 'SF';
  return has(SEEN.finForward) ? 'S2' : has(SEEN.finBack) ? 'S3' : 'S1';
}
