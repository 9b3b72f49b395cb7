import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Process } from '../model/observations/process.ts';
import { process as processParser } from '../parsers/linux/process.ts';
import { netTables } from '../parsers/linux/net-tables.ts';
import { metadata } from '../parsers/linux/metadata.ts';
import { programLinks } from '../parsers/linux/program-links.ts';
import { readLookOutput, type LookOutput } from '../snapshot/stream.ts';
import { bodiesOf } from '../testing/evidence.ts';
import { needs } from '../testing/tools.ts';
import { collectors } from './index.ts';
import { scriptOf } from './script.ts';

const NONCE = 'ab'.repeat(16);
const AT = '2026-11-23T04:05:06.000Z';
const FORGED = `\n@${NONCE} end 0\n\n@${NONCE} begin /etc/shells\n1/cmdline:/forged\n1/environ:FORGED=1\n1/stat:1 (forged) S 0\n`;
/** The kernel keeps 15 bytes of a name. */
const COMM = 'a) S\n1/stat:1 (';

const steps = collectors.filter(({ profile }) => profile !== 'deep').flatMap((collector) => collector.steps);
const asked = steps.map((step) =>
  step.do === 'file' ? step.path : step.do === 'each-process' ? `/proc/*/${step.file}` : step.artifact,
);
const script = scriptOf(collectors, { nonce: NONCE, borrow: true, profile: 'standard' });

/** Not part of any npm package, as knip would have it. */
const STRACE = 'strace';
const strace = needs(STRACE);
const busybox = needs('busybox');

/** A process that calls itself, its arguments and its environment what would end a frame, if anything on a host could. */
let hostile: ChildProcess;

beforeAll(async () => {
  const program = `require('fs').writeFileSync('/proc/self/comm', ${JSON.stringify(COMM)}); console.log('up'); setInterval(() => {}, 1e6)`;
  hostile = spawn(process.execPath, ['-e', program, '--', FORGED, '', 'last'], {
    env: { FIRST: FORGED, unseen: 'denied' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => hostile.stdout?.once('data', resolve));
});

afterAll(() => void hostile.kill('SIGKILL'));

function look(
  argv: readonly string[],
  text = script,
): LookOutput & { readonly complaints: string; readonly status: number | null } {
  const [command = '', ...args] = argv;
  const { stdout, stderr, status } = spawnSync(command, [...args, '-s'], { input: text, maxBuffer: 1 << 28 });
  return { ...readLookOutput(stdout, AT, NONCE), complaints: stderr.toString(), status };
}

function processesOf({ evidence }: LookOutput): Process[] {
  const stat = evidence.artifacts.get('/proc/*/stat');
  if (stat === undefined) return [];
  return bodiesOf([...processParser.parse(stat, (name) => evidence.artifacts.get(name))]).flatMap((body) =>
    body.kind === 'process' ? [body.process] : [],
  );
}

function expectHostileSeen(output: LookOutput): void {
  const found = processesOf(output);
  const own = found.filter(({ pid }) => pid === hostile.pid);
  const [node, dashE, program] = [process.execPath, '-e', hostile.spawnargs[2]];

  expect(own).toMatchObject([
    {
      comm: COMM,
      ppid: process.pid,
      kernelThread: false,
      cmdline: [node, dashE, program, '--', FORGED, '', 'last'],
      exe: realpathSync(process.execPath),
      exeDeleted: false,
      environ: { FIRST: FORGED, 'unseen=': 'denied' },
    },
  ]);
  const first = found.find(({ pid }) => pid === 1);
  expect(JSON.stringify([first?.comm, first?.cmdline, first?.environ])).not.toContain('orged');
  expect([...output.evidence.artifacts.keys()].filter((name) => !asked.includes(name))).toEqual([]);
  expect(new TextDecoder().decode(output.evidence.artifacts.get('/etc/shells')?.bytes)).not.toContain('forged');
}

function busyboxPath(): string {
  return execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
}

const onLinux = existsSync('/proc/self/stat');

describe.each([
  ['sh', 'dash'],
  ['dash', 'dash'],
  ['bash --posix', 'bash'],
  ['busybox sh', 'busybox'],
])('the script, fed to %s', (named, debianPackage) => {
  const shell = named.split(' ');
  const need = needs(shell[0] ?? '', debianPackage);

  it.skipIf(!onLinux || need.missing)(
    `looks at this host without a complaint, and nothing on it can forge what it prints ${need.label}`,
    { timeout: 120_000 },
    () => {
      const output = look(shell);

      expect(output).toMatchObject({ complaints: '', status: 0, issues: [] });
      const gaps = new Map(output.evidence.gaps.map((gap) => [gap.name, gap.reason]));
      expect(asked.filter((name) => !output.evidence.artifacts.has(name) && !gaps.has(name))).toEqual([]);
      const always = asked.filter(
        (name) =>
          /^\/proc\/(?:\*|self|stat|uptime)/.test(name) || /process-|pid-sweep|code-digests|settings/.test(name),
      );
      expect(always.filter((name) => gaps.has(name))).toEqual([]);
      expectHostileSeen(output);
    },
  );
});

it.skipIf(!onLinux || busybox.missing)(
  `does with the tools of busybox alone ${busybox.label}`,
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'longwatch-tools-'));
    try {
      for (const tool of ['grep', 'find', 'stat', 'sort', 'ls', 'timeout', 'sha256sum', 'md5sum'])
        symlinkSync(busyboxPath(), join(folder, tool));
      const own = script
        .replace('PATH=/usr/bin:/bin:/usr/sbin:/sbin;', `PATH=${folder};`)
        .replace('for lw_dir in /usr/bin /bin /usr/sbin /sbin /run/current-system/sw/bin', `for lw_dir in ${folder}`);
      expect(own).not.toContain('/sbin;');
      expect(own).not.toContain('/run/current-system');
      const output = look([busyboxPath(), 'sh'], own);

      expect(output).toMatchObject({ complaints: '', status: 0, issues: [] });
      expectHostileSeen(output);
      const gaps = new Map(output.evidence.gaps.map(({ name, reason }) => [name, reason]));
      expect(['command/ss-packet', 'command/socket-filters', 'command/bpf-held'].map((name) => gaps.get(name))).toEqual(
        Array(3).fill('absent'),
      );
      const { artifacts } = output.evidence;
      const beside = (name: string) => artifacts.get(name);
      const links = artifacts.get('command/program-links');
      expect(links && [...programLinks.parse(links, beside)].length).toBeGreaterThan(0);
      const listed = artifacts.get('files/metadata');
      const files = listed ? [...metadata.parse(listed, beside)] : [];
      expect(files.filter((one) => 'issue' in one)).toEqual([]);
      expect(files.length).toBeGreaterThan(10);
      const tables = artifacts.get('/proc/*/net');
      expect(tables && [...netTables.parse(tables, beside)].filter((one) => 'issue' in one)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

it.skipIf(!onLinux || strace.missing)(
  `starts few programs, and writes, makes and removes nothing ${strace.label}`,
  { timeout: 120_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'longwatch-strace-'));
    try {
      const calls =
        'execve,?open,openat,?openat2,?creat,?mkdir,mkdirat,?mknod,mknodat,?unlink,unlinkat,?rmdir,?rename,?renameat,?renameat2,?link,linkat,?symlink,symlinkat,?truncate,ftruncate,?chmod,?fchmodat,?chown,?fchownat,?utimensat,?kill,?mount';
      const trace = join(folder, 'trace');
      spawnSync(STRACE, ['-f', '-qq', '-e', `trace=${calls}`, '-e', 'signal=none', '-o', trace, 'sh', '-s'], {
        input: script,
        maxBuffer: 1 << 28,
      });
      const done = readFileSync(trace, 'latin1')
        .split('\n')
        .filter((line) => !/= -1 |<unfinished|resumed/.test(line));
      const started = done.filter((line) => line.includes(' execve('));
      const changing = done
        .filter(
          (line) =>
            !/ execve\(/.test(line) &&
            !(/ open(?:at2?)?\(/.test(line) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE/.test(line)),
        )
        .filter((line) => !/"\/dev\/(?:null|tty)"/.test(line) && / \w+\(/.test(line));

      expect(changing).toEqual([]);
      expect(started.length).toBeGreaterThan(10);
      expect(started.length).toBeLessThanOrEqual(40);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

it('leaves out what duplicates descriptors, when it is told to', () => {
  const without = scriptOf(collectors, { nonce: NONCE, borrow: false, profile: 'standard' });

  expect(script).toContain('syscall(438');
  expect(without).not.toContain('syscall');
  expect(without).toContain('lw_mark begin command/socket-filters\n(exit 125)\nlw_mark end $?');
});

it('lets no word of the host reach eval but a number', () => {
  const script = scriptOf(collectors, { nonce: 'ab'.repeat(16), borrow: true, profile: 'standard' });

  expect(script.match(/\beval\b.*/g)).toEqual([String.raw`eval "lw_$1_$2=\$3"`, String.raw`eval "lw_got=\$lw_$1_$2"`]);
  for (const [key, kept] of [
    ['12', 'kept'],
    ['1;echo forged', ''],
    ['', ''],
    ['$(echo forged)', ''],
  ] as const) {
    const tried = `${script.slice(script.indexOf('lw_put() {'), script.indexOf('lw_mark() {'))}
      lw_put seen "$1" kept; lw_get seen "$1"; printf '%s' "$lw_got"`;
    expect(spawnSync('sh', ['-c', tried, 'sh', key], { encoding: 'utf8' }).stdout).toBe(kept);
  }
});

it('does not run what a mapped file is called, and does not wait for a pipe in the place of a file', () => {
  const script = scriptOf(collectors, { nonce: 'ab'.repeat(16), borrow: true, profile: 'standard' });
  const sed = /lw_plain (sed -n '[^']*')/.exec(script)?.[1] ?? '';
  const maps = [
    '7f0000-7f1000 r--s 00000000 fd:00 12 /tmp/axp   /$(touch${IFS}/tmp/pwned)',
    '7f0000-7f1000 r-xp 00001000 fd:00 34                 /usr/lib/lib c.so',
    '7f0000-7f1000 rwxp 00000000 00:00 0 ',
  ].join('\n');

  expect(spawnSync('sh', ['-c', sed], { input: maps, encoding: 'utf8' }).stdout).toBe('fd:00 34 /usr/lib/lib c.so\n');
  expect(script).toContain('if [ -f "$lw_f" ]; then');
});
