// Writes docs/reference/ from what the code and the rules say of themselves. With --check it only says what is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorsPage, readRules, rulesPage, type Judgement } from './reference.ts';
import { ERROR_CODES } from '../src/model/errors.ts';

const root = resolve(import.meta.dirname, '..');

/** The detectors that are registered; none where the registry does not exist yet. */
async function detectors(): Promise<readonly Judgement[]> {
  const registry = join(root, 'src/detectors/index.ts');
  if (!existsSync(registry)) return [];
  return ((await import(pathToFileURL(registry).href)) as { detectors: readonly Judgement[] }).detectors;
}

const pages = {
  'docs/reference/rules.md': rulesPage(readRules(join(root, 'rules')), await detectors()),
  'docs/reference/errors.md': errorsPage(ERROR_CODES),
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
