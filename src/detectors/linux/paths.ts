import { shellQuote } from '../../lib/shell-quote.ts';

/** Folders that the Filesystem Hierarchy Standard leaves to the distribution: what lies there comes from packages. */
const OF_THE_DISTRIBUTION = /^\/(?:bin|sbin|lib\w*|usr\/(?!local\/|src\/)[^/]+)\//;

/** Whether a canonical path lies among the programs of the distribution. */
export function isOfTheDistribution(path: string): boolean {
  return OF_THE_DISTRIBUTION.test(path);
}

const FOR_EVERYBODY = /^\/(?:tmp|var\/tmp)(?:\/|$)/;

/** Whether everybody may write there. */
export function isForEverybody(path: string): boolean {
  return FOR_EVERYBODY.test(path);
}

export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `..` and `.` in a link's target are followed; an absolute target stands for itself. */
export function join(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of (target.startsWith('/') ? target : `${folder}/${target}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A path as a word of a command that people may copy. No path holds a NUL byte: a forged one must not silence a rule. */
export function quoted(path: string): string {
  return shellQuote(path.replaceAll('\0', '\\0'));
}
