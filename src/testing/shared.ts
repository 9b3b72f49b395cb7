import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A path in the data that lies beside a developer's checkout, or undefined where that data is absent: such tests are skipped by name. */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const path = fileURLToPath(new URL(['../../../shared', ...parts].join('/'), import.meta.url));
  return existsSync(path) ? path : undefined;
}
