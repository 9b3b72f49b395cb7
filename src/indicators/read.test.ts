import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIndicators } from './read.ts';

const SHA256 = 'c7f693f7f85b01a8c0e561bd369845f40bff423b0743c7aa0f4c323d9133b5d4';
const MD5 = '0123456789abcdef0123456789ABCDEF';
const told = (text: string) => {
  const { indicators, issues } = readIndicators('own/list.txt', text);
  return {
    values: indicators.map(({ kind, value }) => `${kind} ${value}`),
    issues: issues.map(({ line, reason }) => `${line}: ${reason}`),
  };
};

describe('a sheet', () => {
  it('gives its entries with family, source and date', () => {
    const text = `family: Sleeper\nsource: a report\ndate: 2026-05\nsha256: [${SHA256}]\npath:\n  - /var/run/x/\nport: [42391-43390]\n`;

    expect(readIndicators('own/sleeper.yml', text)).toEqual({
      indicators: [
        ['sha256', SHA256],
        ['path', '/run/x'],
        ['port', '42391-43390'],
      ].map(([kind, value]) => ({
        kind,
        value,
        family: 'Sleeper',
        source: 'a report',
        date: '2026-05',
        perishable: true,
      })),
      issues: [],
    });
  });

  it('keeps a digest whose digits look like a number', () => {
    expect(
      told('family: F\nsource: S\nmd5: [11111111111111111111111111111111, 1234567890123456789012345678e123]\n').values,
    ).toEqual(['md5 11111111111111111111111111111111', 'md5 1234567890123456789012345678e123']);
  });

  it('tells what is wrong by its line, and reads on', () => {
    const text = `family: F\nsource: S\ncolour: red\nname:\n  - a/b\n  - [deep]\n  - good\nsha256:\n  - abc\n---\nname: [nobody]\n---\nfamily: G\nsource: S\ndate: soon\nuser: [adm]\n---\n- 1\n`;

    expect(told(text)).toEqual({
      values: ['name good', 'user adm'],
      issues: [
        '3: there is no "colour" in a sheet of indicators',
        '5: "a/b" is no name of a file',
        '6: an entry of name is no text',
        '9: "abc" is no sha256: 64 hexadecimal digits',
        '11: a sheet says of which family it is, and from which source',
        '13: the date is no year, month or day',
        '18: no sheet of indicators: a map is expected',
      ],
    });
  });
});

it('reads a plain list by the form of its values', () => {
  const text = [
    '# what we look for',
    `${SHA256}  hpasmmld`,
    MD5,
    '/usr/sbin/smartadm   # an implant',
    '198.51.100.0/24',
    '198.51.100[.]9',
    'hxxp://bad.example/path',
    'c2.bad[.]example',
    'libcext.so.2',
    'kdmtmpflush',
    'two words',
    '',
  ].join('\r\n');

  expect(told(text)).toEqual({
    values: [
      `sha256 ${SHA256}`,
      `md5 ${MD5.toLowerCase()}`,
      'path /usr/sbin/smartadm',
      'address 198.51.100.0/24',
      'address 198.51.100.9',
      'domain bad.example',
      'domain c2.bad.example',
      'name libcext.so.2',
      'name kdmtmpflush',
    ],
    issues: ['11: "two words" has no form that is known'],
  });
});

const stix = (...patterns: readonly string[]) =>
  JSON.stringify(
    {
      type: 'bundle',
      id: 'bundle--1',
      objects: [
        { type: 'identity', id: 'identity--1', name: 'us' },
        ...patterns.map((pattern, index) => ({
          type: 'indicator',
          id: `indicator--${index}`,
          name: 'Sleeper',
          pattern,
          pattern_type: 'stix',
          valid_from: '2026-05-12T00:00:00Z',
        })),
      ],
    },
    null,
    1,
  );

const patterns: readonly [pattern: string, values: readonly string[] | undefined][] = [
  [`[file:hashes.'SHA-256' = '${SHA256}']`, [`sha256 ${SHA256}`]],
  [`[file:hashes.MD5 = '${MD5}' OR file:name = 'smartadm']`, [`md5 ${MD5.toLowerCase()}`, 'name smartadm']],
  [
    `[ipv4-addr:value = '198.51.100.9'] OR [domain-name:value IN ('bad.example', 'c2.bad.example')]`,
    ['address 198.51.100.9', 'domain bad.example', 'domain c2.bad.example'],
  ],
  [`[file:name = 'x' AND file:hashes.'SHA-256' = '${SHA256}']`, [`sha256 ${SHA256}`]],
  [`[user-account:user_id = 'adm1n'] OR [network-traffic:dst_port = 57722]`, ['user adm1n', 'port 57722']],
  [String.raw`[process:command_line = 'it\'s me']`, [`title it's me`]],
  [`[file:name = 'x' AND file:size = 12]`, undefined],
  [`[ipv4-addr:value = '198.51.100.9'] FOLLOWEDBY [file:name = 'x']`, undefined],
  [`[ipv4-addr:value = '198.51.100.9'] AND [file:name = 'x']`, undefined],
  [`[file:name MATCHES 'x.*']`, undefined],
  [`[file:name = 'x'`, undefined],
  ['', undefined],
];

it.each(patterns)('reads the STIX pattern %s', (pattern, values) => {
  expect(told(stix(pattern))).toEqual({
    values: values ?? [],
    issues: values === undefined ? ['12: the pattern of indicator--0 is more than simple comparisons'] : [],
  });
});

it('tells of a comparison that no host shows, and of an object that is no indicator', () => {
  const bundle = { type: 'bundle', objects: [{ type: 'indicator', id: 'indicator--7' }, 5, null] };

  expect(told(stix(`[url:value = 'http://bad.example/']`)).issues).toEqual([
    '12: url:value cannot be compared with a host',
  ]);
  expect(told(JSON.stringify(bundle)).issues).toEqual(['1: indicator--7 is no whole indicator']);
});

it('reads the attributes of MISP events that are marked for detection', () => {
  const event = {
    Event: {
      info: 'Sleeper',
      date: '2026-05-12',
      Attribute: [
        { type: 'sha256', value: SHA256, to_ids: true, uuid: 'a' },
        { type: 'filename|md5', value: `x.bin|${MD5}`, to_ids: true, uuid: 'b' },
        { type: 'ip-dst|port', value: '198.51.100.9|57722', to_ids: true, uuid: 'c' },
        { type: 'filename', value: '/usr/sbin/smartadm', to_ids: true, uuid: 'd' },
        { type: 'domain', value: 'context.example', to_ids: false, uuid: 'e' },
        { type: 'mutex', value: '/var/run/x.pid', to_ids: true, uuid: 'f' },
        { type: 'yara', value: 'rule x {}', to_ids: true, uuid: 'g' },
        { type: 'yara', value: 'rule y {}', to_ids: true, uuid: 'h' },
        { type: 'sha1', value: 'short', to_ids: true, uuid: 'i' },
        { value: 'nothing' },
      ],
      Object: [{ Attribute: [{ type: 'hostname', value: 'C2.bad.example', to_ids: true }] }],
    },
  };
  const expected = {
    values: [
      `sha256 ${SHA256}`,
      `md5 ${MD5.toLowerCase()}`,
      'address 198.51.100.9',
      'port 57722',
      'path /usr/sbin/smartadm',
      'marker /run/x.pid',
      'domain c2.bad.example',
    ],
    issues: [
      '1: the type yara cannot be compared with a host',
      '1: "short" is no sha1: 40 hexadecimal digits',
      '1: an attribute has no type or no value',
    ],
  };

  expect(told(JSON.stringify(event))).toEqual(expected);
  expect(told(JSON.stringify({ response: [event] }))).toEqual(expected);
  expect(told(JSON.stringify([event]))).toEqual(expected);
});

it('stops telling after some hundred bad entries, and counts the rest', () => {
  const { issues } = readIndicators('list', 'a b\n'.repeat(1000));

  expect(issues).toHaveLength(201);
  expect(issues.at(-1)).toEqual({ file: 'list', line: 1, reason: '800 further entries cannot be used' });
});

const SEEDS = [
  stix(`[file:hashes.'SHA-256' = '${SHA256}'] OR [file:name IN ('a', 'b')]`),
  'family: F\nsource: S\nsha256: [abc]\n',
  `${SHA256}  name\n`,
  '{"Event":{"Attribute":[{"type":"md5","value":"x"}]}}',
];

it('never throws, whatever the text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readIndicators('f', text)));
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), fc.nat(), fc.nat(40), fc.string(), (seed, at, length, put) => {
      const start = at % (seed.length + 1);
      readIndicators('f', seed.slice(0, start) + put + seed.slice(start + length));
    }),
  );
});

it('reads a hundred thousand entries within a second, good or bad', () => {
  const pattern = `[file:hashes.'SHA-256' = '${SHA256}']`;
  const started = performance.now();
  readIndicators('f', stix(...Array.from({ length: 20_000 }, () => pattern)));
  readIndicators('f', stix(...Array.from({ length: 20_000 }, () => '[x')));
  readIndicators('f', `${MD5}\n`.repeat(60_000));

  expect(performance.now() - started).toBeLessThan(10_000);
});
