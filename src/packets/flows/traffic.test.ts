import { expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { sourceOf } from '../../testing/reading.ts';
import { be, ethernet, icmp, ip4, pcap, tcpFrame, TCP, udp, udpFrame, type MadeFrame } from '../../testing/wire.ts';
import { readCapture } from '../capture/read.ts';
import { PROTOCOL_NAMES } from '../dissect/protocols.ts';
import { SEEN } from './flows.ts';
import { Traffic } from './traffic.ts';

const CLIENT = ['192.0.2.1', 40_000] as const;
const SERVER = ['198.51.100.2', 443] as const;
const DATA = new Uint8Array(10);

/** Follows frames; gives sights in words, and the flows in the order in which they ended. */
async function followed(frames: readonly MadeFrame[]) {
  const sights: string[] = [];
  const flows: object[] = [];
  const traffic: Traffic = new Traffic((flow) => {
    const { columns } = traffic.flows;
    const ports = columns.ports[flow]!;
    flows.push({
      from: `${traffic.addresses.text(columns.initiator[flow]!)}:${ports >>> 16}`,
      to: `${traffic.addresses.text(columns.responder[flow]!)}:${ports & 0xffff}`,
      packets: [columns.packetsForward[flow], columns.packetsBack[flow]],
      bytes: [columns.bytesForward[flow], columns.bytesBack[flow]],
      frames: [columns.firstFrame[flow], columns.lastFrame[flow]],
      seen: columns.seen[flow],
    });
  });
  for await (const batch of readCapture(sourceOf(pcap(frames)), () => undefined)) {
    traffic.follow(batch, (sight) => {
      const { frame, level, protocol, fresh, forward, payload, end } = sight;
      sights.push(
        `${frame} ${PROTOCOL_NAMES[protocol]}@${level} ${traffic.path(level)} ${fresh ? 'fresh' : 'known'} ${forward ? 'forward' : 'back'} ${end - payload}`,
      );
    });
  }
  traffic.flows.endAll();
  return { sights, flows };
}

it('joins both directions into one flow, of the one who began', async () => {
  const { sights, flows } = await followed([
    { at: 1, bytes: tcpFrame(CLIENT, SERVER, { flags: TCP.syn }) },
    { at: 2, bytes: tcpFrame(SERVER, CLIENT, { flags: TCP.syn | TCP.ack }) },
    { at: 3, bytes: tcpFrame(CLIENT, SERVER, { flags: TCP.ack | TCP.psh }, DATA) },
    { at: 4, bytes: tcpFrame(SERVER, CLIENT, { flags: TCP.ack | TCP.fin }) },
  ]);

  expect(sights).toEqual([
    '1 tcp@0 eth/ip/tcp fresh forward 0',
    '2 tcp@0 eth/ip/tcp known back 0',
    '3 tcp@0 eth/ip/tcp known forward 10',
    '4 tcp@0 eth/ip/tcp known back 0',
  ]);
  expect(flows).toEqual([
    {
      from: '192.0.2.1:40000',
      to: '198.51.100.2:443',
      packets: [2, 2],
      bytes: [10, 0],
      frames: [1, 4],
      seen: SEEN.syn | SEEN.synAck | SEEN.finBack,
    },
  ]);
});

it('knows from an answer who began before the capture did', async () => {
  const { flows } = await followed([{ at: 1, bytes: tcpFrame(SERVER, CLIENT, { flags: TCP.syn | TCP.ack }) }]);

  expect(flows).toEqual([expect.objectContaining({ from: '192.0.2.1:40000', packets: [0, 1], seen: SEEN.synAck })]);
});

it('begins another flow when ports are used again after an end, and after ten silent minutes', async () => {
  const { flows } = await followed([
    { at: 1, bytes: tcpFrame(CLIENT, SERVER, { flags: TCP.syn }) },
    { at: 2, bytes: tcpFrame(SERVER, CLIENT, { flags: TCP.rst }) },
    { at: 3, bytes: tcpFrame(CLIENT, SERVER, { flags: TCP.syn }) },
    { at: 604, bytes: tcpFrame(CLIENT, SERVER, { flags: TCP.ack }) },
  ]);

  expect(flows).toMatchObject([{ frames: [1, 2] }, { frames: [3, 3] }, { frames: [4, 4], seen: SEEN.midstream }]);
});

it('sees each level of nesting, and keeps their flows apart', async () => {
  const inner = ip4({ src: CLIENT[0], dst: SERVER[0], protocol: 17 }, udp(5000, 53, DATA));
  const tunnel = concat([be(8, 0x30, 255), be(16, inner.length), be(32, 7), inner]);
  const { sights, flows } = await followed([
    { bytes: udpFrame(['203.0.113.1', 2152], ['203.0.113.2', 2152], tunnel) },
    { bytes: udpFrame([CLIENT[0], 5000], [SERVER[0], 53], DATA) },
  ]);

  expect(sights).toEqual([
    '1 udp@0 eth/ip/udp fresh forward 46',
    '1 udp@1 eth/ip/udp/gtp/ip/udp fresh forward 10',
    '2 udp@0 eth/ip/udp fresh forward 10',
  ]);
  expect(flows).toHaveLength(3);
});

it('joins the echoes of one program by their identifier', async () => {
  const echo = (type: number, src: string, dst: string) =>
    ethernet(0x0800, ip4({ src, dst, protocol: 1 }, icmp(type, 0, 77, 1, DATA)));
  const { flows } = await followed([
    { bytes: echo(8, CLIENT[0], SERVER[0]) },
    { bytes: echo(0, SERVER[0], CLIENT[0]) },
  ]);

  expect(flows).toMatchObject([{ from: '192.0.2.1:77', to: '198.51.100.2:77', packets: [1, 1] }]);
});

it('holds many flows, and ends those that are silent for longest', async () => {
  const frames = Array.from({ length: 20_000 }, (_, index) => ({
    at: index,
    bytes: udpFrame(['192.0.2.1', index % 60_000], ['198.51.100.2', 53], DATA),
  }));
  const { flows } = await followed(frames);

  expect([flows.length, flows[0], flows.at(-1)]).toMatchObject([
    20_000,
    { frames: [1, 1] },
    { frames: [20_000, 20_000] },
  ]);
});
