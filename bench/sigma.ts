// Events a second of the Sigma engine, on made-up process starts and audit records: one JSON object on stdout.
// With the public Linux rules where their corpus lies beside the checkout, else with our own.
//
//   node bench/sigma.ts [EVENTS]
import { fileURLToPath } from 'node:url';
import { resourceFolder } from '../src/lib/places.ts';
import { parseEvent } from '../src/sigma/event.ts';
import { readRuleFolder } from '../src/sigma/folder.ts';
import { compileRules } from '../src/sigma/match.ts';
import type { Rule } from '../src/sigma/rule.ts';
import { sharedPath } from '../src/testing/shared.ts';

const BATCH = 1024;
const count = Number(process.argv[2] ?? 20_000);

const timed = <Result>(work: () => Result): [Result, number] => {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
};

/** Half process starts, half audit records, as NDJSON lines; every 500th does something that a public rule tells. */
function* lines(): Generator<string> {
  for (let number = 0; number < count; number++) {
    const at = new Date(Date.UTC(2026, 2, 4) + number * 1000).toISOString();
    const planted = number % 500 === 0;
    if (number % 2 === 0) {
      const command = planted ? 'crontab /tmp/.x' : `tail -n ${number} /srv/app/log`;
      yield JSON.stringify({
        '@timestamp': at,
        EventID: 1,
        ProcessId: number % 65_536,
        Image: `/usr/bin/${command.split(' ')[0]}`,
        CommandLine: command,
        CurrentDirectory: '/srv/app/',
        User: 'alice',
        ParentImage: '/usr/bin/bash',
        ParentCommandLine: `bash -c run${number % 97}`,
      });
    } else {
      yield JSON.stringify({
        '@timestamp': at,
        type: 'SYSCALL',
        syscall: 'openat',
        success: 'yes',
        exit: String(number % 7),
        pid: number % 65_536,
        auid: 1000,
        comm: `job${number % 50}`,
        exe: `/usr/bin/job${number % 50}`,
      });
    }
  }
}

const corpus = sharedPath('corpus', 'sigma', 'rules', 'rules', 'linux');
const rules: Rule[] = [];
const loadStart = performance.now();
for await (const reading of readRuleFolder(corpus ?? fileURLToPath(resourceFolder('rules')))) {
  if (reading.outcome !== 'refused') rules.push(reading.rule);
}
const loadMs = performance.now() - loadStart;
const [ruleSet, compileMs] = timed(() => compileRules(rules));
const texts = [...lines()];
const [events, parseMs] = timed(() => texts.map(parseEvent));
const [matches, matchMs] = timed(() => {
  let found = 0;
  for (let start = 0; start < events.length; start += BATCH)
    ruleSet.match(events.slice(start, start + BATCH), () => found++);
  return found;
});

const perSecond = (ms: number) => Math.round((count / ms) * 1000);
process.stdout.write(
  `${JSON.stringify({
    rules: rules.length,
    events: count,
    matches,
    loadMs: Math.round(loadMs),
    compileMs: Math.round(compileMs),
    parsedPerSecond: perSecond(parseMs),
    matchedPerSecond: perSecond(matchMs),
    eventsPerSecond: perSecond(parseMs + matchMs),
    peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
  })}\n`,
);
