import { expect, it } from 'vitest';
import { dnsAnswer, tcpSession, type End, type Saying } from '../../testing/talks.ts';
import { eventsOf } from '../../testing/watched.ts';
import { tcpFrame, TCP, type MadeFrame } from '../../testing/wire.ts';
import { rhythms } from '../rhythms/rhythms.ts';

const HOST: End = ['10.1.2.3', 40_000];
const at = (port: number): End => ['198.51.100.7', port];

const told = async (frames: readonly MadeFrame[]) =>
  (await eventsOf([rhythms], frames)).map(({ name, host, peer, dstPort, measures }) => ({
    name,
    host,
    peer,
    dstPort,
    measures,
  }));

const ssh: Saying[] = [
  [0.1, 'server', 'SSH-2.0-x\r\n'],
  [0.2, 'client', 'SSH-2.0-y\r\n'],
];
const bytes: Saying[] = Array.from({ length: 20 }, (_, index) => [
  index,
  index % 2 === 0 ? 'client' : 'server',
  new Uint8Array(90).fill(0x91),
]);

it.each<[string, Saying[], number, boolean]>([
  ['SSH at the port of the web', ssh, 443, true],
  ['bytes at the port of DNS', bytes, 53, false],
])('tells of %s', async (_, sayings, port, isSsh) => {
  expect(await told(tcpSession(0, HOST, at(port), sayings))).toMatchObject([
    { name: 'foreign-protocol', host: HOST[0], peer: at(port)[0], dstPort: port, measures: { ssh: isSsh } },
  ]);
});

it.each<[string, Saying[], number]>([
  ['SSH where it belongs', ssh, 22],
  ['bytes at a port of nobody', bytes, 7777],
  ['a few bytes at the port of DNS', bytes.slice(0, 4), 53],
])('says nothing of %s', async (_, sayings, port) => {
  expect(await told(tcpSession(0, HOST, at(port), sayings))).toEqual([]);
});

const hours = (count: number): Saying[] =>
  Array.from({ length: 12 * count }, (_, index) => [
    300 * index + 1,
    index % 2 === 0 ? 'client' : 'server',
    '\x91\x92',
  ]);

it('tells of a session of hours to an address without a name', async () => {
  const frames = tcpSession(0, HOST, at(8443), hours(5));

  expect(await told(frames)).toMatchObject([{ name: 'long-connection', measures: { seconds: 17_701 } }]);
  expect(await told([dnsAnswer(0, HOST[0], '10.1.2.1', at(8443)[0]), ...frames])).toEqual([]);
  expect(await told(tcpSession(0, HOST, at(8443), hours(3)))).toEqual([]);
});

it('tells of much that went out', async () => {
  const data = new Uint8Array(60_000);
  const frames = tcpSession(0, HOST, at(8443), [
    [0.1, 'server', '\x91'],
    ...Array.from({ length: 900 }, (_, index): Saying => [1 + index / 100, 'client', data]),
  ]);

  expect(await told(frames)).toMatchObject([
    { name: 'transfer-outward', measures: { sentBytes: 54_000_000, receivedBytes: 1 } },
  ]);
});

const knock = (index: number, to: End, answer: number): MadeFrame[] => [
  { at: index, bytes: tcpFrame([HOST[0], 20_000 + index], to, { flags: TCP.syn }) },
  { at: index + 0.01, bytes: tcpFrame(to, [HOST[0], 20_000 + index], { flags: answer }) },
];

it.each<[string, (index: number) => End, object]>([
  ['hosts', (index) => [`10.1.3.${index}`, 22], { hosts: 60, ports: 1, vertical: false, slow: false, inside: true }],
  ['ports', (index) => ['10.1.3.1', 1000 + index], { hosts: 1, ports: 60, vertical: true, slow: false, inside: true }],
])('tells of knocks at many %s', async (_, target, measures) => {
  const closed = Array.from({ length: 80 }, (__, index) => knock(index, target(index), TCP.rst | TCP.ack)).flat();
  const open = Array.from({ length: 80 }, (__, index) => knock(index, target(index), TCP.syn | TCP.ack)).flat();

  expect(await told(closed)).toMatchObject([{ name: 'scan', host: HOST[0], measures }]);
  expect(await told(open)).toEqual([]);
});
