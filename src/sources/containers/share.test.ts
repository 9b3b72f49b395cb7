import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evidenceOf, type Contents } from '../../testing/evidence.ts';
import { mutationsOf } from '../../testing/mutations.ts';
import { statLine } from '../../testing/stat-line.ts';
import { containersIn, type Container } from './find.ts';
import { shareOf } from './share.ts';

const container: Container = {
  id: 'web',
  short: 'web',
  group: '/lxc.payload.web',
  runtime: 'lxc',
  init: 70,
  startTicks: 5,
  mntns: 9,
  pids: new Set([70, 71]),
};

const nul = (rows: Readonly<Record<string, string>>) =>
  Object.entries(rows)
    .map(([path, target]) => `${path}\0${target}\0`)
    .join('');

/** A look at a host on which process 7 is its own, 70 and 71 those of a container whose root is the folder /srv/web. */
const look = {
  '/proc/self/status': 'Name:\tgrep\nPPid:\t4\nUid:\t0\t0\t0\t0\n',
  '/proc/*/stat': `7/stat:${statLine(7, 'sshd')}\n70/stat:${statLine(70, 'init')}\n71/stat:${statLine(71, 'nginx')}\n`,
  '/proc/*/cmdline': '7/cmdline:sshd\r70/cmdline:forged\0\n70/cmdline:init\0\ngrep: 71/cmdline: Permission denied\n',
  '/proc/*/maps': [
    '7/maps:00400000-00410000 r-xp 00000000 08:01 5 /usr/sbin/sshd',
    '70/maps:00400000-00410000 r-xp 00000000 08:01 6 /srv/web/usr/sbin/init',
    '71/maps:00400000-00410000 r-xp 00000000 08:01 7 /srv/web/usr/sbin/nginx (deleted)\n',
  ].join('\n'),
  'command/process-links': nul({
    'self/ns/net': 'net:[100]',
    '7/exe': '/usr/sbin/sshd',
    '7/ns/net': 'net:[100]',
    '7/fd/3': 'socket:[5000]',
    '70/root': '/srv/web',
    '70/exe': '/srv/web/usr/sbin/init',
    '70/cwd': '/srv/web',
    '70/ns/net': 'net:[200]',
    '71/root': '/srv/web',
    '71/exe': '/opt/outside',
    '71/ns/net': 'net:[100]',
    '71/fd/4': 'socket:[6000]',
  }),
  'command/process-images': [
    '7/exe 9:6 1 10 1 1',
    '70/exe 9:6 1 10 1 1',
    '70/root 9:1 1 0 1 1',
    '71/exe 9:7 1 10 1 1',
    '71/root 9:1 1 0 1 1',
    '/proc/self/root 9:2 1 0 1 1\n',
  ].join('\n'),
  'command/process-digests': `${'a'.repeat(32)}  7/exe\n${'b'.repeat(32)}  9/exe\n`,
  '/proc/*/net': [
    '7/net/packet:sk       RefCnt Type Proto  Iface R Rmem   User   Inode',
    '7/net/packet:0000000000000000 3 3 0003 2 1 0 0 5000',
    '7/net/packet:0000000000000000 3 3 0003 2 1 0 0 6000',
    '7/net/protocols:PACKET 1472 2 -1 NI 0 no kernel n n n n n n',
    '9/net/packet:0000000000000000 3 3 0003 2 1 0 0 7000',
    '70/net/packet:0000000000000000 3 3 0003 2 1 0 0 8000\n',
  ].join('\n'),
  'command/socket-filters': 'order little\n5000 7 3 none\n6000 71 4 none\n',
  'command/ss-packet':
    'Netid Recv-Q\np_raw 0 0 *:eth0 * ino:5000 sk:1\n\tbpf filter (1): 0x06 0 0 0,\np_raw 0 0 *:eth0 * ino:6000 sk:2\n\tbpf filter (1): 0x06 0 0 1,\n',
  'command/dmesg': 'of the kernel\n',
};

const shareOfLook = (contents: Contents = look) => shareOf(evidenceOf(contents), container);
const textOf = (name: string, contents?: Contents) =>
  new TextDecoder().decode(shareOfLook(contents).artifacts.get(name)?.bytes);

it('keeps the lines of its processes, and no line of another one that looks like them', () => {
  expect(textOf('/proc/*/cmdline')).toBe('70/cmdline:init\0\ngrep: 71/cmdline: Permission denied\n');
  expect(textOf('/proc/*/stat')).not.toContain('sshd');
  expect(shareOfLook().artifacts.has('command/dmesg')).toBe(false);
});

it('tells paths as they are within the container, and what lies outside of its root as it is, under no known root', () => {
  expect(textOf('command/process-links').split('\0')).toEqual(
    expect.arrayContaining(['/usr/sbin/init', '/', '/opt/outside']),
  );
  expect(shareOfLook()).toMatchObject({
    mapped: new Set(['/usr/sbin/init']),
    deleted: new Set(['/usr/sbin/nginx']),
  });
  expect(textOf('command/process-images')).toBe(
    ['70/exe 9:6 1 10 1 1', '70/root 9:1 1 0 1 1', '71/exe 9:7 1 10 1 1', '/proc/self/root 9:1 1 0 1 1\n'].join('\n'),
  );
});

it('tells a digest of a process that runs the same file', () => {
  expect(textOf('command/process-digests')).toBe(`${'a'.repeat(32)}  70/exe\n`);
});

it('takes all sockets of a namespace of its own, and in one that others share those that it holds', () => {
  expect(textOf('/proc/*/net')).toBe(
    [
      '71/net/packet:sk       RefCnt Type Proto  Iface R Rmem   User   Inode',
      '71/net/packet:0000000000000000 3 3 0003 2 1 0 0 6000',
      '70/net/packet:0000000000000000 3 3 0003 2 1 0 0 8000\n',
    ].join('\n'),
  );
  expect(textOf('command/socket-filters')).toBe('order little\n6000 71 4 none\n');
  expect(textOf('command/ss-packet')).toBe('p_raw 0 0 *:eth0 * ino:6000 sk:2\n\tbpf filter (1): 0x06 0 0 1,\n');
});

it('leaves out what ss shows of another namespace', () => {
  const links = look['command/process-links'].replace('71/ns/net\0net:[100]', '71/ns/net\0net:[200]');

  expect(shareOfLook({ ...look, 'command/process-links': links }).artifacts.has('command/ss-packet')).toBe(false);
});

it('says which of its artifacts the look had not whole, and that kernel and firewall are not its own', () => {
  const gaps = [
    { name: '/proc/*/environ', reason: 'truncated' },
    { name: '/proc/*/net', reason: 'timed_out' },
    { name: 'command/nft-ruleset', reason: 'absent' },
  ] as const;

  const { '/proc/*/net': _, ...rest } = look;
  expect(shareOf(evidenceOf(rest, { gaps }), container).gaps).toEqual([
    expect.objectContaining({ name: 'the host of the container', reason: 'unsupported' }),
    gaps[0],
    gaps[1],
  ]);
});

it('never throws, whatever a look holds', () => {
  const names = Object.keys(look) as (keyof typeof look)[];
  const contents = fc.record(
    Object.fromEntries(
      names.map((name) => [name, fc.oneof(fc.uint8Array(), mutationsOf(new TextEncoder().encode(look[name])))]),
    ),
  );
  fc.assert(
    fc.property(contents, (made) => {
      const evidence = evidenceOf(made);
      for (const one of [container, ...containersIn(evidence).containers]) shareOf(evidence, one);
    }),
  );
});
