import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { containerNeeds, containerRoot, startContainer } from '../testing/container.ts';
import { runInMemory } from '../testing/io.ts';
import { run as analyze } from './analyze.ts';
import { run as scan } from './scan.ts';

interface Line {
  readonly record: string;
  readonly host?: string | { readonly name: string };
  readonly level?: string;
  readonly [key: string]: unknown;
}
const linesOf = (out: string): Line[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const of = (lines: readonly Line[], record: string) => lines.filter((line) => line.record === record);
const grave = (lines: readonly Line[]) =>
  of(lines, 'finding').filter(({ level = '' }) => ['medium', 'high', 'critical'].includes(level));
const ALL = ['--format', 'ndjson', '--include', 'verdicts,observations'];
afterEach(() => void vi.unstubAllEnvs());

const LONG = { timeout: 120_000 };

it.skipIf(containerNeeds.missing).each(['pivot', 'chroot'] as const)(
  `is silent on a healthy container with its own packages, made by %s ${containerNeeds.label}`,
  LONG,
  async (way) => {
    const { init } = await startContainer(containerRoot(), '/usr/bin/busybox', ['sleep', '600'], { way });
    const { out, err, status } = await runInMemory(scan, [`container:pid/${init}`, ...ALL]);
    const lines = linesOf(out);

    expect([status, err, grave(lines)]).toEqual([0, '', []]);
    const processes = of(lines, 'observation').filter(({ kind }) => kind === 'process');
    expect(processes.map(({ process }) => process)).toEqual([
      expect.objectContaining({ pid: init, pidInside: 1, exe: '/usr/bin/busybox', exeDeleted: false, sameRoot: true }),
    ]);
    const verdicts = new Map(of(lines, 'verdict').map(({ rule, verdict }) => [rule, verdict]));
    expect(
      ['linux/program-origin', 'linux/independent-signs', 'linux/replaced-file'].map((rule) => verdicts.get(rule)),
    ).toEqual(['clear', 'clear', 'clear']);
    expect(verdicts.has('linux/hidden-module')).toBe(false);
  },
);

it.skipIf(containerNeeds.missing).each([
  [
    'whose program is of no package',
    (root: string) => cpSync(join(root, 'usr/bin/busybox'), join(root, 'usr/local/bin/sleep')),
  ],
  [
    'without any package',
    (root: string) => {
      cpSync(join(root, 'usr/bin/busybox'), join(root, 'usr/local/bin/sleep'));
      rmSync(join(root, 'var/lib/dpkg'), { recursive: true });
    },
  ],
])(`raises no alarm about a container %s ${containerNeeds.label}`, LONG, async (_, change) => {
  const root = containerRoot({ '/usr/local/bin/.keep': '' });
  change(root);
  const { init } = await startContainer(root, '/usr/local/bin/sleep', ['sleep', '600']);
  const { out } = await runInMemory(scan, [`container:pid/${init}`, ...ALL]);

  expect(grave(linesOf(out))).toEqual([]);
});

it.skipIf(containerNeeds.missing).each(['pivot', 'chroot'] as const)(
  `finds what listens and was deleted in a container, made by %s, and judges the same from what it kept ${containerNeeds.label}`,
  LONG,
  async (way) => {
    const root = containerRoot();
    const program = '/usr/bin/shim-agent';
    cpSync(join(root, 'usr/bin/busybox'), join(root, program));
    const { init } = await startContainer(root, program, ['sleep', '600'], { way, ear: true });
    rmSync(join(root, program));
    const kept = join(root, '../kept.lwsnap');
    const { out } = await runInMemory(scan, [`container:pid/${init}`, '--save', kept, ...ALL]);
    const lines = linesOf(out);

    expect(grave(lines)).toContainEqual(
      expect.objectContaining({
        rule: 'linux/independent-signs',
        host: expect.stringMatching(/\/pidns-\d+$/) as string,
        level: expect.stringMatching(/high|critical/) as string,
        subject: expect.objectContaining({ pid: init, exe: program }) as unknown,
      }),
    );
    expect(linesOf((await runInMemory(analyze, [kept, ...ALL])).out).slice(0, -1)).toEqual(lines.slice(0, -1));
  },
);

it.skipIf(containerNeeds.missing)(
  `judges a host and all of its containers, each by its own name ${containerNeeds.label}`,
  LONG,
  async () => {
    const { init } = await startContainer(containerRoot(), '/usr/bin/busybox', ['sleep', '600']);
    const { out } = await runInMemory(scan, ['--containers', ...ALL]);
    const lines = linesOf(out);
    const hosts = new Set(of(lines, 'verdict').map(({ host }) => host as string));
    const own = of(lines, 'observation').filter(
      ({ kind, process }) => kind === 'process' && (process as { pid: number }).pid === init,
    );

    expect([...hosts].filter((name) => !name.includes('/'))).toHaveLength(1);
    expect([...hosts].filter((name) => name.includes('/')).length).toBeGreaterThan(0);
    // The host sees the process from outside, and its container from within.
    expect(own).toHaveLength(2);
  },
);

it.skipIf(containerNeeds.missing)(
  `says which containers there are where one is not ${containerNeeds.label}`,
  LONG,
  async () => {
    const { init } = await startContainer(containerRoot(), '/usr/bin/busybox', ['sleep', '600']);
    const { status, err } = await runInMemory(scan, ['container:nginx', '--format', 'ndjson']);

    expect(status).toBe(2);
    expect(err).toMatch(/container:nginx could not be looked at: no container is called "nginx"; there are /);
    expect(err).toContain(`(namespaces web-1 pid/${init})`);
  },
);

it.skipIf(containerNeeds.missing)(
  `reads no file of the host for a container that links to it, and opens no pipe and no device ${containerNeeds.label}`,
  LONG,
  async () => {
    const root = containerRoot({ '/../secret': 'SECRET of the host\n', '/etc/rc.d/.keep': '' });
    const link = (target: string, path: string) => symlinkSync(target, join(root, path));
    link(join(root, '../secret'), 'etc/crontab');
    link('../../../../../../../../../..' + join(root, '../secret'), 'etc/anacrontab');
    link('/proc/1/root' + join(root, '../secret'), 'etc/inittab');
    link('/proc/self/cwd/../../..' + join(root, '../secret'), 'etc/rc.local');
    link(join(root, '..'), 'etc/cron.d');
    link('/', 'etc/cron.daily');
    link('cron.weekly', 'etc/cron.weekly');
    rmSync(join(root, 'etc/shells'));
    link('/etc/shadow', 'etc/shells');
    for (const folder of ['etc/profile.d', 'etc/init.d']) mkdirSync(join(root, folder), { recursive: true });
    execFileSync('mkfifo', [join(root, 'etc/profile'), join(root, 'etc/profile.d/pipe.sh')]);
    execFileSync('mknod', [join(root, 'etc/init.d/zero'), 'c', '1', '5']);
    execFileSync('mknod', [join(root, 'var/lib/dpkg/diversions'), 'c', '1', '5']);
    const { init } = await startContainer(root, '/usr/bin/busybox', ['sleep', '600'], { way: 'chroot' });
    const { out, status } = await runInMemory(scan, [`container:pid/${init}`, ...ALL]);

    expect(status).toBe(0);
    expect(out).not.toContain('SECRET');
    expect(of(linesOf(out), 'observation').filter(({ kind }) => kind === 'login_shell')).toEqual([]);
  },
);

it.skipIf(containerNeeds.missing)(
  `shows the processes of a container of another host, and says that its files are not read there ${containerNeeds.label}`,
  LONG,
  async () => {
    const root = containerRoot();
    const ssh = join(root, '../ssh');
    writeFileSync(ssh, '#!/bin/sh\n[ "$1" != -G ] || exit 0\nexec sh -s\n');
    chmodSync(ssh, 0o755);
    vi.stubEnv('PATH', `${join(root, '..')}:${process.env['PATH']}`);
    const { init } = await startContainer(root, '/usr/bin/busybox', ['sleep', '600']);
    const { out } = await runInMemory(scan, ['root@hss1', `container:pid/${init}`, ...ALL]);
    const lines = linesOf(out);

    expect(of(lines, 'observation').filter(({ kind }) => kind === 'process')).toHaveLength(1);
    expect(of(lines, 'observation').filter(({ kind }) => kind === 'package_file')).toEqual([]);
    expect(of(lines, 'gap')).toContainEqual(
      expect.objectContaining({
        artifact: 'command/dpkg-owners',
        reason: 'unsupported',
        detail: expect.stringContaining('on its own host') as string,
        hides: expect.arrayContaining(['linux/independent-signs', 'linux/startup-program']) as string[],
      }),
    );
    const verdicts = new Map(of(lines, 'verdict').map(({ rule, verdict }) => [rule, verdict]));
    expect([verdicts.get('linux/program-origin'), verdicts.get('linux/startup-program')]).toEqual([
      'not_covered',
      'not_covered',
    ]);
  },
);
