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
    { kind: 'socket_count', count: { netns: 4026531840, protocol: 'PACKET', counted: 3, listed: 2 } },
    { kind: 'socket_count', count: { netns: 4026531840, protocol: 'RAW', counted: 1, listed: 1 } },
  ]);
});
