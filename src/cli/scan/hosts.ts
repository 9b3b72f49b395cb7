import { resolve } from 'node:path';
import { LongwatchError } from '../../model/errors.ts';
import type { Unreached } from '../../model/result.ts';
import type { Target } from '../../model/target.ts';
import { isSshTarget } from '../../sources/ssh.ts';
import { readTargets } from '../../sources/targets/index.ts';
import { eachOnce } from '../../sources/targets/reading.ts';
import { nameOf, textOf } from '../files.ts';
import type { Io } from '../io.ts';

/** The hosts that the operator named, each once. */
export interface Hosts {
  readonly targets: readonly Target[];
  /** Lines that name no host, as hosts that could not be looked at: nobody may take them for seen. */
  readonly bad: readonly Unreached[];
}

/**
 * @param words Targets of the command line.
 * @param files Files of targets; `-` is standard input.
 * @throws {LongwatchError} `USAGE` for a word that is no target, and for files without any; `INPUT_UNREADABLE`.
 */
export async function hostsOf(words: readonly string[], files: readonly string[], io: Io): Promise<Hosts> {
  const wrong = words.find((word) => !isSshTarget(word));
  if (wrong !== undefined) throw new LongwatchError('USAGE', `${JSON.stringify(wrong)} is no target: give user@host`);
  const targets: Target[] = words.map((word) => ({ name: word, ssh: word }));
  const bad: Unreached[] = [];
  for (const file of files) {
    const read = readTargets(await textOf(file, io), file === '-' ? '/dev/stdin' : resolve(file));
    targets.push(...read.targets);
    for (const { line, reason, remedy } of read.bad) {
      const [host, hint] = [`${nameOf(file)}:${line}`, `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`];
      bad.push({ host, reason: 'unsupported', detail: reason, hint });
    }
    if (file === '-' && read.targets.some(({ config }) => config === '/dev/stdin'))
      throw new LongwatchError('USAGE', 'an ssh_config has to be a file, for ssh reads it as well');
  }
  if (files.length > 0 && targets.length === 0 && bad.length === 0)
    throw new LongwatchError('USAGE', `there is no target in ${files.map(nameOf).join(', ')}`);
  return { targets: eachOnce(targets), bad };
}
