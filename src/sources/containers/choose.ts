import { printable } from '../../lib/printable.ts';
import type { Container, Containers } from './find.ts';

/** How many containers a sentence names; a host may have hundreds. */
const TOLD = 12;

/**
 * The container that a word means: its id or the beginning of it (four digits at least), its name, or `pid/NUMBER`, one of its processes.
 *
 * @returns A sentence without its full stop where it is none, or not one alone, which says which there are.
 */
export function containerCalled(word: string, { containers, processes, unseen }: Containers): Container | string {
  const fits = fitting(word, containers);
  const [only] = fits;
  if (only !== undefined && fits.length === 1) return only;
  if (fits.length > 1) return `${JSON.stringify(word)} may mean ${listOf(fits)}`;
  const hidden = unseen === 0 ? '' : `; the namespaces of ${unseen} of ${processes} processes could not be seen`;
  return containers.length === 0
    ? `no container runs there${hidden}`
    : `no container is called ${JSON.stringify(word)}; there are ${listOf(containers)}${hidden}`;
}

function fitting(word: string, containers: readonly Container[]): readonly Container[] {
  const [, pid] = /^pid\/(\d{1,10})$/.exec(word) ?? [];
  if (pid !== undefined) {
    const number = Number(pid);
    // One within another holds its processes too: the inner one, which is smaller, is meant.
    const around = containers.filter(({ pids }) => pids.has(number));
    return around.toSorted((a, b) => a.pids.size - b.pids.size).slice(0, 1);
  }
  const exact = containers.filter(({ id, short }) => id === word || short === word);
  if (exact.length > 0) return exact;
  const named = containers.filter(({ name }) => name === word);
  if (named.length > 0) return named;
  return /^[0-9a-f]{4,64}$/.test(word) ? containers.filter(({ id }) => id.startsWith(word)) : [];
}

function listOf(containers: readonly Container[]): string {
  const told = containers.slice(0, TOLD).map(({ short, runtime, name, init }) => {
    const about = [runtime, ...(name === undefined || name === short ? [] : [name]), `pid/${init}`];
    return `${printable(short)} (${about.join(' ')})`;
  });
  const more = containers.length > TOLD ? [`${containers.length - TOLD} more`] : [];
  return [...told, ...more].join(', ');
}
