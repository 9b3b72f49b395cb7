import { fileURLToPath } from 'node:url';
import { detectors } from '../detectors/index.ts';
import { judgesObservations, sigmaDetector } from '../engine/sigma-detector.ts';
import { resourceFolder } from '../lib/places.ts';
import type { Detector } from '../model/detector.ts';
import { LongwatchError } from '../model/errors.ts';
import { readRuleFolder } from '../sigma/folder.ts';

/**
 * All rules that judge observations: those in code, our own Sigma rules, and those of further folders.
 *
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a folder that cannot be read, `RULE_REFUSED` for a bad rule in it: a rule
 *   that was asked for and is left out would look like "clear".
 */
export async function rulebook(folders: readonly string[]): Promise<readonly Detector[]> {
  const own: Detector[] = [...detectors];
  for (const folder of [fileURLToPath(resourceFolder('rules')), ...folders]) {
    for await (const reading of readRuleFolder(folder)) {
      if (reading.outcome === 'refused') {
        const [first] = reading.diagnostics;
        throw new LongwatchError(
          'RULE_REFUSED',
          `${reading.file}:${first?.line ?? 1}: ${first?.message ?? 'the rule is refused'}`,
        );
      }
      if (judgesObservations(reading.rule)) own.push(sigmaDetector(reading.rule));
    }
  }
  return [...new Map(own.map((detector) => [detector.id, detector])).values()];
}
