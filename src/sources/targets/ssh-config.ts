import type { Target } from '../../model/target.ts';
import { pairOf, placeOf, targetOf, wordsOf, type BadLine, type TargetsRead } from './reading.ts';

/**
 * The hosts that an ssh_config names: each word of a `Host` line that is no pattern. All else that it says of them is taken
 * by ssh itself, which is given the file. A comment of a block, `# role=hss site=north`, says what its hosts are.
 *
 * @param config Absolute path of the file.
 * @see ssh_config(5)
 */
export function sshConfigTargets(text: string, config: string): TargetsRead {
  const bad: BadLine[] = [];
  const blocks: { line: number; hosts: string[]; said: Map<string, string> }[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const [, keyword = '', rest = ''] = /^(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    if (line.startsWith('#')) {
      const pairs = wordsOf(line.slice(1)).map(pairOf);
      if (pairs.every((pair) => pair !== undefined))
        for (const [key, value] of pairs) blocks.at(-1)?.said.set(key, value);
    } else if (/^(host|match)$/i.test(keyword)) {
      const hosts = /^host$/i.test(keyword) ? wordsOf(rest).filter((word) => !/[*?!]/.test(word)) : [];
      blocks.push({ line: index + 1, hosts, said: new Map() });
    } else if (/^include$/i.test(keyword)) {
      bad.push({
        line: index + 1,
        reason: 'the hosts of an included file are no targets',
        remedy: 'give that file by --targets as well',
      });
    }
  }
  const targets: Target[] = [];
  for (const { line, hosts, said } of blocks) {
    for (const host of hosts) {
      const target = targetOf(host, { config, place: placeOf(said) });
      if ('reason' in target) bad.push({ line, ...target });
      else targets.push(target);
    }
  }
  return { targets, bad: bad.sort((a, b) => a.line - b.line) };
}
