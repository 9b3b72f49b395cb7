/**
 * A folder that ships beside the program: the rules, or the template of an operator's own. This file lies two folders below
 * the package's root, as source (`src/lib`) and as built (`dist/lib`) alike.
 */
export function resourceFolder(name: 'rules' | 'site'): URL {
  return new URL(`../../${name}/`, import.meta.url);
}
