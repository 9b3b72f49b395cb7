import type { Command } from 'commander';
import { printable } from '../../lib/printable.ts';
import { shellQuote } from '../../lib/shell-quote.ts';
import type { Unreached } from '../../model/result.ts';
import type { Target } from '../../model/target.ts';
import { plainLine } from '../../sources/targets/plain.ts';

/** A host that could not be looked at; no target is this host. */
export interface Miss {
  readonly target: Target | undefined;
  readonly why: Unreached;
}

/** A line for each cause, by host: the host and what it said where it is one, the hosts where it is several. */
export function failureLines(misses: readonly Miss[]): string[] {
  const sorted = misses.toSorted((a, b) => (a.why.host < b.why.host ? -1 : 1));
  const causes = Map.groupBy(sorted, ({ why }) => `${why.cause ?? why.detail}\n${why.hint}`);
  return [...causes.values()].map((alike) => {
    const [{ why } = alike[0] as Miss] = alike;
    const hosts = alike.map((one) => one.why.host);
    return alike.length === 1
      ? `longwatch scan: ${why.host} could not be looked at: ${printable(why.detail)}. ${why.hint}\n`
      : `longwatch scan: ${alike.length} hosts: ${printable(why.cause ?? why.detail)}: ${hosts.join(', ')}. ${why.hint}\n`;
  });
}

/** A file of targets with the hosts that could not be looked at. */
export function failedTargets(misses: readonly Miss[]): string {
  const lines = misses.flatMap(({ target, why }) =>
    target === undefined ? [] : [`# ${printable(why.cause ?? why.detail)}\n${plainLine(target)}\n`],
  );
  return `# longwatch scan: hosts that could not be looked at\n${lines.sort().join('')}`;
}

/** The command that looks at the hosts of a file of targets as this one did at its own, or at containers there. */
export function againCommand(program: Command, file: string, containers: readonly string[] = []): string {
  const words = program.options.flatMap((option) => {
    const name = option.attributeName();
    const flag = option.long ?? '';
    if (program.getOptionValueSource(name) !== 'cli' || flag === '--targets') return [];
    const value: unknown = program.getOptionValue(name);
    if (typeof value === 'boolean') return [flag];
    return [value].flat().flatMap((one) => [flag, shellQuote(String(one))]);
  });
  return ['longwatch scan', ...containers.map(shellQuote), ...words, '--targets', shellQuote(file)].join(' ');
}
