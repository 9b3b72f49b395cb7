import { networkOf } from '../lib/network.ts';
import { Collection } from './collect.ts';
import { isDomain, type IndicatorKind, type IndicatorReading } from './indicator.ts';

/**
 * A plain list: one value a line, of which the form says the kind; `#` begins a comment. Lines of md5sum(1) and sha256sum(1)
 * are read by their digest. Dots, brackets and schemes that make an address harmless (`1.2.3[.]4`, `hxxp://`) are undone.
 */
export function readPlainList(file: string, text: string): IndicatorReading {
  const collection = new Collection(file);
  const family = file.slice(file.lastIndexOf('/') + 1);
  for (const [index, line] of text.split('\n').entries()) {
    const at = () => index + 1;
    const value = line
      .trim()
      .replace(/(?:^|\s)#.*$/, '')
      .trim();
    if (value === '') continue;
    const [, digest] = /^([0-9a-f]{32,64})(?:\s+\S.*)?$/i.exec(value) ?? [];
    const plain = digest ?? value.replaceAll(/\[\.\]|\(\.\)/g, '.').replace(/^\w+:\/\/([^/:]+)\S*$/, '$1');
    const kind = kindOf(plain);
    if (kind === undefined) collection.issue(at, `${JSON.stringify(value.slice(0, 80))} has no form that is known`);
    else collection.add(kind, plain, { family, source: file, perishable: true }, at);
  }
  return collection.reading();
}

const DIGESTS: ReadonlyMap<number, IndicatorKind> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [64, 'sha256'],
]);

function kindOf(value: string): IndicatorKind | undefined {
  if (/^[0-9a-f]+$/i.test(value) && DIGESTS.has(value.length)) return DIGESTS.get(value.length);
  if (value.startsWith('/')) return 'path';
  if (networkOf(value) !== undefined) return 'address';
  // A name of a file with a dot has the form of a host as well; suffixes of programs tell them apart.
  if (/\.(?:so(?:\.\d+)*|ko|sh|py|pl|php|pid|lock|service|conf|txt|elf|bin)$/i.test(value)) return 'name';
  if (isDomain(value)) return 'domain';
  return /^[\w.+@-]{2,128}$/.test(value) ? 'name' : undefined;
}
