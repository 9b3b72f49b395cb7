import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFleet, type Fleet } from '../../testing/fleet.ts';
import { runInMemory } from '../../testing/io.ts';
import { PASSWORD, sshdNeeds } from '../../testing/sshd.ts';
import { needs } from '../../testing/tools.ts';
import { run as scan } from '../scan.ts';

const sudo = needs('sudo');
const linesOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.skipIf(sshdNeeds.missing || sudo.missing)(
  `forty hosts ${sshdNeeds.label} ${sudo.label}`,
  { timeout: 180_000 },
  () => {
    let fleet: Fleet;
    beforeAll(async () => void (fleet = await startFleet({ asks: true })));
    afterAll(() => fleet.stop());

    const scanned = async (...args: string[]) => {
      const questions: string[] = [];
      const secret = async (question: string) => (questions.push(question), new TextEncoder().encode(PASSWORD));
      const { status, out, err } = await runInMemory(
        scan,
        [...args, '--become', 'sudo', '--jobs', '4', '--format', 'ndjson', '--include', 'verdicts'],
        { secret },
      );
      const lines = linesOf(out);
      const of = (record: string) => lines.filter((line) => line['record'] === record);
      return { status, out, err, of, questions };
    };

    it('are each judged or named with the cause, and what failed is a second run', async () => {
      const again = join(fleet.folder, 'again');
      const { status, out, err, of, questions } = await scanned('--targets', fleet.targets, '--failed', again);
      const judged = Map.groupBy(of('verdict'), (line) => line['host']);
      const verdicts = new Set([...judged.values()].map((list) => list.length));

      expect(status).toBe(0);
      expect(questions).toEqual(['sudo password, for the hosts that ask for it: ']);
      // 37 by their own names, and one under that of this machine.
      expect([...judged.keys()].filter((host) => /^hss\d+$/.test(String(host)))).toHaveLength(37);
      expect([judged.size, verdicts.size]).toEqual([38, 1]);
      expect(
        of('gap')
          .filter(({ artifact }) => artifact === 'the look')
          .map(({ host, reason }) => [host, reason]),
      ).toEqual([
        ['hss39', 'denied'],
        ['hss40', 'absent'],
      ]);
      const [summary] = of('summary');
      expect(summary).toMatchObject({ hosts: 40 });
      expect(summary?.['places']).toContainEqual({ host: 'hss2', role: 'udm', site: 'north' });
      expect(err.split('\n')).toEqual([
        expect.stringMatching(/^longwatch scan: hss39 could not be looked at: .*\. Somebody may stand between/),
        expect.stringMatching(/^longwatch scan: hss40 could not be looked at: .*Connection refused\. Check its name/),
        `longwatch scan: 2 of 40 hosts failed; for them alone: longwatch scan --format ndjson --include verdicts --become sudo --failed ${again} --jobs 4 --targets ${again}`,
        '',
      ]);
      expect(out + err).not.toContain(PASSWORD);

      const second = await scanned('--targets', again);
      expect([second.status, second.of('summary')[0]?.['hosts'], second.questions]).toEqual([2, 2, []]);
      expect(readFileSync(again, 'utf8')).toBe(`# longwatch scan: hosts that could not be looked at
# changed host key
hss39 role=hss site=north config=${fleet.targets}
# connection refused
hss40 role=udm site=north config=${fleet.targets}
`);
    });
  },
);
