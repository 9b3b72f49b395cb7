import { ERROR_CODES, type ErrorCode } from '../model/errors.ts';
import type { Unreached } from '../model/result.ts';
import type { UnseenReason } from '../model/unseen.ts';

/** Why a look came to nothing, what it is called, and whether trying again soon may help. */
export interface Refusal extends Required<Pick<Unreached, 'reason' | 'hint' | 'cause'>> {
  readonly code: ErrorCode;
  readonly passing: boolean;
}

type Row = readonly [RegExp, ErrorCode, cause: string, UnseenReason, passing?: 'passing'];

/** What the last words of ssh mean. Every phrase holds a blank, which no host name does. */
const SSH_WORDS: readonly Row[] = [
  [/no matching|unable to negotiate/i, 'COLLECT_FAILED', 'no algorithm in common', 'denied'],
  [
    /identification has changed|host key for \S+ has changed|revoked host key/i,
    'HOST_KEY_CHANGED',
    'changed host key',
    'denied',
  ],
  [/host key|host identification/i, 'HOST_KEY_UNKNOWN', 'unknown host key', 'denied'],
  [/(permission|access) denied|authentication failures/i, 'SSH_REFUSED', 'key refused', 'denied'],
  [/timed out|timeout, server/i, 'HOST_UNREACHABLE', 'no answer in time', 'timed_out', 'passing'],
  [/could not resolve/i, 'HOST_UNREACHABLE', 'unknown name', 'absent'],
  [/connection refused/i, 'HOST_UNREACHABLE', 'connection refused', 'absent'],
  [/no route to|network is unreachable|host is down/i, 'HOST_UNREACHABLE', 'no route', 'absent'],
  [/connection (closed|reset)|broken pipe/i, 'HOST_UNREACHABLE', 'connection broken', 'absent', 'passing'],
  [
    /bad configuration option|bad configuration options|can't open user config file|missing argument|unsupported option/i,
    'SSH_CONFIGURATION',
    'ssh configuration',
    'unsupported',
  ],
];

/** What sudo, sudo-rs and doas say, in the C locale. */
const BECOME_WORDS: readonly Row[] = [
  [/must have a tty/i, 'BECOME_TTY', 'terminal required', 'denied'],
  [
    /incorrect (password|authentication) attempt|authentication failed|sorry, try again/i,
    'BECOME_PASSWORD',
    'wrong password',
    'denied',
  ],
  [
    /a password is required|no password was provided|(authentication|authorization) (is )?required|a tty is required/i,
    'BECOME_TERMINAL',
    'password required',
    'denied',
  ],
  [
    /not in the sudoers file|may not run sudo|not allowed to (execute|run)|I'm afraid I can't do that|doas: Operation not permitted/i,
    'BECOME_REFUSED',
    'not allowed to become root',
    'denied',
  ],
  [
    /(sudo|doas)['’]?: (No such file|not found|command not found|Permission denied)|(sudo|doas): .*not (installed|enabled)/i,
    'BECOME_ABSENT',
    'no sudo or doas',
    'absent',
  ],
  [/^(sudo|doas): /im, 'BECOME_REFUSED', 'not allowed to become root', 'denied'],
];

const NOTHING: Row = [/./, 'COLLECT_FAILED', 'no look', 'absent'];

/** Lines that only say that the way through a bastion broke, or that a key was refused; the cause stands before them. */
const ECHOES =
  /UNKNOWN port 65535|^stdio forwarding failed|^kex_exchange_identification:|^Host key verification failed/;

/** Why ssh gave up, by all that it said. */
export function sshRefusal(words: string): Refusal {
  return refusalOf(SSH_WORDS, lastWords(words));
}

/** Why sudo or doas made nobody root, by all that they said. */
export function becomeRefusal(words: string): Refusal {
  return refusalOf(BECOME_WORDS, words);
}

/** The line that says most, for people: the last one that is no echo of another. */
export function lastWords(words: string): string {
  const lines = words.split(/[\r\n]+/).map((line) => line.trim());
  const told = lines.filter((line) => line !== '');
  const last = told.findLast((line) => !ECHOES.test(line)) ?? told.at(-1) ?? '';
  return last.replace(/\.\s*$/, '').slice(0, 300);
}

function refusalOf(rows: readonly Row[], words: string): Refusal {
  const [, code, cause, reason, passing] = rows.find(([pattern]) => pattern.test(words)) ?? NOTHING;
  return { code, cause, reason, hint: ERROR_CODES[code], passing: passing !== undefined };
}
