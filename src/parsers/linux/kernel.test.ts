import { expect, it } from 'vitest';
import { bodiesOf, parseBeside } from '../../testing/evidence.ts';
import { samples } from '../../testing/samples.ts';
import { iptablesSave, nftRuleset } from './firewall.ts';
import { kernelLog, kernelModules, kernelState } from './kernel.ts';
import { conntrack, socketCounts } from './net-flows.ts';

const of = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, samples[name] ?? '']));

it('compares the two listings of modules', () => {
  const modules = bodiesOf(parseBeside(kernelModules, of('/proc/modules', 'command/sys-modules'))).map((body) =>
    body.kind === 'kernel_module' ? body.module : undefined,
  );

  expect(modules).toMatchObject([
    { name: 'nf_nat', listed: true, inSys: true, sizeBytes: 61440, taints: '', usedBy: ['nft_redir'] },
    { name: 'vendor_io', listed: true, inSys: false, taints: 'OE', usedBy: [] },
  ]);
  const hidden = bodiesOf(parseBeside(kernelModules, of('command/sys-modules', '/proc/modules')));
  expect(hidden).toMatchObject([{ module: { name: 'unlisted', listed: false, inSys: true } }]);
});

it('reads the state of the kernel and what it says of modules', () => {
  const names = [
    '/proc/sys/kernel/tainted',
    '/proc/sys/kernel/core_pattern',
    '/proc/sys/kernel/modprobe',
    '/proc/cmdline',
  ];
  expect(bodiesOf(parseBeside(kernelState, of(...names)))).toEqual([
    {
      kind: 'kernel_state',
      kernel: {
        taint: 12288,
        corePattern: '|/usr/lib/systemd/systemd-coredump %P',
        modprobe: '/sbin/modprobe',
        commandLine: 'root=/dev/sda1 ro quiet',
      },
    },
  ]);
  expect(bodiesOf(parseBeside(kernelLog, of('command/dmesg')))).toEqual([
    {
      kind: 'kernel_message',
      message: { seconds: 12.345678, text: 'vendor_io: loading out-of-tree module taints kernel.' },
    },
  ]);
});

it('reads rules of nf_tables, and tells of namespaces that were not asked', () => {
  const parsed = parseBeside(nftRuleset, of('command/nft-ruleset'));

  expect(bodiesOf(parsed)).toEqual([
    {
      kind: 'firewall_rule',
      rule: {
        netns: 4026531840,
        family: 'ip',
        table: 'nat',
        chain: 'prerouting',
        hook: 'prerouting',
        action: 'redirect',
        sources: ['192.0.2.66'],
        protocol: 'tcp',
        ports: [[22, 22]],
        toPort: 42611,
        text: 'ip saddr 192.0.2.66 tcp dport 22 counter packets 0 bytes 0 redirect to :42611',
      },
    },
    {
      kind: 'firewall_rule',
      rule: {
        netns: 4026531840,
        family: 'ip',
        table: 'nat',
        chain: 'prerouting',
        hook: 'prerouting',
        action: 'dnat',
        sources: [],
        protocol: 'tcp',
        ports: [
          [80, 80],
          [8000, 8010],
        ],
        toAddress: '192.0.2.9',
        toPort: 8080,
        text: 'iifname "eth0" tcp dport { 80, 8000-8010 } dnat to 192.0.2.9:8080',
      },
    },
    {
      kind: 'firewall_rule',
      rule: {
        netns: 4026531840,
        family: 'ip',
        table: 'nat',
        chain: 'office',
        action: 'accept',
        sources: ['198.51.100.9'],
        ports: [],
        text: 'ip saddr 198.51.100.9 accept',
      },
    },
  ]);
  expect(parsed.at(-1)).toMatchObject({
    gap: 'unsupported',
    detail: '1 of 2 network namespaces were not asked',
    missing: 0.5,
  });
});

it('reads rules of iptables', () => {
  const rules = bodiesOf(parseBeside(iptablesSave, of('command/iptables-save'))).map((body) =>
    body.kind === 'firewall_rule' ? body.rule : undefined,
  );

  expect(rules).toMatchObject([
    {
      table: 'nat',
      chain: 'PREROUTING',
      hook: 'prerouting',
      action: 'redirect',
      sources: ['192.0.2.66/32'],
      ports: [[22, 22]],
      toPort: 42611,
    },
    {
      table: 'nat',
      action: 'dnat',
      sources: [],
      ports: [
        [80, 80],
        [443, 443],
      ],
      toAddress: '192.0.2.9',
      toPort: 8443,
    },
  ]);
});

it('reads tracked connections, and counts sockets twice', () => {
  expect(bodiesOf(parseBeside(conntrack, of('/proc/*/net', 'command/process-links')))).toEqual([
    {
      kind: 'conntrack_flow',
      flow: {
        netns: 4026531840,
        protocol: 'tcp',
        state: 'ESTABLISHED',
        original: { src: '192.0.2.66', dst: '192.0.2.10', srcPort: 40000, dstPort: 22 },
        reply: { src: '192.0.2.10', dst: '192.0.2.66', srcPort: 42611, dstPort: 40000 },
      },
    },
  ]);
  const counts = bodiesOf(parseBeside(socketCounts, of('/proc/*/net', 'command/process-links')));
  expect(counts).toEqual([
    { kind: 'socket_count', count: { netns: 4026531840, protocol: 'PTYPE', counted: 2, listed: 2 } },
    { kind: 'socket_count', count: { netns: 4026531840, protocol: 'PACKET', counted: 3, listed: 2 } },
    { kind: 'socket_count', count: { netns: 4026531840, protocol: 'RAW', counted: 1, listed: 1 } },
  ]);
});

const NET = (...rows: readonly string[]) => rows.map((row) => `1/net/${row}\n`).join('');
const PTYPE = ['ptype:Type Device      Function', 'ptype:ALL           packet_rcv', 'ptype:0800 eth0     tpacket_rcv'];
const PACKETS = [
  'packet:sk               RefCnt Type Proto  Iface R Rmem   User   Inode',
  'packet:0000000000000000 3      3    0800   2     1 0      0      5001',
  'packet:0000000000000000 3      3    0000   2     0 0      0      5002',
];
const LINKS = { 'command/process-links': '1/ns/net\0net:[4026531840]\0' };

function receiversIn(table: string, links: Record<string, string> = LINKS) {
  return bodiesOf(parseBeside(socketCounts, { '/proc/*/net': table, ...links })).map((body) =>
    body.kind === 'socket_count' ? [body.count.counted, body.count.listed] : [],
  );
}

it('counts the receivers of packet sockets beside the packet sockets that receive, once for each time they stand there', () => {
  expect(receiversIn(NET(...PTYPE, ...PACKETS, ...PTYPE))).toEqual([
    [2, 1],
    [2, 1],
  ]);
});

it('takes a receiver of no interface for one of any namespace, and of a fanout group for none', () => {
  const other = '2/net/packet:sk\n2/net/packet:0000000000000000 3 3 0003 0 1 0 0 6001\n';
  const links = { 'command/process-links': '1/ns/net\0net:[4026531840]\x002/ns/net\0net:[4026532000]\0' };

  expect(receiversIn(`${NET(...PTYPE, 'ptype:ALL eth0 packet_rcv_fanout', ...PACKETS)}${other}`, links)).toEqual([
    [2, 2],
  ]);
});

it('does not compare with what it has not seen whole', () => {
  const more = { 'command/process-links': '1/ns/net\0net:[4026531840]\x002/ns/net\0net:[4026532000]\0' };

  expect(receiversIn(NET(...PTYPE, ...PACKETS), more)).toEqual([[2, { unseen: 'absent' }]]);
  expect(receiversIn(NET(...PTYPE))).toEqual([]);
  expect(receiversIn(NET(...PACKETS, 'ptype:ALL packet_rcv'))).toEqual([]);
});
