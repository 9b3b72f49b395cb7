import { randomBytes } from 'node:crypto';
import { collectors } from '../collectors/index.ts';
import { scriptOf } from '../collectors/script.ts';
import { ERROR_CODES, LongwatchError } from '../model/errors.ts';
import type { Unreached } from '../model/result.ts';
import type { UnseenReason } from '../model/unseen.ts';
import { hostCalled } from '../snapshot/identity.ts';
import { readLookOutput, type LookOutput } from '../snapshot/stream.ts';
import { LOOK_LIMITS, runLook, type LookRun } from '../sources/run-look.ts';
import { sshCommand } from '../sources/ssh.ts';

export interface LookOptions {
  /** False leaves out what duplicates descriptors. */
  readonly borrow: boolean;
  /** The name under which the host is judged; its own when absent. */
  readonly host?: string;
  readonly signal?: AbortSignal;
}

const BY_HAND = ERROR_CODES.COLLECT_FAILED;
const NOT_REACHED = 'Check its name and the route to it; ssh to it by hand says more.';

/** What the last words of ssh mean. Every phrase holds a blank, which no host name does. */
const SSH_WORDS: readonly (readonly [RegExp, UnseenReason, string])[] = [
  [/no matching|unable to negotiate/i, 'denied', BY_HAND],
  [
    /host key|host identification/i,
    'denied',
    'Connect to it by ssh beforehand, compare the fingerprint with one that you trust, and accept the key.',
  ],
  [
    /(permission|access) denied|authentication failures/i,
    'denied',
    'Check the account, and that one of your keys opens it without a question.',
  ],
  [/timed out|timeout, server/i, 'timed_out', NOT_REACHED],
  [
    /connection (refused|closed|reset)|could not resolve|no route to|network is unreachable|host is down/i,
    'absent',
    NOT_REACHED,
  ],
];

/** Why a host could not be looked at, by the last words of ssh, and what the operator can do. */
export function refusalOf(words: string): Pick<Unreached, 'reason' | 'hint'> {
  const [, reason, hint] = SSH_WORDS.find(([pattern]) => pattern.test(words)) ?? [/./, 'absent', BY_HAND];
  return { reason, hint };
}

/** The script that a look runs, with a fresh nonce. */
export function lookScript(borrow: boolean, nonce = randomBytes(16).toString('hex')): string {
  return scriptOf(collectors, { nonce, borrow });
}

/**
 * Looks at this host, or at one behind ssh.
 *
 * @param target Absent for this host.
 */
export async function look(
  target: string | undefined,
  { borrow, host, signal }: LookOptions,
): Promise<LookOutput | Unreached> {
  const nonce = randomBytes(16).toString('hex');
  const argv = target === undefined ? ['/bin/sh', '-s'] : sshCommand(target);
  const name = target ?? 'this host';
  let run: LookRun;
  try {
    run = await runLook(argv, lookScript(borrow, nonce), LOOK_LIMITS, signal);
  } catch (error) {
    if (error instanceof LongwatchError && error.code === 'COLLECT_FAILED')
      return { host: name, reason: 'absent', detail: error.message, hint: error.hint };
    throw error;
  }
  const { evidence, issues } = readLookOutput(run.bytes, new Date().toISOString(), nonce);
  if (evidence.artifacts.size === 0) {
    if (run.timedOut) return { host: name, reason: 'timed_out', detail: 'it did not answer in time', hint: BY_HAND };
    const words =
      run.errors
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/\.\s*$/, '') ?? '';
    return { host: name, ...refusalOf(words), detail: words || `the shell ended with status ${run.status}` };
  }
  return { evidence: host === undefined ? evidence : { ...evidence, host: hostCalled(host) }, issues };
}
