import { parentPort, workerData } from 'node:worker_threads';
import type { Recorded } from '../recorded.ts';
import { headersOfBdb, isBdb } from './bdb.ts';
import { filesOfHeader } from './header.ts';
import { headersOfNdb, isNdb } from './ndb.ts';
import { headersOfSqlite, isSqlite } from './sqlite.ts';

/** What the worker says: the files of all packages, or why there are none. */
export type Said = { readonly files: readonly Recorded[]; readonly packages: number } | { readonly fault: string };

const FILES = 3_000_000;

function said(bytes: Uint8Array): Said {
  const known = isSqlite(bytes) || isNdb(bytes) || isBdb(bytes, true) || isBdb(bytes, false);
  if (!known) return { fault: 'it is none of the databases that rpm has had' };
  const headers = isSqlite(bytes) ? headersOfSqlite(bytes) : isNdb(bytes) ? headersOfNdb(bytes) : headersOfBdb(bytes);
  const files: Recorded[] = [];
  let packages = 0;
  for (const header of headers) {
    const found = filesOfHeader(header);
    packages += found.length > 0 ? 1 : 0;
    for (const one of found) files.push(one);
    if (files.length > FILES) return { fault: `it lists more than ${FILES} files` };
  }
  return { files, packages };
}

try {
  parentPort?.postMessage(said(workerData as Uint8Array));
} catch (error) {
  parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) } satisfies Said);
}
