import { expect, it } from 'vitest';
import type { Detector } from '../model/detector.ts';
import type { Observation } from '../model/observation.ts';
import { readRules } from '../sigma/read.ts';
import type { Rule } from '../sigma/rule.ts';
import { wireDetector, wireWants, type WireMapping } from './wire-detector.ts';

const MAPPINGS: readonly WireMapping[] = [
  {
    logsource: { product: 'zeek', service: 'http' },
    service: 'http',
    fields: new Map(['uri', 'user_agent', 'id.orig_h', 'id.resp_h', 'id.resp_p'].map((name) => [name, name])),
  },
  { logsource: { category: 'proxy' }, service: 'http', fields: new Map([['c-uri', 'uri']]) },
];

function ruleOf(logsource: string, detection: string, more = ''): Rule {
  const [reading] = readRules(
    'rule.yml',
    `title: Title\nid: 11111111-2222-4333-8444-555555555555\nlevel: high\n${more}logsource: ${logsource}\ndetection:\n  selection: ${detection}\n  condition: selection\n`,
  );
  if (reading?.outcome === 'refused' || reading === undefined) throw new Error('the rule of the test is refused');
  return reading.rule;
}

const ROW: Observation<'wire_record'> = {
  id: 'o1',
  host: 'capture',
  observedAt: '2026-01-01T00:00:00.000Z',
  source: { artifact: 'a.pcap', parser: 'network/capture', sha256: '' },
  kind: 'wire_record',
  wire: {
    service: 'http',
    host: '192.0.2.1',
    peer: '198.51.100.2',
    srcPort: 40_000,
    dstPort: 80,
    protocol: 'tcp',
    fields: { uri: '/a', 'id.orig_h': '192.0.2.1', 'id.resp_h': '198.51.100.2', 'id.resp_p': 80 },
    text: 'GET /a',
    frames: [
      { frame: 3, offset: 100, at: '2026-01-01T00:00:00.000Z' },
      { frame: 4, offset: 300, at: '2026-01-01T00:00:01.000Z' },
    ],
  },
} as unknown as Observation<'wire_record'>;

const detections = (detector: Detector | undefined) => [
  ...detector!.detect({ each: () => [ROW] as never, isWhole: () => true }),
];

it('judges records by the names of their source, and shows the frames', () => {
  expect(detections(wireDetector(ruleOf('{ product: zeek, service: http }', '{ uri: /a }'), MAPPINGS))).toEqual([
    {
      message: 'Title: GET /a',
      host: '192.0.2.1',
      subject: { flow: { src: '192.0.2.1', srcPort: 40_000, dst: '198.51.100.2', dstPort: 80, protocol: 'tcp' } },
      identity: ['192.0.2.1', '198.51.100.2', '80'],
      evidence: [
        { observation: ROW, text: '2026-01-01T00:00:00.000Z GET /a', at: { frame: 3, offset: 100 } },
        { observation: ROW, text: '2026-01-01T00:00:01.000Z GET /a', at: { frame: 4, offset: 300 } },
      ],
      next: ['look at the frames in Wireshark: frame.number in {3..4}', 'look at 192.0.2.1 itself: longwatch scan'],
    },
  ]);
  expect(detections(wireDetector(ruleOf('{ category: proxy }', "{ c-uri|endswith: '/a' }"), MAPPINGS))).toHaveLength(1);
  expect(detections(wireDetector(ruleOf('{ category: proxy }', '{ c-uri: /b }'), MAPPINGS))).toEqual([]);
});

it('is about the one who was called where the rule says so, and the same by the fields that it names', () => {
  const rule = ruleOf('{ product: zeek, service: http }', '{ uri: /a }', 'about: id.resp_h\nidentity: [uri]\n');

  expect(detections(wireDetector(rule, MAPPINGS))).toMatchObject([{ host: '198.51.100.2', identity: ['/a'] }]);
});

it.each([
  [
    'a service that captures do not show',
    '{ product: zeek, service: dce_rpc }',
    '{ operation: x }',
    'dce_rpc is not read from captures',
  ],
  [
    'a field that they do not show',
    '{ category: proxy }',
    '{ c-uri: a, s-action: b }',
    'captures do not show s-action',
  ],
])('is blind for %s, and says why', (_, logsource, detection, blind) => {
  const detector = wireDetector(ruleOf(logsource, detection), MAPPINGS);

  expect(detector?.blind).toBe(blind);
  expect(detections(detector)).toEqual([]);
});

it.each(['{ product: windows, category: process_creation }', '{ product: linux, service: sshd }'])(
  'is none for the source %s',
  (logsource) => {
    expect(wireDetector(ruleOf(logsource, '{ a: b }'), MAPPINGS)).toBeUndefined();
  },
);

it('wants of records what some rule looks at, and no more', () => {
  const rules = [
    ruleOf('{ product: zeek, service: http }', '{ user_agent: x }'),
    ruleOf('{ category: proxy }', '{ c-uri: /a }'),
    ruleOf('{ product: zeek, service: dce_rpc }', '{ operation: x }'),
  ];
  const { services, looksAt, wants } = wireWants(rules.flatMap((rule) => wireDetector(rule, MAPPINGS) ?? []));

  expect([[...services], [...looksAt]]).toEqual([['http'], [['http', ['user_agent', 'uri']]]]);
  expect(wants('http', { uri: '/a' })).toBe(true);
  expect(wants('http', { user_agent: 'X' })).toBe(true);
  expect(wants('http', { uri: '/b' })).toBe(false);
  expect(wants('dns', { uri: '/a' })).toBe(false);
});
