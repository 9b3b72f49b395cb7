import { concat, utf8 } from '../../lib/bytes.ts';
import { sha256 } from '../../lib/hash.ts';
import { linesOf } from '../../lib/lines.ts';
import type { Origin } from '../../model/artifact.ts';
import { LOGIN_FILES } from '../../model/settings-files.ts';
import { Gathered } from './gathered.ts';
import { add, addFile, memberOf, miss, type Image } from './image.ts';

/** A year of logins of a busy host; the records of live hosts are looked at by their last 1,200. */
const FILE_LIMIT = 16 << 20;

/** The artifact `files/logins`, as `tail -v` prints several files: `==> PATH <==` before the records of each. */
export function addLogins(image: Image): void {
  const parts: Uint8Array[] = [];
  const origins: Origin[] = [];
  let offset = 0;
  for (const path of LOGIN_FILES) {
    const read = image.tree.read(path, FILE_LIMIT);
    if (typeof read === 'string') {
      if (read === 'denied') miss(image, 'files/logins', read, path);
      continue;
    }
    if (read.cut) miss(image, 'files/logins', 'truncated', `${path}: the first ${FILE_LIMIT} bytes are read`);
    const head = utf8(`${parts.length === 0 ? '' : '\n'}==> ${path} <==\n`);
    parts.push(head, read.bytes);
    offset += head.length;
    const whole = { line: 1, originalLine: 1, originalOffset: 0 };
    origins.push({ name: memberOf(image, path), sha256: sha256(read.bytes), offset, ...whole });
    offset += read.bytes.length;
  }
  if (parts.length > 0) add(image, 'files/logins', concat(parts), { origins });
  else miss(image, 'files/logins', 'absent', `none of ${LOGIN_FILES.join(', ')} is there`);
}

/** The accounts, and of each password only whether there is one: the hash is never taken along. */
export function addAccounts(image: Image): void {
  addFile(image, '/etc/passwd');
  const shadow = image.tree.read(SHADOW, 16 << 20);
  if (typeof shadow === 'string') {
    miss(image, 'command/shadow-states', shadow);
    return;
  }
  const states = new Gathered(image);
  for (const { text, number } of linesOf(shadow.bytes)) {
    const [name, password] = text.split(':');
    if (name !== undefined && password !== undefined)
      states.add(`${name}:${stateOf(password)}`, SHADOW, shadow.bytes, number);
  }
  states.into('command/shadow-states');
}

const SHADOW = '/etc/shadow';

/** @see shadow(5): no hash begins with `!` or `*`. */
function stateOf(password: string): 'set' | 'locked' | 'none' {
  if (password === '') return 'none';
  return /^[!*]/.test(password) ? 'locked' : 'set';
}
