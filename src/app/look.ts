import { randomBytes } from 'node:crypto';
import { collectors } from '../collectors/index.ts';
import { scriptOf } from '../collectors/script.ts';
import { LongwatchError } from '../model/errors.ts';
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

/** A host that could not be looked at, and why. */
export interface FailedLook {
  readonly target: string;
  readonly reason: UnseenReason;
  readonly detail: string;
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
): Promise<LookOutput | FailedLook> {
  const nonce = randomBytes(16).toString('hex');
  const argv = target === undefined ? ['/bin/sh', '-s'] : sshCommand(target);
  const name = target ?? 'this host';
  let run: LookRun;
  try {
    run = await runLook(argv, lookScript(borrow, nonce), LOOK_LIMITS, signal);
  } catch (error) {
    if (error instanceof LongwatchError && error.code === 'COLLECT_FAILED')
      return { target: name, reason: 'absent', detail: error.message };
    throw error;
  }
  const { evidence, issues } = readLookOutput(run.bytes, new Date().toISOString(), nonce);
  if (evidence.artifacts.size === 0) {
    const words = run.errors.trim().split('\n').at(-1) ?? '';
    const reason = run.timedOut
      ? 'timed_out'
      : /denied|verification failed|no matching host key|host key/i.test(words)
        ? 'denied'
        : 'absent';
    return {
      target: name,
      reason,
      detail: run.timedOut ? 'it did not answer in time' : words || `the shell ended with status ${run.status}`,
    };
  }
  return { evidence: host === undefined ? evidence : { ...evidence, host: hostCalled(host) }, issues };
}
