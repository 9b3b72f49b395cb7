/**
 * The URL of a module beside another, for a worker: TypeScript in a checkout, JavaScript in the built package.
 *
 * @param name Relative, without extension.
 */
export function moduleBeside(name: string, base: string): URL {
  return new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}

/** A folder of the product, as a URL: `rules` lies beside `src` in a checkout and beside `dist` in the package. */
export function resourceFolder(name: 'rules' | 'indicators' | 'site'): URL {
  return new URL(`../../${name}/`, import.meta.url);
}
