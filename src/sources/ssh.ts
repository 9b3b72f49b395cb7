/**
 * The command that runs a shell on a host by the system's OpenSSH, with the user's own configuration, keys and bastions.
 * Towards a suspect host nothing is forwarded, nothing is run locally, and an unknown or changed host key is refused.
 *
 * @param target As ssh takes it: `user@host` or a name of the user's configuration. One that begins with `-` is refused by `isSshTarget`.
 */
export function sshCommand(target: string): readonly string[] {
  const options = [
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'StrictHostKeyChecking=yes',
    'BatchMode=yes',
    'ConnectTimeout=15',
    'ServerAliveInterval=10',
    'ServerAliveCountMax=3',
    'LogLevel=ERROR',
  ];
  return ['ssh', '-a', '-x', '-T', ...options.flatMap((option) => ['-o', option]), '--', target, 'exec sh -s'];
}

/** Whether a word is a target for ssh: a user and a host, nothing that ssh could take for an option. */
export function isSshTarget(word: string): boolean {
  return /^[\w.][\w.+-]*@[\w.:[\]-]+$/.test(word);
}
