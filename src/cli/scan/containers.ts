import { LongwatchError } from '../../model/errors.ts';

const SCHEME = 'container:';

export function isContainer(word: string): boolean {
  return word.startsWith(SCHEME);
}

/**
 * The words of the command line, hosts and containers apart.
 *
 * @throws {LongwatchError} `USAGE` for a container without a name, or one that no container can have.
 */
export function containersOf(words: readonly string[]): {
  readonly hosts: readonly string[];
  readonly called: readonly string[];
} {
  const called = words.filter(isContainer).map((word) => word.slice(SCHEME.length));
  const wrong = called.find((name) => !/^[\w.@:/-]{1,255}$/.test(name));
  if (wrong !== undefined)
    throw new LongwatchError(
      'USAGE',
      `${JSON.stringify(SCHEME + wrong)} names no container: give its id, its name or pid/NUMBER`,
    );
  return { hosts: words.filter((word) => !isContainer(word)), called: [...new Set(called)] };
}
