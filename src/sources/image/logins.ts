import { concat, utf8 } from '../../lib/bytes.ts';
import { LOGIN_FILES } from '../../model/settings-files.ts';
import { isUnseen } from '../../model/unseen.ts';
import { add, addFile, miss, textOf, type Image } from './image.ts';

/** A year of logins of a busy host; the records of live hosts are looked at by their last 1,200. */
const FILE_LIMIT = 16 << 20;

/** The artifact `files/logins`, as `tail -v` prints several files: `==> PATH <==` before the records of each. */
export function addLogins(image: Image): void {
  const parts: Uint8Array[] = [];
  for (const path of LOGIN_FILES) {
    const read = image.tree.read(path, FILE_LIMIT);
    if (typeof read === 'string') {
      if (read === 'denied') miss(image, 'files/logins', read, path);
      continue;
    }
    if (read.cut) miss(image, 'files/logins', 'truncated', `${path}: the first ${FILE_LIMIT} bytes are read`);
    parts.push(utf8(`${parts.length === 0 ? '' : '\n'}==> ${path} <==\n`), read.bytes);
  }
  if (parts.length > 0) add(image, 'files/logins', concat(parts));
  else miss(image, 'files/logins', 'absent', `none of ${LOGIN_FILES.join(', ')} is there`);
}

/** The accounts, and of each password only whether there is one: the hash is never taken along. */
export function addAccounts(image: Image): void {
  addFile(image, '/etc/passwd');
  const shadow = textOf(image, '/etc/shadow');
  if (isUnseen(shadow)) {
    miss(image, 'command/shadow-states', shadow.unseen);
    return;
  }
  const states = shadow.split('\n').flatMap((line) => {
    const [name, password] = line.split(':');
    return name === undefined || password === undefined ? [] : [`${name}:${stateOf(password)}\n`];
  });
  add(image, 'command/shadow-states', states.join(''));
}

/** @see shadow(5): no hash begins with `!` or `*`. */
function stateOf(password: string): 'set' | 'locked' | 'none' {
  if (password === '') return 'none';
  return /^[!*]/.test(password) ? 'locked' : 'set';
}
