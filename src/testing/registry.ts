import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

interface Listed {
  readonly id: string;
}

/**
 * What is wrong with a list of plug-ins, compared with the files of a folder: exported and not listed, listed and not
 * exported, an id twice, an id that is not `folder/file` (a file of several values gives each a name that begins with the
 * folder). A sound list gives none.
 *
 * @param isPlugIn Whether an exported value is one of the kind, such as an object with `parse`.
 */
export async function faultsOf(
  folder: URL,
  list: readonly Listed[],
  isPlugIn: (value: object) => boolean,
): Promise<string[]> {
  const faults: string[] = [];
  const exported = new Map<object, string>();
  const paths = (await readdir(folder, { recursive: true }))
    .filter((path) => path.endsWith('.ts') && path.includes('/') && !path.endsWith('.test.ts'))
    .sort();
  for (const path of paths) {
    const module = (await import(new URL(path, folder).href)) as Record<string, unknown>;
    const found = Object.values(module).filter(
      (value): value is Listed => typeof value === 'object' && value !== null && isPlugIn(value),
    );
    for (const value of found) {
      exported.set(value, path);
      const wanted = `${dirname(path)}/${basename(path, '.ts')}`;
      if (found.length === 1 && value.id !== wanted) faults.push(`${path}: the id is ${value.id}, not ${wanted}`);
      if (!value.id.startsWith(`${dirname(path)}/`)) faults.push(`${path}: the id ${value.id} names another folder`);
      if (!list.includes(value)) faults.push(`${path}: ${value.id} is not listed`);
    }
  }
  for (const one of list)
    if (!exported.has(one)) faults.push(`${one.id} is listed and no file of the folder exports it`);
  const ids = list.map(({ id }) => id);
  faults.push(...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is listed twice`));
  return faults;
}
