import { expect, it } from 'vitest';
import { defineDetector } from '../model/detector.ts';
import type { Fact } from '../model/parser.ts';
import { judgeAsTold } from './as-told.ts';
import { examine } from './examine.ts';
import { parserOfFacts } from './facts.ts';

const host = { id: 'wire', name: 'wire' };
const artifact = { name: 'pipe', bytes: new Uint8Array(), sha256: '' };
const observedAt = '2026-01-01T00:00:00.000Z';

/** An event of some name, at a frame. */
const told = (name: string, frame: number): Fact<'network_event'> => ({
  body: {
    kind: 'network_event',
    event: {
      ...{ name, text: name, host: '192.0.2.1', peer: '198.51.100.2', protocol: 'tcp', path: 'eth/ip/tcp' },
      ...{ first: observedAt, last: observedAt, measures: {}, frames: [], filter: '' },
    },
  },
  at: { frame, offset: 100 * frame },
});

const odd = defineDetector({
  ...{ id: 'odd', title: 'Odd', level: 'medium', status: 'experimental', attack: [], identity: [] },
  ...{ needs: ['network_event'], judges: 'network_event', falsePositives: [], next: [] },
  *detect(facts) {
    for (const row of facts.each('network_event'))
      if (row.event.name.startsWith('odd'))
        yield {
          ...{ message: row.event.text, subject: {}, identity: [row.event.name], host: row.event.host },
          evidence: [{ observation: row, text: row.event.text }],
        };
  },
});
const ofHosts = defineDetector({ ...odd, id: 'of hosts', needs: ['process'], judges: 'process', detect: () => [] });

const FACTS = [told('odd-1', 1), told('plain', 2), told('odd-2', 3)];

it('finds of each fact what is found of all at the end', async () => {
  const judge = judgeAsTold('network_event', { artifact, parser: 'p', evidence: { host, observedAt } }, [odd, ofHosts]);
  const heard = FACTS.map(judge);
  const evidence = { of: 'wire' as const, host, observedAt, artifacts: new Map([['pipe', artifact]]), gaps: [] };
  const parser = parserOfFacts('p', 'pipe', ['network_event'], FACTS);
  const { findings } = await examine(evidence, { parsers: [parser], detectors: [odd, ofHosts] });

  expect(heard.map((found) => found.map(({ message }) => message))).toEqual([['odd-1'], [], ['odd-2']]);
  expect(new Set(heard.flat())).toEqual(new Set(findings));
});
