import type { Place, Target } from '../../model/target.ts';
import { isSshName } from '../ssh.ts';

/** A line of a file of targets that could not be taken; the others were. */
export interface BadLine {
  readonly line: number;
  readonly reason: string;
  readonly remedy: string;
}

export interface TargetsRead {
  readonly targets: readonly Target[];
  readonly bad: readonly BadLine[];
}

/** More than any network that is looked at in one go; a range of letters and numbers names a million hosts in ten characters. */
export const TARGETS_LIMIT = 10_000;

/**
 * The words of a line, quotes taken off and what follows ` #` left out. A quote that is not closed ends with the line.
 *
 * @returns For `a "b c"=d # e`: `a`, `b c=d`.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const char of line) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) break;
    else word = (word ?? '') + char;
  }
  return word === undefined ? words : [...words, word];
}

/** `key=value` of a word; undefined where it is none. */
export function pairOf(word: string): readonly [string, string] | undefined {
  const at = word.indexOf('=');
  return at < 1 ? undefined : [word.slice(0, at), word.slice(at + 1)];
}

/** What is said of a host under `role` and `site`. */
export function placeOf(said: ReadonlyMap<string, string>): Place | undefined {
  const [role, site] = [said.get('role'), said.get('site')].map((text) => text?.slice(0, 64));
  return role || site ? { ...(role ? { role } : {}), ...(site ? { site } : {}) } : undefined;
}

/** A target, or the reason why it is none. */
export function targetOf(
  ssh: string,
  { port, config, place }: { port?: string | undefined; config?: string | undefined; place?: Place | undefined } = {},
): Target | Omit<BadLine, 'line'> {
  if (!isSshName(ssh)) return { reason: `${JSON.stringify(ssh.slice(0, 100))} is no target`, remedy: 'give user@host' };
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return { reason: `${JSON.stringify(port.slice(0, 100))} is no port`, remedy: 'give a number from 1 to 65535' };
  return {
    name: port === undefined || port === '22' ? ssh : `${ssh}:${port}`,
    ssh,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(config === undefined ? {} : { config }),
    ...(place === undefined ? {} : { place }),
  };
}

/** Each host once, in the order in which they were named first; what any line says of a host stays. */
export function eachOnce(targets: readonly Target[]): Target[] {
  const known = new Map<string, Target>();
  for (const target of targets) {
    const [user, host = user] = target.ssh.split(/@(?=[^@]*$)/);
    const key = [host === user ? '' : user, host?.toLowerCase(), target.port ?? 22, target.config ?? ''].join('\n');
    const before = known.get(key);
    const place = { ...target.place, ...before?.place };
    known.set(key, { ...(before ?? target), ...(Object.keys(place).length === 0 ? {} : { place }) });
  }
  return [...known.values()];
}
