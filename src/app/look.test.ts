import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { look, type LookOptions } from './look.ts';
import { passwordKeeper } from './password.ts';

afterEach(() => void vi.unstubAllEnvs());

const target = { name: 'root@hss1', ssh: 'root@hss1' };
const options: LookOptions = { borrow: true, pauseMs: 1 };

/** Programs before those of the system on the path. */
function programs(files: Readonly<Record<string, string>>): string {
  const folder = directoryOf({});
  for (const [name, script] of Object.entries(files))
    writeFileSync(join(folder, name), `#!/bin/sh\n[ "$1" != -G ] || exit 0\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  return folder;
}

it('tells the last words of ssh, and what to do', async () => {
  programs({ ssh: 'echo "Warning: something" >&2; echo "root@hss1: Permission denied (publickey)." >&2; exit 255' });

  expect(await look(target, options)).toEqual({
    host: 'root@hss1',
    reason: 'denied',
    detail: 'root@hss1: Permission denied (publickey)',
    hint: expect.stringContaining('Check the account'),
    cause: 'key refused',
  });
});

it.each([
  ['a network that failed', 'Connection reset by 192.0.2.7 port 22', 2],
  ['a key that was refused', 'root@hss1: Permission denied (publickey).', 1],
  ['a host key that changed', 'Host key for hss1 has changed and you have requested strict checking.', 1],
])('tries %s as often as is right', async (_, words, times) => {
  const folder = programs({ ssh: `echo x >>"\${0%/*}/tries"; echo "${words}" >&2; exit 255` });
  const states: string[] = [];
  await look(target, { ...options, onState: (state) => states.push(state) });

  expect(readFileSync(join(folder, 'tries'), 'utf8')).toBe('x\n'.repeat(times));
  expect(states).toEqual(Array.from({ length: times }, () => 'connecting'));
});

it('looks when the second try reaches the host, whatever the login shell prints first, and says where the host stands', async () => {
  programs({
    ssh: `[ -e "\${0%/*}/once" ] || { >"\${0%/*}/once"; echo "Connection timed out" >&2; exit 255; }
echo 'longwatch-look 1 00000000000000000000000000000000'; printf '\\033]0;x\\007last login\\n'; exec sh -s`,
  });
  const states: string[] = [];
  const seen = await look(
    { ...target, place: { role: 'hss', site: 'north' } },
    { ...options, onState: (state) => states.push(state) },
  );

  expect(states).toEqual(['connecting', 'connecting', 'looking']);
  expect(seen).toMatchObject({ evidence: { host: { role: 'hss', site: 'north' } }, issues: [] });
});

it('ends with a host that prints without end, and says so', { timeout: 15_000 }, async () => {
  programs({ ssh: 'while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done' });

  expect(await look(target, options)).toMatchObject({
    reason: 'truncated',
    detail: 'it prints without end what is no look',
    cause: 'endless output',
  });
});

it('gives no password to more than two hosts that refuse it', async () => {
  const folder = programs({
    ssh: `p=$(printf %s "$*" | grep -o 'longwatch-password-[0-9a-f]*:' | head -n 1)
printf %s "$p" >&2; read -r word; echo "$word" >>"\${0%/*}/words"; printf %s "$p" >&2; exec sleep 60`,
  });
  const asked: string[] = [];
  const password = passwordKeeper(async () => (asked.push('once'), new TextEncoder().encode('tra la')));
  const hosts = ['a', 'b', 'c', 'd'].map((host) => ({ name: host, ssh: `root@${host}` }));
  const seen = await Promise.all(hosts.map((host) => look(host, { ...options, become: { how: 'sudo', password } })));

  expect(asked).toEqual(['once']);
  expect(readFileSync(join(folder, 'words'), 'utf8')).toBe('tra la\ntra la\n');
  expect(seen.map((one) => String('cause' in one && one.cause)).toSorted()).toEqual([
    'password not tried',
    'password not tried',
    'wrong password',
    'wrong password',
  ]);
});
