// Writes docs/reference/ from what the code and the rules say of themselves, and the transcripts of docs/guides/ from what the
// commands print. With --check it only says what is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { searchedWords } from '../src/app/indicators.ts';
import { lookScript } from '../src/app/look.ts';
import { detectors } from '../src/detectors/index.ts';
import { publishedIndicator } from '../src/detectors/linux/published-indicator.ts';
import { TOPICS } from '../src/detectors/topics.ts';
import { oddityFamilies } from '../src/hunt/oddities/index.ts';
import { readRuleFolder } from '../src/sigma/folder.ts';
import type { Rule } from '../src/sigma/rule.ts';
import { collectorPage } from './collector-page.ts';
import { errorsPage, odditiesPage, rulesPage } from './reference.ts';
import { retold } from './transcripts.ts';
import { ERROR_CODES } from '../src/model/errors.ts';

const root = resolve(import.meta.dirname, '..');

async function rules(): Promise<readonly Rule[]> {
  const found: Rule[] = [];
  for await (const reading of readRuleFolder(join(root, 'rules'))) {
    if (reading.outcome !== 'refused') found.push(reading.rule);
  }
  return found;
}

/** The guides in which commands are shown with what they print. */
async function guides(): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  for (const name of readdirSync(join(root, 'docs/guides'))) {
    const text = readFileSync(join(root, 'docs/guides', name), 'utf8');
    pages[`docs/guides/${name}`] = await retold(text);
  }
  return pages;
}

const NO_NONCE = '0'.repeat(32);
const words = await searchedWords([]);
const ours = await rules();
const pages = {
  ...(await guides()),
  'docs/reference/rules.md': rulesPage(ours, [...detectors, publishedIndicator([])], TOPICS),
  'docs/reference/oddities.md': odditiesPage(oddityFamilies, ours),
  'docs/reference/errors.md': errorsPage(ERROR_CODES),
  'docs/reference/collector.md': collectorPage(
    lookScript({ borrow: true, words }, NO_NONCE),
    lookScript({ borrow: false, words }, NO_NONCE),
  ),
};
const stale = Object.entries(pages).filter(
  ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale; run ./longwatch npm run docs`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(join(root, 'docs/reference'), { recursive: true });
  for (const [path, text] of stale) writeFileSync(join(root, path), text);
}
