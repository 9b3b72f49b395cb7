import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readIndicatorFolder } from '../indicators/folder.ts';
import type { IndicatorReading } from '../indicators/indicator.ts';
import { resourceFolder } from '../lib/places.ts';

const read = new Map<string, Promise<IndicatorReading>>();

/**
 * The published indicators, those of the operator's `site/indicators` where there is one, and those of further files and
 * folders. Read once.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a path that cannot be read. An entry that cannot be used is an issue.
 */
export function loadIndicators(paths: readonly string[]): Promise<IndicatorReading> {
  const key = JSON.stringify(paths);
  const all = read.get(key) ?? readAll(paths);
  read.set(key, all);
  return all;
}

async function readAll(paths: readonly string[]): Promise<IndicatorReading> {
  const own = fileURLToPath(new URL('indicators/', resourceFolder('site')));
  const folders = [fileURLToPath(resourceFolder('indicators')), ...(existsSync(own) ? [own] : []), ...paths];
  const readings = (await Promise.all(folders.map((folder) => readIndicatorFolder(folder)))).flat();
  return {
    indicators: readings.flatMap(({ indicators }) => indicators),
    issues: readings.flatMap(({ issues }) => issues),
  };
}

/** The words among them: what a look searches running programs of no package for. */
export async function searchedWords(paths: readonly string[]): Promise<readonly string[]> {
  const { indicators } = await loadIndicators(paths);
  return [...new Set(indicators.flatMap(({ kind, value }) => (kind === 'word' ? [value] : [])))];
}
