import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { toHex, utf8 } from '../lib/bytes.ts';
import { connection } from '../testing/recorded.ts';
import { pcap } from '../testing/wire.ts';
import { examineCapture } from './capture.ts';
import { keptRecords } from './capture-records.ts';
import { rulebook } from './rulebook.ts';

const folder = mkdtempSync(join(tmpdir(), 'longwatch-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const RULES = `title: An odd browser
id: 11111111-2222-4333-8444-555555555556
logsource: { product: zeek, service: http }
detection:
  selection: { user_agent|contains: odd }
  condition: selection
level: high
---
title: A call of another protocol
id: 11111111-2222-4333-8444-555555555557
logsource: { product: zeek, service: dce_rpc }
detection:
  selection: { operation: x }
  condition: selection
level: high
`;
const asked = (agent: string) => ({ up: true, says: `GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: ${agent}\r\n\r\n` });
const capture = file('talk.pcap', pcap(connection(80, [asked('odd/1'), asked('curl/8')])));
const rules = file('rules.yml', RULES);

it('judges a capture by rules for logs of the network, and keeps only what they want', async () => {
  const detectors = await rulebook([rules]);
  const { findings, verdicts, observations } = await examineCapture({ capture }, detectors);
  const verdictOf = (id: string) => verdicts.find(({ rule }) => rule.endsWith(id));

  expect(findings.map(({ rule, host, message, evidence }) => ({ rule, host, message, evidence }))).toEqual([
    {
      rule: '11111111-2222-4333-8444-555555555556',
      host: '192.0.2.1',
      message: 'An odd browser: 192.0.2.1:40000 > 198.51.100.2:80 http: GET / (no answer)',
      evidence: [
        {
          observation: observations[0]!.id,
          artifact: capture,
          offset: 40 + 2 * 70 + 54,
          frame: 3,
          bytes: toHex(utf8('GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: odd/1\r\n\r\n')),
          text: '1970-01-01T00:00:02.000Z 192.0.2.1:40000 > 198.51.100.2:80 http: GET / (no answer)',
        },
      ],
    },
  ]);
  expect(observations).toHaveLength(1);
  expect(verdictOf('556')).toMatchObject({ verdict: 'matched' });
  expect(verdictOf('557')).toMatchObject({ verdict: 'not_covered', reason: 'dce_rpc is not read from captures' });
});

it('keeps all records where somebody wants to see them', async () => {
  const { observations } = await examineCapture({ capture }, await rulebook([]), { keepRecords: true });

  expect(observations.flatMap((one) => (one.kind === 'wire_record' ? [one.wire.service] : [])).toSorted()).toEqual([
    'conn',
    'http',
    'http',
  ]);
});

it('makes nothing where no rule asks, and counts what is too much to keep', () => {
  expect([...keptRecords([], false).recorder.services]).toEqual([]);

  const { recorder, facts, losses } = keptRecords([], true);
  const record = {
    ...{ service: 'ntp' as const, host: 'a', peer: 'b', srcPort: 1, dstPort: 123, protocol: 'udp' },
    ...{ fields: {}, text: '', frames: [] },
  };
  for (let index = 0; index < 20_002; index++) recorder.tell(record);
  recorder.lost.conversations = 1;

  expect(facts).toHaveLength(20_000);
  expect(losses('a.pcap')).toEqual([
    { issue: true, reason: '2 further records are not shown' },
    { gap: 'truncated', artifact: 'a.pcap', detail: '1 connections could not be put together', missing: 0.1 },
  ]);
});
