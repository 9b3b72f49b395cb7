import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LongwatchError } from '../model/errors.ts';
import { Refusal } from './diagnostics.ts';
import { LIMIT_BYTES, readRules, refusedFile, tooLarge } from './read.ts';
import type { ReadOptions, RuleReading } from './read.ts';

const RULE = /(?<!\.(?:test|mapping))\.ya?ml$/;
// Files are small: opening them takes longer than reading them, so some are opened at once.
const TOGETHER = 32;

/**
 * Reads every rule file of a folder and of those below it, in the order of their paths; or one file. `*.test.yml` files hold
 * events for the rules beside them, `*.mapping.yml` names of fields: both are left out, and links to folders are not followed.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` when the folder itself cannot be read. A file that cannot be read is a result.
 */
export async function* readRuleFolder(path: string, options: ReadOptions = {}): AsyncGenerator<RuleReading> {
  const files = await ruleFiles(path);
  for (let start = 0; start < files.length; start += TOGETHER) {
    const some = files.slice(start, start + TOGETHER);
    const contents = await Promise.all(some.map(contentOf));
    for (const [index, content] of contents.entries()) {
      const file = some[index] ?? path;
      if (content instanceof Refusal) yield refusedFile(file, content);
      else yield* readRules(file, content, options);
    }
  }
}

async function contentOf(file: string): Promise<Uint8Array | Refusal> {
  try {
    // Asked first, so that a huge file is not read to be refused.
    const about = await stat(file);
    if (!about.isFile()) return new Refusal('FILE_UNREADABLE', 'it is no file', { line: 1, column: 1 });
    return about.size > LIMIT_BYTES ? tooLarge() : await readFile(file);
  } catch (error) {
    return new Refusal('FILE_UNREADABLE', String(error), { line: 1, column: 1 });
  }
}

async function ruleFiles(path: string): Promise<readonly string[]> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && RULE.test(entry.name));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (cause) {
    throw new LongwatchError('INPUT_UNREADABLE', `the rules in ${path} cannot be read`, { cause, details: { path } });
  }
}
