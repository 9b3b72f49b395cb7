import { shellQuote } from '../../lib/shell-quote.ts';
import type { Target } from '../../model/target.ts';
import { pairOf, placeOf, targetOf, wordsOf, type BadLine, type TargetsRead } from './reading.ts';

const KEYS = ['role', 'site', 'port', 'config'];

/** One target a line: `audit@hss1 role=hss site=north port=2222`, comments after `#`. */
export function plainTargets(text: string): TargetsRead {
  const targets: Target[] = [];
  const bad: BadLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [ssh, ...rest] = wordsOf(line);
    if (ssh === undefined) continue;
    const pairs = rest.map((word) => [word, pairOf(word)] as const);
    const wrong = pairs.find(([, pair]) => pair === undefined || !KEYS.includes(pair[0]));
    const said = new Map(pairs.flatMap(([, pair]) => (pair === undefined ? [] : [pair])));
    const target =
      wrong === undefined
        ? targetOf(ssh, { port: said.get('port'), config: said.get('config'), place: placeOf(said) })
        : {
            reason: `${JSON.stringify(wrong[0].slice(0, 100))} says nothing of a target`,
            remedy: `after user@host stand ${KEYS.map((key) => `${key}=…`).join(', ')} alone, one target a line`,
          };
    if ('reason' in target) bad.push({ line: index + 1, ...target });
    else targets.push(target);
  }
  return { targets, bad };
}

/** A line that `plainTargets` reads as this target. */
export function plainLine({ ssh, port, config, place }: Target): string {
  const said = { role: place?.role, site: place?.site, port, config };
  const pairs = Object.entries(said).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${quoted(value)}`],
  );
  return [ssh, ...pairs].join(' ');
}

/** No word of a file of targets holds both kinds of quotes or a line feed: it came from one. */
function quoted(value: string | number): string {
  const text = String(value);
  return text.includes("'") ? `"${text}"` : shellQuote(text);
}
