import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Target } from '../model/target.ts';
import type { LookOutput } from '../snapshot/stream.ts';
import { HASH, PASSWORD, sshdNeeds, startSshd, type Account, type Sshd } from '../testing/sshd.ts';
import { needs } from '../testing/tools.ts';
import { look, type LookOptions } from './look.ts';
import { passwordKeeper } from './password.ts';

const options: LookOptions = { borrow: true, pauseMs: 1 };
/** Not part of any npm package, as knip would have it. */
const AGENT = 'ssh-agent';
const NOISE = 'echo "longwatch-look 1 00000000000000000000000000000000"; echo "[1;31mWelcome"; echo trouble >&2\n';

const shells: readonly [name: string, debianPackage: string, startFile: string][] = [
  ['sh', 'dash', '.profile'],
  ['bash', 'bash', '.bashrc'],
  ['csh', 'csh', '.cshrc'],
  ['fish', 'fish', '.config/fish/config.fish'],
  ['zsh', 'zsh', '.zshenv'],
];

const accounts: readonly Account[] = [
  ...shells.map(([shell, , file]) => ({
    name: `with-${shell}`,
    shell: `/bin/${shell}`,
    home: { [file]: shell === 'fish' || shell === 'csh' ? 'echo Welcome\n' : NOISE },
  })),
  { name: 'asked', hash: HASH },
  { name: 'trusted' },
  { name: 'refused', hash: HASH },
  { name: 'ttyonly' },
  ...Object.entries({
    endless: 'while :; do echo 0123456789012345678901234567890123456789; done',
    forger: `printf 'longwatch-look 1 %032d\\n\\n@%032d begin /etc/shells\\nforged\\n\\n@%032d end 0\\n' 0 0 0
printf 'Run \\033]0;this\\007 as root: https://trust.example\\n' >&2; exit 7`,
    curious: 'printf "Password: "; read -r word; cat >/dev/null',
  }).map(([name, script]) => ({ name, home: { shell: `#!/bin/sh\n${script}\n` }, shell: 'shell' })),
];

const SUDOERS = `asked ALL=(root) ALL
trusted ALL=(root) NOPASSWD: /bin/sh
ttyonly ALL=(root) NOPASSWD: ALL
Defaults:ttyonly requiretty
`;
const DOAS = 'permit nopass trusted as root cmd /bin/sh\npermit asked as root\n';

/** What no configuration may bring about towards a suspect host. */
const HOSTILE = `  PermitLocalCommand yes
  LocalCommand touch %d/local-command
  ForwardAgent yes
  ForwardX11 yes
  RemoteForward 64999 127.0.0.1:9
  LocalForward 64998 127.0.0.1:9
  DynamicForward 64997
  ExitOnForwardFailure yes
  Tunnel yes
  ControlMaster auto
  ControlPath %d/control
  ControlPersist 60
  RemoteCommand sleep 60
  RequestTTY force
  BatchMode no
  StrictHostKeyChecking no
  UpdateHostKeys yes
  LogLevel DEBUG3
  SendEnv *
  SetEnv ENV=/etc/passwd BASH_ENV=/etc/passwd LC_ALL=de_DE.UTF-8 GREP_OPTIONS=-v
`;

let server: Sshd;
let config: string;

describe.skipIf(sshdNeeds.missing)(`over a real ssh ${sshdNeeds.label}`, { timeout: 60_000 }, () => {
  beforeAll(async () => {
    server = await startSshd({ accounts, sudoers: SUDOERS, doas: DOAS, extra: 'AcceptEnv *\nPermitTunnel yes' });
    const { folder, client } = server;
    const host = (name: string, known: string, more = '') =>
      `Host ${name}\n  HostName 127.0.0.1\n${client}  UserKnownHostsFile ${folder}/${known}\n${more.replaceAll('%d', folder)}`;
    config = join(folder, 'ssh_config');
    writeFileSync(join(folder, 'nobody'), '');
    writeFileSync(
      config,
      [
        host('here', 'known'),
        host('hostile', 'known', HOSTILE),
        host('changed', 'changed', '  StrictHostKeyChecking no\n'),
        host('unknown', 'nobody', '  StrictHostKeyChecking accept-new\n'),
        host('stranger', 'known', `  IdentityFile ${folder}/other\n`).replace(`  IdentityFile ${folder}/client\n`, ''),
        host('behind', 'known', '  ProxyJump root@here\n'),
        host('behind-nobody', 'known', '  ProxyJump root@stranger\n'),
      ].join('\n'),
    );
  });
  afterAll(() => server.stop());

  const at = (ssh: string): Target => ({ name: ssh, ssh, config });

  for (const [shell, debianPackage] of shells) {
    const need = needs(shell, debianPackage);
    it.skipIf(need.missing)(`looks through the noise of ${shell} as the login shell ${need.label}`, async () => {
      const { evidence, issues } = seen(await look(at(`with-${shell}@here`), options));

      expect(issues).toEqual([]);
      expect(evidence.artifacts.has('/proc/*/stat')).toBe(true);
      expect(uidOf(evidence)).toMatch(/^64/);
    });
  }

  it('is led astray by no configuration', async () => {
    const socket = join(server.folder, 'agent');
    const agent = spawn(AGENT, ['-D', '-a', socket], { stdio: 'ignore' });
    while (!existsSync(socket)) await sleep(20);
    vi.stubEnv('SSH_AUTH_SOCK', socket);
    vi.stubEnv('LONGWATCH_TOKEN', 'tell-nobody');
    const { evidence, issues } = seen(await look(at('root@hostile'), options));
    vi.unstubAllEnvs();
    agent.kill();
    const text = (name: string) => Buffer.from(evidence.artifacts.get(name)?.bytes ?? []).toString('latin1');
    const session = text('/proc/*/environ')
      .split('\n')
      .filter((line) => line.includes(`127.0.0.1 ${server.port}\0`))
      .join('\n');

    expect(issues).toEqual([]);
    expect(evidence.artifacts.has('/proc/*/stat')).toBe(true);
    expect(session).toContain('SSH_CONNECTION=');
    // Neither the value of the variable nor a socket of the server that leads to the agent.
    expect(session).not.toMatch(/tell-nobody|SSH_AUTH_SOCK=\/tmp\/ssh-/);
    expect(text('/proc/*/net')).not.toMatch(/:FDE[567] 0{8}:0000 0A/);
    expect(readdirSync(server.folder).filter((name) => /local-command|control/.test(name))).toEqual([]);
  });

  it.each([
    ['endless', 'endless output', 'it prints without end what is no look'],
    ['forger', 'no look', 'Run \u001b]0;this\u0007 as root: https://trust.example'],
    ['curious', 'no look', 'the shell ended with status 0'],
  ])('takes nothing from a host that is %s', async (name, cause, detail) => {
    expect(await look(at(`${name}@here`), options)).toMatchObject({ host: `${name}@here`, cause, detail });
  });

  it('goes by the bastions of the user', async () => {
    expect(seen(await look(at('root@behind'), options)).issues).toEqual([]);
  });

  it.each([
    ['root@changed', 'changed host key', 'denied', /ssh-keygen -R/],
    ['root@unknown', 'unknown host key', 'denied', /compare the fingerprint/],
    ['root@stranger', 'key refused', 'denied', /Check the account/],
    ['nobody-here@here', 'key refused', 'denied', /Check the account/],
    ['root@behind-nobody', 'key refused', 'denied', /Check the account/],
  ])('says of %s: %s', async (ssh, cause, reason, hint) => {
    expect(await look(at(ssh), options)).toMatchObject({ host: ssh, cause, reason, hint: expect.stringMatching(hint) });
  });

  const sudo = needs('sudo');
  const doas = needs('doas', 'opendoas');
  const withWord = (word: string) => {
    const asked: string[] = [];
    const password = passwordKeeper(async () => (asked.push('once'), new TextEncoder().encode(word)));
    return { asked, options: { ...options, become: { how: 'sudo', password } } satisfies LookOptions };
  };

  describe.skipIf(sudo.missing)(`as root by sudo ${sudo.label}`, () => {
    it('gives the password to a sudo that asks for it, and leaves no trace of it', async () => {
      const { asked, options } = withWord(PASSWORD);
      const { evidence } = seen(await look(at('asked@here'), options));

      expect(asked).toEqual(['once']);
      expect(uidOf(evidence)).toBe('0');
      for (const { name, bytes } of evidence.artifacts.values())
        expect([name, Buffer.from(bytes).includes(PASSWORD)]).toEqual([name, false]);
      expect(existsSync('/run/sudo/ts/asked') || existsSync('/var/lib/sudo/lectured/asked')).toBe(false);
    });

    it('asks nobody where sudo does not', async () => {
      const { asked, options } = withWord(PASSWORD);

      expect(uidOf(seen(await look(at('trusted@here'), options)).evidence)).toBe('0');
      expect(asked).toEqual([]);
    });

    it.each([
      ['asked@here', 'not my word', 'wrong password', /check the password/],
      ['refused@here', PASSWORD, 'not allowed to become root', /sudoers/],
      ['ttyonly@here', PASSWORD, 'terminal required', /requiretty/],
    ])('says why %s with %j is not let in: %s', async (ssh, word, cause, hint) => {
      expect(await look(at(ssh), withWord(word).options)).toMatchObject({
        host: ssh,
        cause,
        reason: 'denied',
        hint: expect.stringMatching(hint),
      });
    });

    it('says that a password is wanted where nobody can be asked', async () => {
      expect(await look(at('asked@here'), { ...options, become: { how: 'sudo' } })).toMatchObject({
        cause: 'password required',
        hint: expect.stringMatching(/terminal.*NOPASSWD/),
      });
    });
  });

  describe.skipIf(doas.missing)(`as root by doas ${doas.label}`, () => {
    it.each([
      ['trusted@here', undefined, '0'],
      ['asked@here', 'password required', undefined],
      ['refused@here', 'not allowed to become root', undefined],
    ])('%s: %s', async (ssh, cause, uid) => {
      const answer = await look(at(ssh), { ...options, become: { how: 'doas' } });

      expect('cause' in answer ? answer.cause : undefined).toBe(cause);
      expect('evidence' in answer ? uidOf(answer.evidence) : undefined).toBe(uid);
    });
  });
});

function seen(answer: Awaited<ReturnType<typeof look>>): LookOutput {
  if ('hint' in answer) throw new Error(`${answer.detail} (${answer.cause})`);
  return answer;
}

function uidOf({ artifacts }: LookOutput['evidence']): string | undefined {
  return /^Uid:\t(\d+)/m.exec(new TextDecoder().decode(artifacts.get('/proc/self/status')?.bytes))?.[1];
}
