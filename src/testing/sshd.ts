import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './run.ts';
import { needs, needsRoot, type Need } from './tools.ts';

/** An account that the server knows, and nobody else on this machine. */
export interface Account {
  readonly name: string;
  /** A path, or the name of a file of its home. */
  readonly shell?: string;
  /** Its password as crypt(3) writes it; none can be used when it is absent. */
  readonly hash?: string;
  /** Files of its home. */
  readonly home?: Readonly<Record<string, string>>;
}

export interface Sshd {
  readonly folder: string;
  readonly port: number;
  /** Lines of an ssh_config by which the server is known under its names, and no others. */
  readonly client: string;
  readonly stop: () => void;
}

/** Not part of any npm package, as knip would have it. */
const UNSHARE = 'unshare';

/** What a private server takes. */
export const sshdNeeds: Need = [
  needsRoot(),
  needs('sshd', 'openssh-server'),
  needs('ssh', 'openssh-client'),
  needs(UNSHARE, 'util-linux'),
].reduce((a, b) => ({ missing: a.missing || b.missing, label: `${a.label} ${b.label}` }));

/** The password of accounts that have `HASH`. */
export const PASSWORD = 'tra la, tra la';
export const HASH =
  '$6$longwatch$Nrj/jk7YyrDHh/S2/vdKxHrZmQROhk5Crx0Yla3EVquyuK5e6XwUR8PT5SIcLmyWebMhKRPWatESmhhaIjrfh/';

/**
 * An OpenSSH server on the loopback, with accounts, sudoers and doas.conf of its own: they stand in a mount namespace, so
 * that nothing of this machine is changed.
 *
 * @param extra Further lines of sshd_config, such as `ForceCommand …`.
 * @param addresses Of the loopback.
 */
export async function startSshd({
  accounts = [],
  sudoers = '',
  doas = '',
  extra = '',
  addresses = ['127.0.0.1'],
}: {
  accounts?: readonly Account[];
  sudoers?: string;
  doas?: string;
  extra?: string;
  addresses?: readonly string[];
} = {}): Promise<Sshd> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longwatch-sshd-')));
  chmodSync(folder, 0o755);
  for (const key of ['host', 'other', 'client'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(folder, key)]);
  const keyOf = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
  const port = await freePort();
  const known = (name: string) => addresses.map((address) => `[${address}]:${port} ${keyOf(name)}\n`).join('');
  const files = {
    authorized: keyOf('client'),
    known: known('host'),
    changed: known('other'),
    sudoers: `Defaults lecture=never\nroot ALL=(ALL:ALL) ALL\n${sudoers}`,
    'doas.conf': doas,
    sshd_config: `Port ${port}
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/authorized
PidFile none
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
LogLevel QUIET
PrintMotd no
PrintLastLog no
MaxStartups 200
${extra}
`,
    'setup.sh': setup(folder, accounts, addresses),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), `${content.trimEnd()}\n`);
  for (const [index, { name, home = {} }] of accounts.entries()) {
    for (const [path, content] of Object.entries(home)) {
      mkdirSync(join(folder, 'home', name, path, '..'), { recursive: true });
      writeFileSync(join(folder, 'home', name, path), content, { mode: 0o755 });
    }
    mkdirSync(join(folder, 'home', name), { recursive: true });
    await run('chown', ['-R', `${FIRST_ID + index}:${FIRST_ID + index}`, join(folder, 'home', name)]);
  }
  const server = spawn(UNSHARE, ['--mount', '--', '/bin/sh', join(folder, 'setup.sh')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const stop = () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  await answering(server, port, addresses.at(-1) ?? '127.0.0.1').catch((error: unknown) => {
    stop();
    throw error;
  });
  const client = `  Port ${port}
  IdentityFile ${folder}/client
  IdentitiesOnly yes
  GlobalKnownHostsFile /dev/null
`;
  return { folder, port, client, stop };
}

const FIRST_ID = 64_001;
/** One sshd listens at no more than 16 addresses. */
const LISTENS = 16;

/** Puts a copy of /etc with these accounts and rules over that of this machine, within the namespace, and starts the server. */
function setup(folder: string, accounts: readonly Account[], addresses: readonly string[]): string {
  const listen = addresses.map((address) => `-o ListenAddress=${address}`);
  const servers = Array.from({ length: Math.ceil(listen.length / LISTENS) }, (_, index) =>
    [`/usr/sbin/sshd -D -f '${folder}/sshd_config'`, ...listen.slice(index * LISTENS, (index + 1) * LISTENS), '&'].join(
      ' ',
    ),
  );
  const rows = accounts.map(({ name, shell = '/bin/sh', hash = '*' }, index) => {
    const id = FIRST_ID + index;
    return `echo '${name}:x:${id}:${id}::${folder}/home/${name}:${resolve(folder, 'home', name, shell)}' >>etc/passwd
echo '${name}:${hash}:19000:0:99999:7:::' >>etc/shadow
echo '${name}:x:${id}:' >>etc/group`;
  });
  return `set -e
cd '${folder}'
[ -d /run/sshd ] || mkdir -m 755 /run/sshd
cp -a /etc etc
sed -i 's/^root:[^:]*:/root:*:/' etc/shadow
${rows.join('\n')}
rm -rf etc/sudoers.d etc/sudoers
install -m 440 sudoers etc/sudoers
install -m 600 doas.conf etc/doas.conf
mount --bind etc /etc
${servers.join('\n')}
wait
`;
}

async function answering(server: ChildProcess, port: number, address: string): Promise<void> {
  for (let tries = 0; tries < 200 && server.exitCode === null; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error('the server for the tests did not start');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
