import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { checkout, directoryOf } from '../src/testing/files.ts';
import { run, type Ran } from '../src/testing/run.ts';
import { needs, needsRoot } from '../src/testing/tools.ts';

const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
const pinned = `node_modules/node-linux-${process.arch}/bin/node`;
const SHORT_OF_NODE = 'mkdir -p node_modules/left-over\n';
const WITH_NODE = `${SHORT_OF_NODE}mkdir -p ${dirname(pinned)}\nln -sf ${process.execPath} ${pinned}\n`;
const INSTALLS = 'longwatch: installing packages, once; this takes a minute\nlongwatch: installed\n';

/** A fresh checkout, and an `npm` before the system's that only notes how it was called and then does `install`. */
function fresh(install: string = WITH_NODE) {
  const root = directoryOf({ 'src/none': '', 'bin/none': '', 'npm.log': '' });
  for (const path of ['longwatch', 'package.json', 'package-lock.json', 'src/boot.mjs']) {
    cpSync(join(checkout, path), join(root, path));
  }
  chmodSync(root, 0o755);
  const npm = (does: string) => {
    writeFileSync(
      join(root, 'bin/npm'),
      `#!/bin/sh\nset -e\necho "$* node=$(command -v node)" >>${root}/npm.log\n[ "$1" = ci ] || exit 0\nrm -rf node_modules\n${does}`,
      { mode: 0o755 },
    );
  };
  npm(install);
  const env = { PATH: `${join(root, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: root };
  return {
    root,
    npm,
    env,
    start: (args: readonly string[] = ['--version'], changes: NodeJS.ProcessEnv = {}): Promise<Ran> =>
      run(join(root, 'longwatch'), args, { cwd: '/', env: { ...env, ...changes } }),
    calls: () => readFileSync(join(root, 'npm.log'), 'utf8').split('\n').slice(0, -1),
    left: () => readdirSync(root).filter((name) => name.startsWith('.longwatch')),
  };
}

const started = { status: 0, out: `${version}\n`, err: '' };

describe('on first use', () => {
  it('installs what running needs, says so, and starts', async () => {
    const { start, calls, left } = fresh();

    expect(await start()).toEqual({ ...started, err: INSTALLS });
    expect(await start()).toEqual(started);
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toContain(
      'ci --omit=dev --include=optional --ignore-scripts --engine-strict=false --no-audit --no-fund --no-update-notifier --loglevel=error',
    );
    expect(left()).toEqual([]);
  });

  it('installs all where tests or npm scripts are asked for, and is content with that afterwards', async () => {
    const { start, calls, root } = fresh();

    await start();
    expect(await start(['npm', 'run', 'lint'])).toMatchObject({ status: 0 });
    expect(await start()).toEqual(started);
    expect(calls()).toEqual([
      expect.stringMatching(/^ci --omit=dev /),
      expect.stringMatching(/^ci --include=dev /),
      `run lint node=${join(root, pinned)}`,
    ]);
  });

  it('runs the tests with the pinned Node first on the path', async () => {
    const { start, root } = fresh();
    mkdirSync(join(root, 'scripts'));
    writeFileSync(
      join(root, 'scripts/test.ts'),
      'const args: string[] = process.argv.slice(2);\nconsole.log(process.env["PATH"]?.split(":")[0], process.cwd(), ...args);\n',
    );

    expect((await start(['test', 'a pattern'])).out).toBe(`${join(root, pinned, '..')} ${root} a pattern\n`);
  });

  it('installs again when the lock file has changed', async () => {
    const { start, calls, root } = fresh();

    await start();
    writeFileSync(join(root, 'package-lock.json'), '{}\n');
    expect(await start()).toEqual({ ...started, err: INSTALLS });
    expect(calls()).toHaveLength(2);
  });

  it('installs again when the pinned Node is gone', async () => {
    const { start, root } = fresh();

    await start();
    await run('rm', [join(root, pinned)]);
    expect(await start()).toEqual({ ...started, err: INSTALLS });
  });
});

describe('when an installation is cut short', () => {
  it('installs anew at the next start after npm failed', async () => {
    const { start, npm, left } = fresh(`${WITH_NODE}echo 'npm error network' >&2\nexit 1\n`);

    const failed = await start();
    expect({ status: failed.status, out: failed.out, left: left() }).toEqual({ status: 2, out: '', left: [] });
    expect(failed.err).toContain(
      "npm error network\nlongwatch: the packages could not be installed; see npm's message",
    );

    npm(WITH_NODE);
    expect(await start()).toEqual({ ...started, err: INSTALLS });
  });

  it('installs anew after the start itself was killed, whose lock stays behind', async () => {
    const { start, npm, root, env, left } = fresh(`${WITH_NODE}sleep 1\n`);

    const child = spawn(join(root, 'longwatch'), ['--version'], { env, stdio: 'ignore' });
    while (!existsSync(join(root, pinned))) await sleep(20);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));

    npm(WITH_NODE);
    expect(lstatSync(join(root, '.longwatch-installing')).isSymbolicLink()).toBe(true);
    expect(await start()).toEqual({ ...started, err: INSTALLS });
    expect(left()).toEqual([]);
  });

  it('takes its lock away when it is asked to end', async () => {
    const { root, env, left } = fresh(`${WITH_NODE}sleep 1\n`);

    const child = spawn(join(root, 'longwatch'), ['--version'], { env, stdio: 'ignore' });
    while (!existsSync(join(root, pinned))) await sleep(20);
    child.kill('SIGTERM');
    const status = await new Promise((resolve) => child.on('close', resolve));

    expect({ status, left: left() }).toEqual({ status: 143, left: [] });
  });
});

it('lets one of several starts install while the others wait', async () => {
  const { start, calls, left } = fresh(`sleep 1\n${WITH_NODE}`);

  const all = await Promise.all([start(), start(), start()]);

  expect(all.map(({ status, out }) => ({ status, out }))).toEqual(
    Array.from({ length: 3 }, () => ({ status: 0, out: `${version}\n` })),
  );
  expect(
    all.filter(({ err }) => /^longwatch: waiting for process \d+, which installs the packages\n/.test(err)),
  ).toHaveLength(2);
  expect(calls()).toHaveLength(1);
  expect(left()).toEqual([]);
});

describe('where it cannot go on', () => {
  it('names npm when it is missing', async () => {
    const { start } = fresh();
    const tools = directoryOf({});
    for (const tool of ['sh', 'readlink', 'cksum']) symlinkSync(join('/usr/bin', tool), join(tools, tool));

    expect(await start(['--version'], { PATH: tools })).toEqual({
      status: 2,
      out: '',
      err: 'longwatch: npm is not on the path; install Node.js 20 or newer with npm\n',
    });
  });

  it('names the platform when no Node is pinned for it and the one on the path is too old or missing', async () => {
    const { start, root } = fresh(SHORT_OF_NODE);

    writeFileSync(join(root, 'bin/node'), '#!/bin/sh\necho 20\n', { mode: 0o755 });
    expect(await start()).toEqual({
      status: 2,
      out: '',
      err: expect.stringMatching(
        /no Node\.js is pinned for Linux on \S+, and Node\.js 20 on the path is too old; install/,
      ),
    });

    await run('ln', ['-sf', process.execPath, join(root, 'bin/node')]);
    expect(await start()).toEqual(started);
  });

  it('does not take a pinned Node that cannot run here', async () => {
    const broken = WITH_NODE.replace(/ln -sf .*\n/, `printf 'no program' >${pinned}; chmod 755 ${pinned}\n`);
    const { start, root } = fresh(broken);
    symlinkSync(process.execPath, join(root, 'bin/node'));

    expect(await start()).toEqual({ ...started, err: INSTALLS });
  });
});

const root = needsRoot();
const setpriv = needs('setpriv', 'util-linux');
describe.skipIf(root.missing || setpriv.missing)(`as a user without rights ${root.label} ${setpriv.label}`, () => {
  const asNobody = (launcher: string, env: NodeJS.ProcessEnv) =>
    run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', launcher, '--version'], { cwd: '/', env });

  it('starts an installed checkout that root owns', async () => {
    const { root, start, env } = fresh(WITH_NODE.replace('ln -sf', 'cp'));

    await start();
    expect(await asNobody(join(root, 'longwatch'), env)).toEqual(started);
  });

  it('says who should install when nothing is installed', async () => {
    const { root, env } = fresh();

    expect(await asNobody(join(root, 'longwatch'), env)).toEqual({
      status: 2,
      out: '',
      err: `longwatch: the packages are not installed and ${root} is not writable; run ${root}/longwatch once as a user who may write there\n`,
    });
  });
});

it('starts through symbolic links from anywhere', async () => {
  const { root, env, start } = fresh();
  await start();
  mkdirSync(join(root, 'links'));
  symlinkSync('../longwatch', join(root, 'links/relative'));
  symlinkSync(join(root, 'links/relative'), join(root, 'absolute'));

  expect(await run(join(root, 'absolute'), ['--version'], { cwd: '/', env })).toEqual(started);
  expect(await run('./relative', ['--version'], { cwd: join(root, 'links'), env })).toEqual(started);
  expect(await run('sh', ['longwatch', '--version'], { cwd: root, env })).toEqual(started);
});

for (const [shell, ...args] of [['dash'], ['bash', '--posix'], ['busybox', 'sh']] as const) {
  const need = needs(shell);
  it.skipIf(need.missing)(`is understood by ${shell} ${need.label}`, async () => {
    const { root, env } = fresh();
    const by = () => run(shell, [...args, join(root, 'longwatch'), '--version'], { cwd: '/', env });

    expect(await by()).toEqual({ ...started, err: INSTALLS });
    expect(await by()).toEqual(started);
  });
}

const strace = needs('strace');
it.skipIf(strace.missing)(`starts with two programs beside the shell ${strace.label}`, async () => {
  const { root, env, start } = fresh();
  await start();
  const log = join(root, 'strace.log');
  await run('strace', ['-f', '-qq', '-e', 'trace=execve', '-o', log, join(root, 'longwatch'), '--version'], { env });

  const programs = [...readFileSync(log, 'utf8').matchAll(/execve\("([^"]*)".* = 0$/gm)].map(([, path]) => path);
  expect(programs.map((path) => path?.split('/').at(-1))).toEqual(['longwatch', 'cksum', 'node']);
});

const shellcheck = needs('shellcheck');
it.skipIf(shellcheck.missing)(`passes shellcheck ${shellcheck.label}`, async () => {
  expect(await run('shellcheck', ['longwatch', '.ci/run'])).toEqual({ status: 0, out: '', err: '' });
});
