import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { directoryOf } from './files.ts';
import { needs, needsRoot, type Need } from './tools.ts';

/** Not part of any npm package, as knip would have it. */
const [UNSHARE, PYTHON, LDD] = ['unshare', 'python3', 'ldd'];

/** What it takes to start a container without a runtime. */
export const containerNeeds: Need = [needsRoot(), needs(UNSHARE, 'util-linux'), needs(PYTHON), needs('busybox')].reduce(
  (a, b) => ({ missing: a.missing || b.missing, label: `${a.label} ${b.label}` }),
);

/**
 * The root folder of a small Debian: a busybox, its libraries, and a database of dpkg that knows them all.
 *
 * @param files Further files, path to content.
 */
export function containerRoot(files: Readonly<Record<string, string>> = {}): string {
  const folder = directoryOf({
    'root/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'root/etc/hostname': 'web-1\n',
    'root/etc/os-release': 'ID=debian\n',
    'root/etc/shells': '/bin/sh\n',
    'root/var/lib/dpkg/status': 'Package: busybox\nStatus: install ok installed\n\n',
    'root/proc/.keep': '',
    'root/tmp/.keep': '',
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`root${path}`, content])),
  });
  const root = join(folder, 'root');
  const busybox = realpathSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim());
  const libraries = spawnSync(LDD, [busybox], { encoding: 'utf8' }).stdout.match(/\/\S+/g) ?? [];
  const owned = ['/usr/bin/busybox', ...libraries];
  for (const [index, path] of owned.entries()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(index === 0 ? busybox : realpathSync(path), join(root, path));
  }
  for (const name of ['sleep', 'sh']) symlinkSync('busybox', join(root, 'usr/bin', name));
  const info = join(root, 'var/lib/dpkg/info/busybox');
  mkdirSync(dirname(info), { recursive: true });
  writeFileSync(`${info}.list`, [...owned, '/usr/bin/sleep', '/usr/bin/sh', ''].join('\n'));
  const md5 = (path: string) =>
    createHash('md5')
      .update(readFileSync(join(root, path)))
      .digest('hex');
  writeFileSync(`${info}.md5sums`, owned.map((path) => `${md5(path)}  ${path.slice(1)}\n`).join(''));
  return root;
}

export interface Started {
  /** Its first process, by the number of the host. */
  readonly init: number;
}

// Sockets that are to be held are opened before the program is started: it inherits them, and never reads.
const ENTER = `
import ctypes, os, platform, socket, sys
root, pivot, held, program, *argv = sys.argv[1:]
libc = ctypes.CDLL(None, use_errno=True)
if held:
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    os.set_inheritable(ear.detach(), True)
os.chdir(root)
if pivot:
    number = {"x86_64": 155, "aarch64": 41}[platform.machine()]
    if libc.syscall(number, b".", b".") or libc.umount2(b".", 2): sys.exit("pivot_root failed")
    os.chdir("/")
else: os.chroot(".")
os.execve(program, argv, {"PATH": "/usr/bin", "HOSTNAME": "web-1"})
`;

/**
 * Starts a program in process, mount and network namespaces of its own, with a folder for its root. It ends with the test.
 *
 * @param way `pivot`: its mount namespace has that root alone, as runtimes make it; `chroot`: the host's files are still mounted there.
 */
export async function startContainer(
  root: string,
  program: string,
  argv: readonly string[],
  { way = 'pivot', ear = false }: { way?: 'pivot' | 'chroot'; ear?: boolean } = {},
): Promise<Started> {
  const script = 'mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && shift && exec python3 -c "$@"';
  const enter = [ENTER, root, way === 'pivot' ? '1' : '', ear ? '1' : '', program, ...argv];
  const spaces = ['--mount', '--pid', '--net', '--fork', '--kill-child=SIGKILL', '--propagation=private'];
  const child = spawn(UNSHARE, [...spaces, 'sh', '-c', script, 'sh', root, ...enter], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for (let tries = 0; tries < 200; tries++) {
    const [init] = childrenOf(child.pid ?? -1);
    if (init !== undefined && argv.join('\0') === argumentsOf(init)) return { init };
    await sleep(20);
  }
  throw new Error('the container did not start');
}

function childrenOf(pid: number): number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return listed === '' ? [] : listed.split(' ').map(Number);
}

function argumentsOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0$/, '');
}
