import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../shared/', import.meta.url));

/**
 * A path in the data that stands beside the checkout, or undefined where there is none: tests that need it are then skipped.
 *
 * @example
 * const corpus = sharedPath('corpus', 'bpf');
 * describe.skipIf(corpus === undefined)('over the corpus', …);
 */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const path = root + parts.join('/');
  return existsSync(path) ? path : undefined;
}
