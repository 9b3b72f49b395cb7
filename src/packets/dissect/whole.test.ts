import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Dissector } from './dissector.ts';
import { wholeReading } from './whole.ts';
import { captureStats } from '../../app/capture-stats.ts';
import { needsShared } from '../../testing/tools.ts';
import { bytesOf, reader, SERVER } from '../../testing/talking.ts';
import { be, ethernet, icmp, ip4, TCP, tcp, tcpFrame, udp } from '../../testing/wire.ts';
import { concat } from '../../lib/bytes.ts';

const CLIENT = '192.0.2.1';
const HELLO = concat([be(8, 22, 3, 1), be(16, 300), new Uint8Array(300)]);

it('follows streams inside of tunnels, apart from those outside', () => {
  const read = reader();
  const inner = (seq: number, part: Uint8Array) =>
    ip4({ src: '10.0.0.1', dst: SERVER, protocol: 6 }, tcp(40_000, 443, { flags: TCP.ack, seq }, part));
  const tunnelled = (packet: Uint8Array) => {
    const user = concat([be(8, 0x30, 255), be(16, packet.length), be(32, 7), packet]);
    return ethernet(0x0800, ip4({ src: CLIENT, dst: SERVER, protocol: 17 }, udp(2152, 2152, user)));
  };

  expect(read(tunnelled(inner(1, HELLO.subarray(0, 100))))).toBe('eth/ip/udp/gtp/ip/tcp/tls');
  expect(read(tunnelled(inner(101, HELLO.subarray(100))))).toBe('eth/ip/udp/gtp/ip/tcp/tls/tcp.segments');
});

it('reads what messages quote, and no fragment or segment of it', () => {
  const quoting = (packet: Uint8Array) =>
    reader()(ethernet(0x0800, ip4({ src: SERVER, dst: CLIENT, protocol: 1 }, icmp(3, 3, 0, 0, packet))));
  const host = { src: CLIENT, dst: SERVER };

  expect(quoting(ip4({ ...host, protocol: 17 }, udp(40_000, 53, HELLO)))).toBe('eth/ip/icmp/dns');
  expect(quoting(ip4({ ...host, protocol: 17, offset: 80 }, udp(40_000, 53, HELLO)))).toBe('eth/ip/icmp');
  expect(quoting(ip4({ ...host, protocol: 6 }, tcp(40_000, 53, { flags: TCP.ack }, HELLO)))).toBe('eth/ip/icmp');
  expect(quoting(new Uint8Array(3))).toBe('eth/ip/icmp');
});

it('counts what it gives up', () => {
  const reading = wholeReading();
  const d = new Dissector(reading);
  expect(reading.lost()).toEqual({ messages: 0, connections: 0 });
  // One message after the other asks for more than can be kept.
  const head = bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n');
  for (let index = 0; index < 80; index++) {
    const payload = index === 0 ? head : new Uint8Array(60_000);
    const seq = index === 0 ? 1 : 1 + head.length + (index - 1) * 60_000;
    const frame = tcpFrame([SERVER, 80], [CLIENT, 40_000], { flags: TCP.ack, seq }, payload);
    d.frame += 1;
    d.dissect(1, frame, 0, frame.length);
  }

  expect(reading.lost()).toEqual({ messages: 1, connections: 0 });
});

const APPLICATIONS = new Set('dns tls http quic ssh smtp ntp snmp tacplus radius tcp.segments'.split(' '));
/** Who else stands in a path is another's to read. */
const captures = needsShared('corpus/pcap');

interface Oracle {
  readonly rc: number;
  readonly paths: Readonly<Record<string, readonly [frames: number, bytes: number]>>;
}

describe.skipIf(captures.missing)(`beside tshark ${captures.label}`, () => {
  it('tells of applications what it tells', async () => {
    const { files } = JSON.parse(readFileSync(join(captures.path, 'TSHARK.json'), 'utf8')) as {
      files: Record<string, Oracle>;
    };
    let [same, all] = [0, 0];
    for (const [file, { rc, paths: theirs }] of Object.entries(files)) {
      const told = Object.keys(theirs).some((path) => APPLICATIONS.has(path.split('/').at(-1)!));
      if (rc !== 0 || !told) continue;
      const { paths, protocols } = await captureStats(join(captures.path, file), new AbortController().signal);
      const known = new Set(protocols);
      const places = new Set([...Object.keys(theirs), ...Object.keys(paths)]);
      for (const path of places) {
        const names = path.split('/');
        if (!names.some((name) => APPLICATIONS.has(name)) || !names.every((name) => known.has(name))) continue;
        all += 1;
        if (theirs[path]?.[0] === paths[path]?.[0]) same += 1;
      }
    }
    expect(all).toBeGreaterThan(500);
    expect(same / all).toBeGreaterThan(0.95);
  }, 60_000);
});
