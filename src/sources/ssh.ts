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

/** The environment of ssh: nobody is asked anything by a window, also for a bastion, and no locale travels to the host. */
export function sshEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(LANG|LANGUAGE|LC_.*)$/.test(name));
  return { ...Object.fromEntries(kept), SSH_ASKPASS_REQUIRE: 'never' };
}

/** Whether a word is a target for ssh: a user and a host, nothing that ssh could take for an option. */
export function isSshTarget(word: string): boolean {
  return word.includes('@') && isSshName(word);
}

/** Whether a word is one for ssh, with a user or without: a name that the user's configuration knows, or an address. */
export function isSshName(word: string): boolean {
  return /^(?:[\w.][\w.+-]*@)?[\w:[][\w.:[\]-]*$/.test(word) && word.length <= 255;
}
