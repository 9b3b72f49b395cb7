import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LongwatchError } from '../model/errors.ts';
import { Refusal } from './diagnostics.ts';
import { readRules, refusedFile } from './read.ts';
import type { ReadOptions, RuleReading } from './read.ts';

const RULE = /(?<!\.test)\.ya?ml$/;

/**
 * Reads every rule file of a folder and of those below it, in the order of their paths; or one file. `*.test.yml` files hold
 * events for the rules beside them and are left out, and links to folders are not followed.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` when the folder itself cannot be read. A file that cannot be read is a result.
 */
export async function* readRuleFolder(path: string, options: ReadOptions = {}): AsyncGenerator<RuleReading> {
  const files = await ruleFiles(path);
  const [first] = files;
  let ahead = first === undefined ? undefined : contentOf(first);
  for (const [index, file] of files.entries()) {
    const content = await ahead;
    // The next file is read from disk while this one is parsed.
    const next = files[index + 1];
    ahead = next === undefined ? undefined : contentOf(next);
    if (content instanceof Refusal) yield refusedFile(file, content);
    else if (content !== undefined) yield* readRules(file, content, options);
  }
}

async function contentOf(file: string): Promise<Uint8Array | Refusal> {
  try {
    return await readFile(file);
  } catch (error) {
    return new Refusal('FILE_UNREADABLE', String(error), { line: 1, column: 1 });
  }
}

async function ruleFiles(path: string): Promise<readonly string[]> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory() && RULE.test(entry.name));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (cause) {
    throw new LongwatchError('INPUT_UNREADABLE', `the rules in ${path} cannot be read`, { cause, details: { path } });
  }
}
