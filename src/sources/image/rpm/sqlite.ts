import { DatabaseSync } from 'node:sqlite';

const MAGIC = 'SQLite format 3\0';

export function isSqlite(bytes: Uint8Array): boolean {
  return bytes.length >= 100 && Buffer.from(bytes.subarray(0, 16)).toString('latin1') === MAGIC;
}

/**
 * Headers out of rpmdb.sqlite, read in memory: nothing is written, and no file beside it is looked for.
 *
 * @throws Error when it is no database that SQLite reads.
 */
export function* headersOfSqlite(bytes: Uint8Array): Generator<Uint8Array> {
  const copy = Uint8Array.from(bytes);
  // The mode that keeps changes in a file beside, which memory has not; 1 is the plain one.
  copy.fill(1, 18, 20);
  const database = new DatabaseSync(':memory:', { defensive: true });
  try {
    database.deserialize(copy);
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON');
    // A view of that name would be a program of the intruder's.
    const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'Packages'").get();
    if (table === undefined) throw new Error('there is no table of packages in it');
    for (const { blob } of database.prepare('SELECT blob FROM Packages ORDER BY hnum').iterate()) {
      if (blob instanceof Uint8Array) yield blob;
    }
  } finally {
    database.close();
  }
}
