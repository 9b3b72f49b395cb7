import type { BodyOf } from '../model/observation.ts';
import type { ObservationBody } from '../model/observations/index.ts';
import { unseen } from '../model/unseen.ts';
import { GUEST, type Case } from './cases.ts';
import { fileDigest, healthyHost, HOST_NETNS, packageFile, withProcess, type Host } from './host.ts';

export function kernelModule(name: string, more: Partial<BodyOf<'kernel_module'>['module']> = {}): ObservationBody {
  return {
    kind: 'kernel_module',
    module: {
      name,
      listed: true,
      inSys: true,
      sizeBytes: 16_384,
      taints: '',
      usedBy: [],
      path: `/lib/modules/6.12.0/kernel/${name}.ko`,
      ...more,
    },
  };
}

export function kernelState(more: Partial<BodyOf<'kernel_state'>['kernel']> = {}): ObservationBody {
  return {
    kind: 'kernel_state',
    kernel: { taint: 0, corePattern: 'core', modprobe: '/sbin/modprobe', commandLine: 'ro quiet', ...more },
  };
}

type Security = BodyOf<'security_module'>['security'];

/** SELinux as it is now, and as it is set. */
export function security(
  selinux: Security['selinux'],
  selinuxConfigured: Security['selinuxConfigured'],
): ObservationBody {
  return {
    kind: 'security_module',
    security: { active: unseen('absent'), selinux, selinuxConfigured, apparmor: unseen('absent') },
  };
}

export function kernelSays(text: string): ObservationBody {
  return { kind: 'kernel_message', message: { seconds: 412.5, text } };
}

export function socketCount(protocol: string, counted: number, listed: number): ObservationBody {
  return { kind: 'socket_count', count: { protocol, counted, listed, netns: HOST_NETNS } };
}

export function bpfProgram(name: string, more: Partial<BodyOf<'bpf_program'>['program']> = {}): ObservationBody {
  return { kind: 'bpf_program', program: { tag: 'a04f5eef06a7f555', name, ...more } };
}

const MODULES = [
  kernelModule('ext4'),
  kernelModule('nf_nat', { usedBy: ['xt_nat', 'nft_nat'] }),
  kernelModule('xt_nat'),
  kernelModule('nft_nat'),
];
const MODPROBE = packageFile('/usr/sbin/modprobe', 'kmod');
const OUT_OF_TREE = 1 << 12;
const UNSIGNED = 1 << 13;

/** A kernel with its own modules on the healthy host. */
export function withKernel(...rows: readonly ObservationBody[]): Host {
  const state = rows.some(({ kind }) => kind === 'kernel_state') ? [] : [kernelState()];
  return [...healthyHost(), ...MODULES, MODPROBE, ...state, ...rows];
}

const CORE = '/proc/sys/kernel/core_pattern';
const helper = (program: string) => kernelState({ corePattern: `|${program} %P %u` });
const AMONG_PROGRAMS = { exe: '/usr/sbin/tracerd', unit: 'session-3.scope' } as const;
const ORIGIN = ['linux/program-origin', 'low', { pid: GUEST, comm: 'tracerd', exe: AMONG_PROGRAMS.exe }] as const;

export const huntedKernels: readonly Case[] = [
  {
    name: 'module: loaded by one listing, missing in the other',
    host: withKernel(kernelModule('zfsmon', { listed: false, taints: 'OE', path: null })),
    expected: [['linux/hidden-module', 'high', { module: 'zfsmon' }]],
  },
  {
    name: 'module: listed, and its folder taken away',
    host: withKernel(kernelModule('zfsmon', { inSys: false })),
    expected: [['linux/hidden-module', 'medium', { module: 'zfsmon' }]],
  },
  {
    name: 'module: known only as the user of another one',
    host: withKernel(kernelModule('nfnetlink', { usedBy: ['zfsmon'] })),
    expected: [['linux/hidden-module', 'high', { module: 'zfsmon' }]],
  },
  {
    name: 'module: named by the kernel as foreign, in no listing now',
    host: withKernel(
      kernelState({ taint: OUT_OF_TREE | UNSIGNED }),
      kernelSays('zfsmon: loading out-of-tree module taints kernel.'),
      kernelSays('zfsmon: module verification failed: signature and/or required key missing - tainting kernel'),
    ),
    expected: [['linux/unexplained-taint', 'medium', { modules: ['zfsmon'] }]],
  },
  {
    name: 'kernel: a program for crashes, where everybody may write',
    host: withKernel(helper('/tmp/core-helper')),
    expected: [['linux/kernel-helper', 'high', { path: '/tmp/core-helper', setting: CORE }]],
  },
  {
    name: 'kernel: a program for crashes in a hidden folder',
    host: withKernel(helper('/usr/lib/.state/core-helper')),
    expected: [['linux/kernel-helper', 'high', { path: '/usr/lib/.state/core-helper', setting: CORE }]],
  },
  {
    name: 'kernel: a program for crashes among those of the distribution, of no package',
    host: withKernel(helper('/usr/lib/core-helper'), fileDigest('/usr/lib/core-helper')),
    expected: [['linux/kernel-helper', 'medium', { path: '/usr/lib/core-helper', setting: CORE }]],
  },
  {
    name: 'kernel: a shell for crashes',
    host: withKernel(helper('/bin/sh')),
    expected: [['linux/kernel-helper', 'medium', { path: '/bin/sh', setting: CORE }]],
  },
  {
    name: 'kernel: another program that loads modules',
    host: withKernel(kernelState({ modprobe: '/opt/mp/load' }), fileDigest('/opt/mp/load')),
    expected: [['linux/kernel-helper', 'medium', { path: '/opt/mp/load', setting: '/proc/sys/kernel/modprobe' }]],
  },
  {
    name: 'eBPF: on the functions of the kernel, held by a program of no package',
    host: [
      ...withProcess(withKernel(), { pid: GUEST, ...AMONG_PROGRAMS }),
      bpfProgram('watch', { type: 2, pid: GUEST }),
    ],
    expected: [['linux/foreign-ebpf-holder', 'medium', { pid: GUEST, comm: 'tracerd' }], ORIGIN],
  },
  {
    name: 'sockets: more packet sockets counted than listed, in both samples',
    host: withKernel(socketCount('PACKET', 5, 4), socketCount('PACKET', 6, 4)),
    expected: [['linux/uncounted-sockets', 'high', { protocol: 'PACKET' }]],
  },
  {
    name: 'sockets: more receivers of packets than packet sockets that receive, before and after',
    host: withKernel(socketCount('PTYPE', 2, 1), socketCount('PTYPE', 2, 1)),
    expected: [['linux/uncounted-sockets', 'high', { protocol: 'PTYPE' }]],
  },
  {
    name: 'sockets: more raw sockets counted than listed, in both samples',
    host: withKernel(socketCount('RAW', 2, 1), socketCount('RAW', 2, 1)),
    expected: [['linux/uncounted-sockets', 'medium', { protocol: 'RAW' }]],
  },
  {
    name: 'sockets: more packet sockets counted than listed, once',
    host: withKernel(socketCount('PACKET', 5, 4)),
    expected: [['linux/uncounted-sockets', 'medium', { protocol: 'PACKET' }]],
  },
  {
    name: 'sockets: more TCP sockets counted than listed, in both samples',
    host: withKernel(socketCount('TCP', 80, 77), socketCount('TCP', 79, 76)),
    expected: [['linux/uncounted-sockets', 'medium', { protocol: 'TCP' }]],
  },
];

/** What a hidden module leaves, and drivers of vendors too: told at `low`. */
export const remarkedKernels: readonly Case[] = [
  {
    name: 'module: a mark that no listed module bears, and a log that forgot',
    host: withKernel(kernelState({ taint: OUT_OF_TREE })),
    expected: [['linux/unexplained-taint', 'low', { kernel: 'the kernel' }]],
  },
  {
    name: 'module: without a file',
    host: withKernel(
      kernelModule('zfsmon', { taints: 'OE', path: null }),
      kernelState({ taint: OUT_OF_TREE | UNSIGNED }),
    ),
    expected: [['linux/module-without-file', 'low', { module: 'zfsmon' }]],
  },
];

export const innocentKernels: readonly Case[] = [
  { name: 'kernel: its own modules', host: withKernel(), expected: [] },
  {
    name: 'kernel: SELinux that is to enforce and was told not to',
    host: withKernel(security('permissive', 'enforcing')),
    expected: [['linux/relaxed-security-module', 'low', { setting: '/etc/selinux/config' }]],
  },
  { name: 'kernel: SELinux that enforces', host: withKernel(security('enforcing', 'enforcing')), expected: [] },
  {
    name: 'module: the driver of a vendor, marked and listed',
    host: withKernel(
      kernelModule('nvidia', { taints: 'POE', path: '/lib/modules/6.12.0/updates/dkms/nvidia.ko' }),
      kernelState({ taint: 1 | OUT_OF_TREE | UNSIGNED }),
      kernelSays('nvidia: loading out-of-tree module taints kernel.'),
    ),
    expected: [],
  },
  {
    name: 'module: an agent of a vendor from a folder of its own',
    host: withKernel(
      kernelModule('agent_hook', { taints: 'OE', path: null }),
      kernelState({ taint: OUT_OF_TREE | UNSIGNED }),
    ),
    expected: [['linux/module-without-file', 'low', { module: 'agent_hook' }]],
  },
  {
    name: 'module: a driver that was replaced by another one',
    host: withKernel(
      kernelModule('vboxdrv', { taints: 'OE' }),
      kernelState({ taint: OUT_OF_TREE | UNSIGNED }),
      kernelSays('vboxold: loading out-of-tree module taints kernel.'),
    ),
    expected: [['linux/unexplained-taint', 'low', { modules: ['vboxold'] }]],
  },
  { name: 'kernel: a warning taints it', host: withKernel(kernelState({ taint: 1 << 9 })), expected: [] },
  {
    name: 'kernel: the modules of the running version are gone after an upgrade',
    host: [
      ...healthyHost(),
      ...['ext4', 'nf_nat', 'xt_nat'].map((name) => kernelModule(name, { path: null })),
      kernelModule('zram'),
    ],
    expected: [],
  },
  {
    name: 'kernel: the crash reporter of a package',
    host: withKernel(
      helper('/lib/systemd/systemd-coredump'),
      packageFile('/usr/lib/systemd/systemd-coredump', 'systemd'),
    ),
    expected: [],
  },
  {
    name: 'kernel: the crash reporter of a vendor',
    host: withKernel(helper('/opt/vendor/crashd'), fileDigest('/opt/vendor/crashd')),
    expected: [['linux/kernel-helper', 'low', { path: '/opt/vendor/crashd', setting: CORE }]],
  },
  { name: 'kernel: loads no modules', host: withKernel(kernelState({ modprobe: '' })), expected: [] },
  {
    name: 'eBPF: held by a program of a package and by an agent of a vendor',
    host: [
      ...withProcess(withKernel(), { pid: GUEST, exe: '/opt/vendor/bin/agentd', unit: 'agentd.service' }),
      bpfProgram('trace', { type: 2, pid: GUEST }),
      bpfProgram('sd_devices', { tag: 'be31ae23198a0378', type: 15, pid: 1 }),
      bpfProgram('sd_devices', { tag: 'be31ae23198a0378' }),
    ],
    expected: [],
  },
  {
    name: 'eBPF: attached, and held by nobody',
    host: withKernel(bpfProgram('cil_from_netdev')),
    expected: [['linux/ebpf-without-holder', 'informational', { programs: ['cil_from_netdev'] }]],
  },
  {
    name: 'sockets: one that was opened in between',
    host: withKernel(socketCount('PACKET', 5, 4), socketCount('PACKET', 5, 5), socketCount('TCP', 80, 70)),
    expected: [],
  },
  { name: 'sockets: fewer counted than listed', host: withKernel(socketCount('RAW', 1, 2)), expected: [] },
];
