import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { concat, fromHex } from '../lib/bytes.ts';
import { plainFrame, plainPacket } from '../testing/odd-capture.ts';
import { needsShared } from '../testing/tools.ts';
import { le, pcap } from '../testing/wire.ts';
import { captureStats } from './capture-stats.ts';

const { signal } = new AbortController();

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

it('counts frames and bytes by path', async () => {
  const capture = pcap([{ bytes: plainFrame() }, { bytes: plainFrame(), wire: 1500 }]);
  const { packets, linktypes, issues, paths } = await captureStats(once(capture), signal);

  expect({ packets, linktypes, issues, paths }).toEqual({
    packets: 2,
    linktypes: [{ number: 1, name: 'ETHERNET', frames: 2, read: true }],
    issues: [],
    paths: { eth: [2, 1554], 'eth/ip': [2, 1554], 'eth/ip/tcp': [2, 1554] },
  });
});

it('says which frames are not read', async () => {
  const { linktypes, paths } = await captureStats(once(pcap([{ bytes: plainPacket() }], 147)), signal);

  expect({ linktypes, paths }).toEqual({
    linktypes: [{ number: 147, name: 'USER0', frames: 1, read: false }],
    paths: {},
  });
});

it('shows a comment on a frame before its layers', async () => {
  const block = (type: number, body: Uint8Array) =>
    concat([le(32, type, body.length + 12), body, le(32, body.length + 12)]);
  const frame = concat([plainFrame(), new Uint8Array(2)]);
  const packet = (options: string) =>
    block(6, concat([le(32, 0, 0, 0, frame.length, frame.length), frame, fromHex(options)!]));
  const capture = concat([
    block(0x0a0d0d0a, concat([le(32, 0x1a2b3c4d), le(16, 1, 0), le(32, 0xffffffff, 0xffffffff)])),
    block(1, concat([le(16, 1, 0), le(32, 0)])),
    packet(''),
    packet('0200040000000000 0100020061620000 00000000'),
    packet('0200040000000000 00000000 0100020061620000'),
  ]);
  const { paths } = await captureStats(once(capture), signal);

  expect(Object.entries(paths).map(([path, [frames]]) => [path, frames])).toEqual([
    ['eth', 2],
    ['eth/ip', 2],
    ['eth/ip/tcp', 2],
    ['pkt_comment', 1],
    ['pkt_comment/eth', 1],
    ['pkt_comment/eth/ip', 1],
    ['pkt_comment/eth/ip/tcp', 1],
  ]);
});

interface Truth {
  readonly files: Readonly<
    Record<string, { readonly rc: number; readonly paths: Readonly<Record<string, readonly number[]>> }>
  >;
}

const corpus = needsShared('corpus/pcap');
const LINKS = new Set(
  [
    'eth',
    'sll',
    'null',
    'raw',
    'ppp',
    'chdlc',
    'fr',
    'llc',
    'arp',
    'vlan',
    'ieee8021ad',
    'mpls',
    'pppoes',
    'pktap',
  ].concat([
    'radiotap',
    'wlan',
    'fddi',
    'ipoib',
    'atm',
    'clip',
    'wpan',
    'text',
    'ip',
    'ipv6',
    'ah',
    'esp',
    'gre',
    'tcp',
    'udp',
  ]),
);

describe.skipIf(corpus.missing)(`the captures of a corpus ${corpus.label}`, () => {
  it('have the links, networks and transports that Wireshark sees', async () => {
    const { files } = JSON.parse(readFileSync(join(corpus.path, 'TSHARK.json'), 'utf8')) as Truth;
    let [same, all] = [0, 0];
    for (const [file, { rc, paths: wanted }] of Object.entries(files)) {
      if (rc !== 0) continue;
      const { paths } = await captureStats(join(corpus.path, file), signal);
      const names = new Set([...Object.keys(wanted), ...Object.keys(paths)]);
      for (const path of names) {
        if (!path.split('/').every((name) => LINKS.has(name))) continue;
        all += 1;
        if (wanted[path]?.[0] === paths[path]?.[0]) same += 1;
      }
    }

    expect(all).toBeGreaterThan(3000);
    expect(same / all).toBeGreaterThan(0.985);
  }, 60_000);
});
