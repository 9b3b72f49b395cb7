import { fileURLToPath } from 'node:url';
import { resourceFolder } from '../../lib/places.ts';
import { LongwatchError } from '../../model/errors.ts';
import { readRuleFolder } from '../../sigma/folder.ts';
import { parsePlaceholders } from '../../sigma/placeholder-file.ts';
import type { RuleReading } from '../../sigma/read.ts';
import { textOf } from '../files.ts';
import type { Io } from '../io.ts';

/**
 * What the sub-commands share: rules come from folders, the product's own unless others are named.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a folder that cannot be read or holds no rules.
 */
export async function* readFolders(
  folders: readonly string[],
  { placeholders }: { readonly placeholders?: string },
  io: Io,
): AsyncGenerator<RuleReading> {
  const values =
    placeholders === undefined
      ? new Map<string, readonly string[]>()
      : parsePlaceholders(await textOf(placeholders, io));
  for (const folder of folders.length > 0 ? folders : [fileURLToPath(resourceFolder('rules'))]) {
    let found = false;
    for await (const reading of readRuleFolder(folder, { placeholders: values })) {
      found = true;
      yield reading;
    }
    if (!found) throw new LongwatchError('INPUT_UNREADABLE', `there are no rules in ${folder}`);
  }
}
