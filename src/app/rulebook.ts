import { fileURLToPath } from 'node:url';
import { detectors } from '../detectors/index.ts';
import { publishedIndicator } from '../detectors/linux/published-indicator.ts';
import { judgesObservations, RulesTogether, sigmaDetector } from '../engine/sigma-detector.ts';
import { wireDetector } from '../engine/wire-detector.ts';
import { resourceFolder } from '../lib/places.ts';
import type { Detector } from '../model/detector.ts';
import { LongwatchError } from '../model/errors.ts';
import { readRuleFolder } from '../sigma/folder.ts';
import type { LogSource } from '../sigma/rule.ts';
import { loadIndicators } from './indicators.ts';
import { loadMappings } from './mappings.ts';

interface Book {
  readonly detectors: readonly Detector[];
  readonly leftOut: readonly LeftOut[];
}

/** Rules of one folder for one source of logs. */
export interface LeftOut {
  readonly folder: string;
  readonly source: string;
  readonly rules: number;
}

const read = new Map<string, Promise<Book>>();

/**
 * All rules that judge observations: those in code, our own Sigma rules, and those of further folders; and one that compares
 * indicators. Read once. Rules for logs that are not read here are left out, and counted.
 *
 * @param indicators Files and folders of indicators, beside the published ones.
 * @throws {LongwatchError} `INPUT_UNREADABLE` for a folder that cannot be read, `RULE_REFUSED` for a rule in it that cannot
 *   be used: one that was asked for and is left out would look like "clear".
 */
export async function rulebook(
  folders: readonly string[],
  indicators: readonly string[] = [],
): Promise<readonly Detector[]> {
  return (await bookOf(folders, indicators)).detectors;
}

/** The rules of given folders that judge logs which are not read here, by their source. */
export async function rulesLeftOut(
  folders: readonly string[],
  indicators: readonly string[] = [],
): Promise<readonly LeftOut[]> {
  return (await bookOf(folders, indicators)).leftOut;
}

function bookOf(folders: readonly string[], indicators: readonly string[]): Promise<Book> {
  const key = JSON.stringify([folders, indicators]);
  const book = read.get(key) ?? readBook(folders, indicators);
  read.set(key, book);
  return book;
}

async function readBook(folders: readonly string[], indicators: readonly string[]): Promise<Book> {
  const published = publishedIndicator((await loadIndicators(indicators)).indicators);
  const together = new RulesTogether();
  const mappings = await loadMappings();
  const book = new Map([...detectors, published].map((detector) => [detector.id, detector]));
  const leftOut = new Map<string, LeftOut>();
  for (const folder of [fileURLToPath(resourceFolder('rules')), ...folders]) {
    for await (const reading of readRuleFolder(folder)) {
      const refuse = (line: number, why: string) =>
        new LongwatchError('RULE_REFUSED', `${reading.file}:${line}: ${why}`);
      if (reading.outcome === 'refused') {
        const [first] = reading.diagnostics;
        throw refuse(first?.line ?? 1, first?.message ?? 'the rule is refused');
      }
      const { rule } = reading;
      const detector = judgesObservations(rule) ? sigmaDetector(rule, together) : wireDetector(rule, mappings);
      if (detector === undefined) {
        if (rule.taxonomy === 'longwatch')
          throw refuse(1, 'the rule judges no observation: its category is none of their kinds');
        const source = sourceText(rule.logsource);
        const rules = (leftOut.get(`${folder} ${source}`)?.rules ?? 0) + 1;
        leftOut.set(`${folder} ${source}`, { folder, source, rules });
        continue;
      }
      if (book.has(detector.id)) throw refuse(1, `there is a rule ${detector.id} already`);
      book.set(detector.id, detector);
    }
  }
  return { detectors: [...book.values()], leftOut: [...leftOut.values()] };
}

function sourceText({ product, category, service }: LogSource): string {
  return [product, category, service].filter((word) => word !== undefined).join('/');
}
