import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { resourceFolder } from '../../lib/places.ts';
import { LongwatchError } from '../../model/errors.ts';
import { readRuleFolder } from '../../sigma/folder.ts';
import type { Placeholders } from '../../sigma/modifiers/placeholders.ts';
import type { RuleReading } from '../../sigma/read.ts';
import { parsePlaceholders } from '../../sigma/placeholder-file.ts';

/** What the sub-commands share: rules come from folders, the product's own unless others are named. */
export async function* readFolders(
  folders: readonly string[],
  { placeholders }: { readonly placeholders?: string },
): AsyncGenerator<RuleReading> {
  const values =
    placeholders === undefined ? new Map<string, readonly string[]>() : await readPlaceholders(placeholders);
  for (const folder of folders.length > 0 ? folders : [fileURLToPath(resourceFolder('rules'))]) {
    yield* readRuleFolder(folder, { placeholders: values });
  }
}

async function readPlaceholders(file: string): Promise<Placeholders> {
  try {
    return parsePlaceholders(await readFile(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof LongwatchError) throw cause;
    throw new LongwatchError('INPUT_UNREADABLE', `the placeholders in ${file} cannot be read`, { cause });
  }
}
