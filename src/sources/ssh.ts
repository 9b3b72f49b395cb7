import { execFile } from 'node:child_process';
import { matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import type { Target } from '../model/target.ts';

/** Given before the user's configuration is read, so that nothing in it can say otherwise: ssh keeps the first value. */
const OPTIONS = [
  'ClearAllForwardings=yes',
  'PermitLocalCommand=no',
  'StrictHostKeyChecking=yes',
  'BatchMode=yes',
  // A configured command of the user's own would stand in the place of the shell.
  'RemoteCommand=none',
  // A connection that is shared was checked when it was made, by other rules; none of ours stays behind.
  'ControlMaster=no',
  'ControlPath=none',
  // What the host says of its keys is not written down here.
  'UpdateHostKeys=no',
  'ConnectTimeout=10',
  'ServerAliveInterval=10',
  'ServerAliveCountMax=3',
  'LogLevel=ERROR',
];

/**
 * The command that runs a shell on a host by the system's OpenSSH, with the user's own configuration, keys and bastions.
 * Towards a suspect host nothing is forwarded or delegated, nothing is run locally, and an unknown or changed host key is
 * refused.
 *
 * @param shell What the login shell over there is told, of whatever kind it is: plain words and single quotes, no backslash,
 *   exclamation mark or line feed.
 */
export function sshCommand({ ssh, port, config }: Target, shell: string): readonly string[] {
  return [
    'ssh',
    ...['-a', '-x', '-k', '-T'],
    ...(config === undefined ? [] : ['-F', config]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...OPTIONS.flatMap((option) => ['-o', option]),
    ...['--', ssh, shell],
  ];
}

/** What ssh itself and the programs that it starts on the way cannot do without; it tells a host nothing. */
const KEPT = new Set(['HOME', 'LOGNAME', 'PATH', 'SHELL', 'SSH_AUTH_SOCK', 'USER']);

/**
 * The environment of ssh. Programs on the way to a host may need any of it, but what the configuration would send to the
 * host (`SendEnv`) is left out: to a suspect host it could say too much. Nobody is asked anything by a window, also not for
 * a bastion.
 *
 * @param sent Patterns of names.
 */
export function sshEnvironment(own: NodeJS.ProcessEnv, sent: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name]) => KEPT.has(name) || !sent.some((pattern) => matchesGlob(name, pattern)),
  );
  return { ...Object.fromEntries(kept), SSH_ASKPASS_REQUIRE: 'never' };
}

/** The variables that the configuration would send to a host, as `ssh -G` tells it; none where it tells nothing. */
export async function sentTo(target: Target): Promise<readonly string[]> {
  const [command = '', ...args] = sshCommand(target, '').slice(0, -1);
  try {
    const { stdout } = await promisify(execFile)(command, ['-G', ...args], { timeout: 10_000 });
    return [...stdout.matchAll(/^sendenv (\S+)$/gim)].map(([, pattern = '']) => pattern);
  } catch {
    // A configuration that cannot be read stops ssh as well, which then says why.
    return [];
  }
}

/** Whether a word is a target for ssh: a user and a host, nothing that ssh could take for an option. */
export function isSshTarget(word: string): boolean {
  return word.includes('@') && isSshName(word);
}

/** Whether a word is one for ssh, with a user or without: a name that the user's configuration knows, or an address. */
export function isSshName(word: string): boolean {
  return /^(?:[\w.][\w.+-]*@)?[\w:[][\w.:[\]-]*$/.test(word) && word.length <= 255;
}
