import { shellQuote } from '../lib/shell-quote.ts';
import type { Become } from '../model/target.ts';

export interface BecomeCommand {
  readonly argv: readonly string[];
  /** What it prints on standard output when its shell waits for the script. */
  readonly ready: string;
  /** What it prints on standard error when it wants a password, which it then reads from standard input. */
  readonly prompt: string;
}

/** Where the tools for this are, whatever the account's own PATH says: a program there could be after the password. */
const PATH = 'PATH=/usr/bin:/bin:/usr/sbin:/sbin:/run/wrappers/bin:/usr/local/bin';

/**
 * The command that runs a shell as root by sudo or doas.
 *
 * sudo reads a password from standard input only after it has printed its prompt, one byte at a time; the script is fed
 * only after the shell has said that it is there. So no script is taken for a password, and no password for a script. `-k`
 * with a command neither uses nor leaves cached credentials. doas reads a password from a terminal alone, which a look has
 * not.
 *
 * @param token Random: by it prompt and answer are told from whatever else the host prints.
 * @param canAnswer False where nobody can be asked for a password: then sudo asks for none, and says so.
 */
export function becomeCommand(become: Become, token: string, canAnswer: boolean): BecomeCommand {
  const ready = `longwatch-ready-${token}`;
  const prompt = `longwatch-password-${token}:`;
  const how = become === 'doas' ? ['doas', '-n'] : ['sudo', '-k', ...(canAnswer ? ['-S', '-p', prompt] : ['-n'])];
  return {
    argv: ['/usr/bin/env', 'LC_ALL=C', PATH, ...how, '--', '/bin/sh', '-c', `echo ${ready}; exec /bin/sh -s`],
    ready,
    prompt,
  };
}

/** The same for the login shell of an account, of whatever kind it is. */
export function becomeWords({ argv }: BecomeCommand): string {
  return `exec ${argv.map(shellQuote).join(' ')}`;
}
