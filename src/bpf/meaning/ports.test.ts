import { expect, it } from 'vitest';
import { programOf } from '../../testing/bpf-corpus.ts';
import { analyse } from './analysis.ts';
import { selectsIpTraffic, wantedPorts } from './ports.ts';

const pass = [6, 0, 0, 1] as const;
const drop = [6, 0, 0, 0] as const;
type Rows = Parameters<typeof programOf>[0];

const UDP_53: Rows = [
  [0x30, 0, 0, 9],
  [0x15, 0, 4, 17],
  [0xb1, 0, 0, 0],
  [0x48, 0, 0, 2],
  [0x15, 0, 1, 53],
  pass,
  drop,
];
const NOT_22: Rows = [[0x30, 0, 0, 9], [0x15, 0, 4, 6], [0xb1, 0, 0, 0], [0x48, 0, 0, 2], [0x15, 1, 0, 22], pass, drop];
const ANY_FIRST_PORT: Rows = [[0xb1, 0, 0, 0], [0x48, 0, 0, 0], [0x15, 0, 1, 7], pass, drop];
const ARP: Rows = [[0x28, 0, 0, 12], [0x15, 0, 1, 0x0806], pass, drop];

it.each([
  ['a port of one protocol', UDP_53, [{ port: 53, protocol: 'udp' }]],
  ['a port that is excluded', NOT_22, []],
  ['a port of a protocol that is not looked at', ANY_FIRST_PORT, [{ port: 7, protocol: undefined }]],
])('tells %s', (_, rows, ports) => {
  expect(wantedPorts(analyse(programOf(rows), { link: 'network' }))).toEqual(ports);
});

it('tells whether a filter picks among IP packets', () => {
  expect(selectsIpTraffic(analyse(programOf(NOT_22), { link: 'network' }))).toBe(true);
  expect(selectsIpTraffic(analyse(programOf(ARP), { link: 'ethernet' }))).toBe(false);
  expect(selectsIpTraffic(analyse(programOf([pass]), { link: 'ethernet' }))).toBe(false);
});
