import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LongwatchError } from '../model/errors.ts';
import type { IndicatorReading } from './indicator.ts';
import { readIndicators } from './read.ts';

const LIMIT_BYTES = 64 << 20;
const LIMIT_FILES = 4096;
const TAKEN = /\.(?:ya?ml|json|txt|ioc|list|csv)$/i;

/**
 * Reads one file of indicators, or those of a folder in the order of their names.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` when the path itself cannot be read. A file that cannot is told in its reading.
 */
export async function readIndicatorFolder(path: string): Promise<readonly IndicatorReading[]> {
  const readings: IndicatorReading[] = [];
  for (const file of await filesOf(path)) readings.push(await readFileOf(file));
  return readings;
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const names = (await readdir(path)).filter((name) => TAKEN.test(name)).sort();
    return names.slice(0, LIMIT_FILES).map((name) => join(path, name));
  } catch (cause) {
    throw new LongwatchError('INPUT_UNREADABLE', `the indicators in ${path} cannot be read`, {
      cause,
      details: { path },
    });
  }
}

async function readFileOf(file: string): Promise<IndicatorReading> {
  const refused = (reason: string): IndicatorReading => ({ indicators: [], issues: [{ file, line: 1, reason }] });
  try {
    const about = await stat(file);
    if (!about.isFile()) return refused('it is no file');
    if (about.size > LIMIT_BYTES) return refused(`it is larger than ${LIMIT_BYTES >> 20} MiB`);
    return readIndicators(file, await readFile(file, 'utf8'));
  } catch (error) {
    return refused(`it cannot be read: ${String(error).slice(0, 200)}`);
  }
}
