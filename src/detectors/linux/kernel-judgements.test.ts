import { expect, it } from 'vitest';
import { unseen } from '../../model/unseen.ts';
import { healthyHost, without, type Host } from '../../testing/host.ts';
import { judged, told } from '../../testing/judged.ts';
import {
  bpfProgram,
  huntedKernels,
  innocentKernels,
  remarkedKernels,
  kernelModule,
  kernelSays,
  kernelState,
  withKernel,
} from '../../testing/kernel-cases.ts';
import { ebpfWithoutHolder } from './ebpf-without-holder.ts';
import { foreignEbpfHolder } from './foreign-ebpf-holder.ts';
import { hiddenModule } from './hidden-module.ts';
import { kernelHelper } from './kernel-helper.ts';
import { moduleWithoutFile } from './module-without-file.ts';
import { relaxedSecurityModule } from './relaxed-security-module.ts';
import { uncountedSockets } from './uncounted-sockets.ts';
import { unexplainedTaint } from './unexplained-taint.ts';

const by = [
  ebpfWithoutHolder,
  foreignEbpfHolder,
  hiddenModule,
  kernelHelper,
  moduleWithoutFile,
  relaxedSecurityModule,
  uncountedSockets,
  unexplainedTaint,
];
const ids: readonly string[] = by.map(({ id }) => id);

it.each([...huntedKernels, ...remarkedKernels, ...innocentKernels])('$name', ({ host, expected }) => {
  expect(told(judged(host, { by }).findings)).toEqual(expected.filter(([rule]) => ids.includes(rule)));
});

const UNSEEN = unseen('denied');
const damage: readonly [name: string, detector: (typeof by)[number], host: Host][] = [
  ['the first listing', hiddenModule, withKernel(kernelModule('loop', { listed: UNSEEN }))],
  ['the second listing', hiddenModule, withKernel(kernelModule('loop', { inSys: UNSEEN }))],
  ['a first listing that is empty', hiddenModule, [kernelModule('loop', { listed: false })]],
  ['a second listing that is empty', hiddenModule, [kernelModule('loop', { inSys: false })]],
  ['the taint of the kernel', unexplainedTaint, withKernel(kernelState({ taint: UNSEEN }))],
  ['the marks of a module', unexplainedTaint, withKernel(kernelModule('loop', { taints: UNSEEN }))],
  ['the file of a module', moduleWithoutFile, withKernel(kernelModule('loop', { path: UNSEEN }))],
  ['the files of all modules', moduleWithoutFile, [kernelModule('loop', { path: null })]],
  ['core_pattern', kernelHelper, withKernel(kernelState({ corePattern: UNSEEN }))],
  ['the loader of modules', kernelHelper, withKernel(kernelState({ modprobe: UNSEEN }))],
  ['the package of a program', kernelHelper, withKernel(kernelState({ corePattern: '|/usr/lib/crashd %p' }))],
  [
    'the table of a family',
    uncountedSockets,
    [{ kind: 'socket_count', count: { protocol: 'RAW', counted: 1, listed: UNSEEN, netns: 1 } }],
  ],
];

it.each(damage)('accuses nobody and is not clear without %s', (_, detector, host) => {
  const { findings, verdicts } = judged(host, { by: [detector] });

  expect(told(findings)).toEqual([]);
  expect(verdicts.get(detector.id)?.verdict).toBe('not_covered');
});

it.each(by.flatMap((detector) => detector.needs.map((kind) => [detector, kind] as const)))(
  '$0.id is clear on a sound host, and not without $1',
  (detector, kind) => {
    expect(judged(withKernel(), { by: [detector] }).verdicts.get(detector.id)?.verdict).toBe('clear');
    expect(
      judged(without(healthyHost(), kind), { by: [detector], missing: [kind] }).verdicts.get(detector.id)?.verdict,
    ).toBe('not_covered');
  },
);

it('misses no loader of modules where the kernel knows none', () => {
  const host: Host = [...healthyHost(), kernelState({ modprobe: unseen('absent') })];

  expect(judged(host, { by: [kernelHelper] }).verdicts.get(kernelHelper.id)?.verdict).toBe('clear');
});

it('reads what the kernel said as other logs have it, and other words of it not at all', () => {
  const said = (text: string) =>
    told(judged(withKernel(kernelState({ taint: 1 << 12 }), kernelSays(text)), { by: [unexplainedTaint] }).findings);

  expect(said('host1 kernel: zfs-mon: loading out-of-tree module taints kernel.')).toEqual([
    ['linux/unexplained-taint', 'medium', { modules: ['zfs_mon'] }],
  ]);
  expect(said('usb 1-1: device taints kernel')).toEqual([['linux/unexplained-taint', 'low', { kernel: 'the kernel' }]]);
});

it('names no user of a module where the listing broke off', () => {
  const host = withKernel(kernelModule('nfnetlink', { usedBy: ['zfsmon', '[permanent]'] }));

  expect(told(judged(host, { by, missing: ['kernel_module'] }).findings)).toEqual([]);
});

it('does not accuse a process of the kind of program that only filters its own socket', () => {
  const host = [...withKernel(), bpfProgram('own', { type: 1, pid: 352 })];

  expect(told(judged(host, { by }).findings)).toEqual([]);
});
