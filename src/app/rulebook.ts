import { fileURLToPath } from 'node:url';
import { detectors } from '../detectors/index.ts';
import { publishedIndicator } from '../detectors/linux/published-indicator.ts';
import { judgesObservations, RulesTogether, sigmaDetector } from '../engine/sigma-detector.ts';
import { resourceFolder } from '../lib/places.ts';
import type { Detector } from '../model/detector.ts';
import { LongwatchError } from '../model/errors.ts';
import { readRuleFolder } from '../sigma/folder.ts';
import { loadIndicators } from './indicators.ts';

const read = new Map<string, Promise<readonly Detector[]>>();

/**
 * All rules that judge observations: those in code, our own Sigma rules, and those of further folders; and one that compares
 * indicators. Read once.
 *
 * @param indicators Files and folders of indicators, beside the published ones.
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a folder that cannot be read, `RULE_REFUSED` for a rule in it that cannot
 *   be used: one that was asked for and is left out would look like "clear".
 */
export function rulebook(folders: readonly string[], indicators: readonly string[] = []): Promise<readonly Detector[]> {
  const key = JSON.stringify([folders, indicators]);
  const book = read.get(key) ?? readBook(folders, indicators);
  read.set(key, book);
  return book;
}

async function readBook(folders: readonly string[], indicators: readonly string[]): Promise<readonly Detector[]> {
  const published = publishedIndicator((await loadIndicators(indicators)).indicators);
  const together = new RulesTogether();
  const book = new Map([...detectors, published].map((detector) => [detector.id, detector]));
  for (const folder of [fileURLToPath(resourceFolder('rules')), ...folders]) {
    for await (const reading of readRuleFolder(folder)) {
      const refuse = (line: number, why: string) =>
        new LongwatchError('RULE_REFUSED', `${reading.file}:${line}: ${why}`);
      if (reading.outcome === 'refused') {
        const [first] = reading.diagnostics;
        throw refuse(first?.line ?? 1, first?.message ?? 'the rule is refused');
      }
      if (!judgesObservations(reading.rule)) {
        throw refuse(
          1,
          'the rule judges no observation of a host: it takes the taxonomy longwatch and a kind as its category',
        );
      }
      const detector = sigmaDetector(reading.rule, together);
      if (book.has(detector.id)) throw refuse(1, `there is a rule ${detector.id} already`);
      book.set(detector.id, detector);
    }
  }
  return [...book.values()];
}
