import { expect, it } from 'vitest';
import { artifactOf } from '../../testing/artifact.ts';
import { kernelWaits } from './kernel-waits.ts';

const NAME = '/proc/*/stack';
const parse = (content: string, stat?: string) => [
  ...kernelWaits.parse(artifactOf(NAME, content), (name) =>
    name === '/proc/*/stat' && stat !== undefined ? artifactOf(name, stat) : undefined,
  ),
];

it('tells who waits for packets, once for each kind of socket', () => {
  const stacks = [
    '1/stack:[<0>] __x64_sys_epoll_wait+0x62/0xd0',
    '300/stack:[<0>] packet_recvmsg+0x64/0x450',
    '300/stack:[<0>] __sys_recvfrom+0xfa/0x170',
    '301/stack:[<ffffffff815d2e3a>] rawv6_recvmsg+0x44/0x2a0',
    '301/stack:[<ffffffff815d2e3a>] SyS_recvmsg+0x51/0x90',
    '302/stack:[<0>] raw_recvmsg+0x92/0x1d0',
    '',
  ].join('\n');

  expect(parse(stacks).map((one) => ('body' in one ? one.body : one))).toEqual([
    { kind: 'kernel_wait', wait: { pid: 300, function: 'packet_recvmsg' } },
    { kind: 'kernel_wait', wait: { pid: 301, function: 'rawv6_recvmsg' } },
    { kind: 'kernel_wait', wait: { pid: 302, function: 'raw_recvmsg' } },
  ]);
});

it('reads no frame out of a name, and none that is cut', () => {
  expect(parse('7/stack:packet_recvmsg+0x64/0x450\n7/stack:[<0>] packet_recvm\n')).toEqual([]);
});

it('says for how many it was denied', () => {
  const denied = 'grep: 1/stack: Permission denied\n300/stack:[<0>] do_syscall_64+0x5c/0x90\n';

  expect(parse(denied)).toEqual([{ gap: 'denied', artifact: NAME, detail: '1 of 2 processes', missing: 0.5 }]);
});

it('sees nothing where the kernel shows no stack', () => {
  expect(parse('')).toEqual([{ gap: 'unsupported', artifact: NAME, detail: 'the kernel shows no stack', missing: 1 }]);
});
