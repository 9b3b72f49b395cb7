import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectors } from '../collectors/index.ts';
import type { Profile } from '../model/collector.ts';
import { scriptOf } from '../collectors/script.ts';
import type { Evidence } from '../model/artifact.ts';
import { ERROR_CODES, LongwatchError, type ErrorCode } from '../model/errors.ts';
import type { Unreached } from '../model/result.ts';
import type { Become, Target } from '../model/target.ts';
import type { UnseenReason } from '../model/unseen.ts';
import { hostCalled } from '../snapshot/identity.ts';
import { readLookOutput, type LookOutput } from '../snapshot/stream.ts';
import { becomeCommand, becomeWords } from '../sources/become.ts';
import { becomeRefusal, lastWords, sshRefusal, type Refusal } from '../sources/refusals.ts';
import { LOOK_LIMITS, runLook, type LookRun, type Talk } from '../sources/run-look.ts';
import { sentTo, sshCommand, sshEnvironment } from '../sources/ssh.ts';
import type { PasswordKeeper } from './password.ts';

export interface LookOptions {
  /** False leaves out what duplicates descriptors. */
  readonly borrow: boolean;
  /** `standard` when absent. */
  readonly profile?: Profile;
  /** Looked for in running programs of no package. */
  readonly words?: readonly string[];
  /** The name under which the host is judged; its own when absent. */
  readonly host?: string;
  /** Looks as root through this; without `password` only where none is wanted. */
  readonly become?: { readonly how: Become; readonly password?: PasswordKeeper };
  /** Called when a connection is tried, and when the look begins. */
  readonly onState?: (state: 'connecting' | 'looking') => void;
  /** Before the second and last try where the network failed. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
}

const PAUSE_MS = 2000;
/** Every packaged file of a large host is read. */
const DEEP_MS = 900_000;

/** The script that a look runs, with a fresh nonce. */
export function lookScript(
  { borrow, profile = 'standard', words = [] }: Pick<LookOptions, 'borrow' | 'profile' | 'words'>,
  nonce = randomBytes(16).toString('hex'),
): string {
  return scriptOf(collectors, { nonce, borrow, profile, words });
}

/**
 * Looks at this host, or at one behind ssh. Where the network failed on the way it is tried once more; what was refused is
 * not, for that could lock an account.
 *
 * @param target Absent for this host.
 */
export async function look(target: Target | undefined, options: LookOptions): Promise<LookOutput | Unreached> {
  const first = await lookOnce(target, options);
  if (!('refusal' in first)) return first;
  const { passing } = first.refusal;
  if (passing) await sleep(options.pauseMs ?? PAUSE_MS, undefined, signalOf(options));
  const last = passing ? await lookOnce(target, options) : first;
  if (!('refusal' in last)) return last;
  const { reason, hint, cause } = last.refusal;
  return { host: nameOf(target), reason, detail: last.detail, hint, cause };
}

interface Failed {
  readonly refusal: Refusal;
  readonly detail: string;
}

async function lookOnce(target: Target | undefined, options: LookOptions): Promise<LookOutput | Failed> {
  const nonce = randomBytes(16).toString('hex');
  const { become, onState, signal } = options;
  const way = become && becomeCommand(become.how, randomBytes(8).toString('hex'), become.password !== undefined);
  const shell = way?.argv ?? ['/bin/sh', '-s'];
  const argv = target === undefined ? shell : sshCommand(target, way ? becomeWords(way) : 'exec sh -s');
  const name = nameOf(target);
  let withheld: string | undefined;
  onState?.('connecting');
  const talk: Talk = {
    begins: `longwatch-look 1 ${nonce}\n`,
    onBegin: () => onState?.('looking'),
    ...(target && { env: sshEnvironment(process.env, await sentTo(target)) }),
    ...(way && {
      become: {
        ready: way.ready,
        prompt: way.prompt,
        async password() {
          const given = await become?.password?.give(name);
          if (typeof given !== 'string') return given;
          withheld = given;
          return undefined;
        },
        onReady: () => become?.password?.tell(name, true),
      },
    }),
  };
  try {
    const run = await runLook(
      argv,
      lookScript(options, nonce),
      options.profile === 'deep' ? { ...LOOK_LIMITS, totalMs: DEEP_MS } : LOOK_LIMITS,
      signal,
      talk,
    );
    const output = readLookOutput(run.bytes, new Date().toISOString(), nonce);
    if (output.evidence.artifacts.size > 0) return named(output, target, options.host);
    const failed = failureOf(run, target, become?.how, withheld);
    become?.password?.tell(
      name,
      failed.refusal.code === 'BECOME_PASSWORD' && withheld === undefined ? false : undefined,
    );
    return failed;
  } catch (error) {
    if (error instanceof LongwatchError && error.code === 'COLLECT_FAILED')
      return failure('COLLECT_FAILED', 'no look', 'absent', error.message);
    throw error;
  } finally {
    become?.password?.tell(name, undefined);
  }
}

/** Why nothing came: our own bounds, what became of the password, or what ssh, sudo and doas said. */
function failureOf(
  run: LookRun,
  target: Target | undefined,
  how: Become | undefined,
  withheld: string | undefined,
): Failed {
  const words = lastWords(run.errors);
  if (withheld === 'refused elsewhere')
    return failure(
      'BECOME_PASSWORD',
      'password not tried',
      'denied',
      'the password was refused on other hosts and was not tried on this one',
    );
  if (run.password === 'none')
    return failure('BECOME_TERMINAL', 'password required', 'denied', `${how} wants a password and none was given`);
  if (run.password === 'refused')
    return failure('BECOME_PASSWORD', 'wrong password', 'denied', `${how} did not take the password`);
  if (run.flooded)
    return failure('COLLECT_FAILED', 'endless output', 'truncated', 'it prints without end what is no look');
  if (run.timedOut) return failure('COLLECT_FAILED', 'no answer in time', 'timed_out', 'it did not answer in time');
  const ofSsh = target !== undefined && run.status === 255;
  const refusal = how !== undefined && !ofSsh ? becomeRefusal(run.errors) : sshRefusal(run.errors);
  return { refusal, detail: words === '' ? `the shell ended with status ${run.status}` : words };
}

function failure(code: ErrorCode, cause: string, reason: UnseenReason, detail: string): Failed {
  return { refusal: { code, cause, reason, hint: ERROR_CODES[code], passing: false }, detail };
}

function named({ evidence, issues }: LookOutput, target: Target | undefined, host: string | undefined): LookOutput {
  const identity: Evidence['host'] = host === undefined ? evidence.host : hostCalled(host);
  return { evidence: { ...evidence, host: { ...identity, ...target?.place } }, issues };
}

function nameOf(target: Target | undefined): string {
  return target?.name ?? 'this host';
}

function signalOf({ signal }: LookOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
