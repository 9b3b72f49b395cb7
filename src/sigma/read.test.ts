import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../lib/bytes.ts';
import { RULE_CODES } from './diagnostics.ts';
import type { RuleCode } from './diagnostics.ts';
import { readRules } from './read.ts';

const RULE = `title: A rule
id: 00000000-0000-4000-8000-000000000001
status: test
tags: [attack.stealth]
logsource:
  product: linux
detection:
  sel:
    Image|endswith: /nc
  condition: sel
level: high
`;

/** What becomes of a text: outcome, code and place of each document. */
const outcomes = (text: string) =>
  readRules('r.yml', text).map(({ outcome, document, diagnostics: [first] }) => [
    document,
    outcome,
    ...(first ? [first.code, `${first.line}:${first.column}`] : []),
  ]);

/** The code and place at which a detection is refused; its lines are the 4th and following. */
function refusal(detection: string): string {
  const text = `title: t\nlogsource: {product: linux}\ndetection:\n${detection.replace(/^/gm, '  ')}\n`;
  const [reading] = readRules('r.yml', text);
  const [first] = reading?.diagnostics ?? [];
  return reading?.outcome === 'refused' && first
    ? `${first.code} ${first.line}:${first.column}`
    : String(reading?.outcome);
}

const SEL = 'sel: {a: 1}\n';

describe('a document', () => {
  it('becomes a rule with all that it says', () => {
    const [reading] = readRules('r.yml', `${RULE}author: me\nextra: {a: [1, 18446744073709551615]}\n`);
    expect(reading).toMatchObject({
      file: 'r.yml',
      document: 1,
      id: '00000000-0000-4000-8000-000000000001',
      outcome: 'loaded',
      diagnostics: [],
      rule: {
        title: 'A rule',
        taxonomy: 'sigma',
        status: 'test',
        level: 'high',
        author: 'me',
        tags: ['attack.stealth'],
        logsource: { product: 'linux' },
        fields: ['Image'],
        keywords: false,
        custom: new Map([['extra', new Map([['a', [1, '18446744073709551615']]])]]),
      },
    });
  });

  it.each<[name: string, text: string, expected: unknown[]]>([
    ['nothing', '', []],
    ['empty documents', '---\n---\n# nothing\n---\n', []],
    [
      'two rules',
      `${RULE}---\n---\n${RULE}`,
      [
        [1, 'loaded'],
        [2, 'loaded'],
      ],
    ],
    [
      'a bad one before a good one',
      `title: [\n---\n${RULE}`,
      [
        [1, 'refused', 'YAML_SYNTAX', '2:1'],
        [2, 'loaded'],
      ],
    ],
    [
      'a directive for an older YAML',
      `%YAML 1.1\n---\n${RULE.replace('status: test', 'custom: yes')}`,
      [[1, 'loaded']],
    ],
    ['a list', '- a\n', [[1, 'refused', 'NOT_A_RULE', '1:1']]],
    ['a text', 'hello', [[1, 'refused', 'NOT_A_RULE', '1:1']]],
    ['a duplicate key', RULE.replace('status: test', 'title: B'), [[1, 'refused', 'YAML_DUPLICATE_KEY', '3:1']]],
    [
      'a correlation',
      'title: c\ncorrelation:\n  type: event_count\n',
      [[1, 'refused', 'CORRELATION_UNSUPPORTED', '3:3']],
    ],
    ['a filter', 'title: f\nfilter:\n  rules: any\n', [[1, 'refused', 'FILTER_UNSUPPORTED', '3:3']]],
    [
      'a global action',
      `action: global\n---\n${RULE}---\naction: reset\n---\n${RULE}`,
      [
        [1, 'refused', 'ACTION_UNSUPPORTED', '1:1'],
        [2, 'refused', 'ACTION_UNSUPPORTED', '3:1'],
        [3, 'refused', 'ACTION_UNSUPPORTED', '15:1'],
        [4, 'loaded'],
      ],
    ],
    ['another taxonomy', `${RULE}taxonomy: ecs\n`, [[1, 'refused', 'TAXONOMY_UNSUPPORTED', '12:11']]],
    ['our taxonomy', `${RULE}taxonomy: longwatch\n`, [[1, 'loaded']]],
    ['the next version', `${RULE}sigma-version: 3\n`, [[1, 'refused', 'VERSION_UNSUPPORTED', '12:16']]],
    ['no title', RULE.replace('title: A rule', 'name: x'), [[1, 'refused', 'TITLE_MISSING', '1:1']]],
    ['no log source', RULE.replace('product: linux', 'definition: x'), [[1, 'refused', 'LOGSOURCE_MISSING', '6:3']]],
    ['no detection', 'title: t\nlogsource: {product: linux}\n', [[1, 'refused', 'DETECTION_MISSING', '1:1']]],
    ['a wrong level', RULE.replace('high', 'extreme'), [[1, 'degraded', 'METADATA_INVALID', '11:8']]],
    ['a wrong tag', RULE.replace('attack.stealth', 'stealth'), [[1, 'degraded', 'METADATA_INVALID', '4:8']]],
    [
      'a timeframe',
      RULE.replace('  condition', '  timeframe: 5m\n  condition'),
      [[1, 'degraded', 'TIMEFRAME_IGNORED', '10:14']],
    ],
    [
      'an alias bomb',
      `a: &a [x, x]\nb: &b [${'*a,'.repeat(1000)}]\nc: &c [${'*b,'.repeat(1000)}]\n`,
      [[1, 'refused', 'YAML_TOO_MANY_VALUES', '3:203']],
    ],
    ['an alias to nothing', 'a: *b\n', [[1, 'refused', 'YAML_ALIAS', '1:4']]],
    ['an alias within itself', 'a: &a [*a]\n', [[1, 'refused', 'YAML_ALIAS', '1:8']]],
    ['great depth', `a: ${'['.repeat(500)}${']'.repeat(500)}\n`, [[1, 'refused', 'YAML_TOO_DEEP', '1:68']]],
  ])('%s', (_name, text, expected) => {
    expect(outcomes(text)).toEqual(expected);
  });

  it('must be UTF-8 and of a bearable size', () => {
    expect(readRules('r.yml', Uint8Array.of(0x61, 0xff))[0]?.diagnostics[0]?.code).toBe('FILE_ENCODING');
    expect(readRules('r.yml', 'a'.repeat((1 << 20) + 1))[0]?.diagnostics[0]?.code).toBe('FILE_TOO_LARGE');
  });
});

it('takes yes and off for text, with any directive, and merges nothing', () => {
  const [reading] = readRules('r.yml', `%YAML 1.1\n---\n${RULE}x: yes\ny: off\nz: {<<: {a: 1}}\n`);
  expect(reading).toMatchObject({
    rule: {
      custom: new Map<string, unknown>([
        ['x', 'yes'],
        ['y', 'off'],
        ['z', new Map([['<<', new Map([['a', 1]])]])],
      ]),
    },
  });
});

describe('a detection is refused', () => {
  it.each<[detection: string, expected: `${RuleCode} ${string}`]>([
    ['sel: {a: 1}', 'CONDITION_MISSING 4:3'],
    [`${SEL}condition:`, 'CONDITION_MISSING 5:13'],
    [`${SEL}condition: ''`, 'CONDITION_MISSING 5:14'],
    [`${SEL}condition: []`, 'CONDITION_MISSING 5:14'],
    [`${SEL}condition: {a: b}`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: sel and`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: sel sel`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: (sel`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: sel)`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: ()`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: 2 of sel*`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: 1 of`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: sel*`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: sel AND sel`, 'CONDITION_SYNTAX 5:14'],
    [`${SEL}condition: other`, 'CONDITION_UNKNOWN_NAME 5:14'],
    [`${SEL}condition: 1 of filter_*`, 'CONDITION_UNKNOWN_NAME 5:14'],
    ['_a: {a: 1}\ncondition: 1 of them', 'CONDITION_UNKNOWN_NAME 5:14'],
    [`${SEL}condition: sel | count() by a > 5`, 'CONDITION_OLD_PIPE 5:14'],
    [`${SEL}condition: sel | near other`, 'CONDITION_OLD_PIPE 5:14'],
    [`${SEL}condition: ${'not '.repeat(2000)}sel`, 'CONDITION_TOO_COMPLEX 5:14'],
    ['sel: {}\ncondition: sel', 'SELECTION_EMPTY 4:8'],
    ['sel: []\ncondition: sel', 'SELECTION_EMPTY 4:8'],
    ['sel: {a: []}\ncondition: sel', 'SELECTION_EMPTY 4:12'],
    ['sel: {a: 1}\nother: {a: []}\ncondition: sel', 'SELECTION_EMPTY 5:14'],
    ['sel: [[a]]\ncondition: sel', 'SELECTION_INVALID 4:9'],
    ["sel: {'': a}\ncondition: sel", 'SELECTION_INVALID 4:9'],
    ['sel: {a: {b: 1}}\ncondition: sel', 'VALUE_INVALID 4:12'],
    ['sel: {a: [{b: 1}]}\ncondition: sel', 'VALUE_INVALID 4:13'],
    ['sel: {a: [1, null]}\ncondition: sel', 'VALUE_INVALID 4:16'],
    ['sel:\ncondition: sel', 'VALUE_TYPE 4:7'],
    ['sel: [null]\ncondition: sel', 'VALUE_TYPE 4:9'],
    ['sel: {a|contains: null}\ncondition: sel', 'VALUE_TYPE 4:21'],
    ["sel: {a|exists: 'true'}\ncondition: sel", 'VALUE_TYPE 4:19'],
    ['sel: {a|exists: [true]}\ncondition: sel', 'VALUE_TYPE 4:19'],
    ['sel: {a|base64: 5}\ncondition: sel', 'VALUE_TYPE 4:19'],
    ['sel: {a|re: 5}\ncondition: sel', 'VALUE_TYPE 4:15'],
    ['sel: {a|contians: x}\ncondition: sel', 'MODIFIER_UNKNOWN 4:9'],
    ['sel: {a|: x}\ncondition: sel', 'MODIFIER_UNKNOWN 4:9'],
    ['sel: {a|Contains: x}\ncondition: sel', 'MODIFIER_UNKNOWN 4:9'],
    ...[
      'contains|re',
      'neq|re',
      're|contains',
      're|cidr',
      'cidr|gt',
      'contains|cidr',
      'gt|lt',
      'contains|startswith',
      'contains|contains',
      'gt|contains',
    ].map((chain): [string, `${RuleCode} ${string}`] => [
      `sel: {a|${chain}: 5}\ncondition: sel`,
      'MODIFIER_CONFLICT 4:9',
    ]),
    ...[
      'i',
      'contains|i',
      'base64|re',
      're|base64',
      'cidr|wide',
      'exists|neq',
      'gt|hour',
      'hour|minute',
      'contains|fieldref',
      'fieldref|base64',
      're|cased',
      'cased|gt',
    ].map((chain): [string, `${RuleCode} ${string}`] => [
      `sel: {a|${chain}: 5}\ncondition: sel`,
      'MODIFIER_CONFLICT 4:9',
    ]),
    ['sel: {a|wide|utf16: x}\ncondition: sel', 'MODIFIER_CONFLICT 4:23'],
    ['sel: {a|base64offset|contains: x}\ncondition: sel', 'VALUE_INVALID 4:34'],
    ["sel: {a|base64: 'x*'}\ncondition: sel", 'MODIFIER_CONFLICT 4:19'],
    ['sel: {a|contains|base64offset: x}\ncondition: sel', 'MODIFIER_CONFLICT 4:34'],
    ["sel: {'|exists': true}\ncondition: sel", 'MODIFIER_NEEDS_FIELD 4:9'],
    ["sel: {'|fieldref': b}\ncondition: sel", 'MODIFIER_NEEDS_FIELD 4:9'],
    ["sel: {a|re: '(x'}\ncondition: sel", 'REGEX_INVALID 4:15'],
    ...['x(?=y)', 'x(?!y)', '(?<=x)y', '(?<!x)y', String.raw`(x)\1`, '(?>x)', 'x++'].map(
      (source): [string, `${RuleCode} ${string}`] => [
        `sel: {a|re: '${source}'}\ncondition: sel`,
        'REGEX_UNSUPPORTED 4:15',
      ],
    ),
    ["sel: {a|re: 'x{5000}'}\ncondition: sel", 'REGEX_TOO_LARGE 4:15'],
    [`sel: {a|re: '${'(x{9}){9}'.repeat(1200)}'}\ncondition: sel`, 'REGEX_TOO_LARGE 4:15'],
    ['sel: {a|cidr: 10.0.0.1/8}\ncondition: sel', 'CIDR_INVALID 4:17'],
    ['sel: {a|cidr: here}\ncondition: sel', 'CIDR_INVALID 4:17'],
    ['sel: {a|gt: .inf}\ncondition: sel', 'NUMBER_INVALID 4:15'],
    ['sel: {a|gt: true}\ncondition: sel', 'NUMBER_INVALID 4:15'],
    ['sel: {a|lt: [1, x]}\ncondition: sel', 'NUMBER_INVALID 4:19'],
    ["sel: {a|hour: ''}\ncondition: sel", 'NUMBER_INVALID 4:17'],
    ["sel: {a|expand: '%nobody%'}\ncondition: sel", 'PLACEHOLDER_UNDEFINED 4:19'],
    [`sel: {a|windash|base64: '${' -a'.repeat(6)}'}\ncondition: sel`, 'EXPANSION_TOO_LARGE 4:27'],
  ])('%s', (detection, expected) => {
    expect(refusal(detection)).toBe(expected);
  });

  it('by a code of the table, each with a hint', () => {
    for (const hint of Object.values(RULE_CODES)) expect(hint).toMatch(/\.$/);
  });
});

it('remarks on "all" with one value and evaluates it', () => {
  expect(outcomes(RULE.replace('|endswith', '|endswith|all'))).toEqual([[1, 'degraded', 'ALL_WITH_ONE_VALUE', '9:5']]);
});

describe('whatever the bytes', () => {
  const safe = (bytes: Uint8Array) => {
    for (const { diagnostics } of readRules('r.yml', bytes)) {
      for (const { code, line, column } of diagnostics) {
        expect(Object.keys(RULE_CODES)).toContain(code);
        expect(Math.min(line, column)).toBeGreaterThan(0);
      }
    }
  };

  it('never throws on noise', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), safe));
    const yaml = fc.constantFrom(...'-:?[]{}&*!|>%@`#,\'" \n\tabc01~', 'title: ', '---\n', '<<: ');
    fc.assert(fc.property(fc.string({ unit: yaml, maxLength: 200 }), (text) => safe(utf8(text))));
  });

  it('never throws on a rule that was changed', () => {
    const piece = fc.constantFrom(
      '|re',
      '|all',
      '|neq',
      '|expand',
      '[',
      '{',
      '- ',
      'null',
      '*',
      '&a ',
      '*a',
      '\0',
      '\u2028',
      "'",
      ': ',
      '\n',
      '|',
      '(',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(RULE.length), fc.nat(3), piece), { maxLength: 6 }), (changes) => {
        safe(utf8(changes.reduce((text, [at, cut, add]) => text.slice(0, at) + add + text.slice(at + cut), RULE)));
      }),
    );
  });

  it.each(['[', '{a: ', '- ', '? ', 'a: ', '!', '&a ', '"', '- |\n', 'a:\n', '*a ', ': '])(
    'takes %j, however often, within a bearable time',
    (piece) => {
      const start = performance.now();
      safe(utf8(piece.repeat(20_000)));
      expect(performance.now() - start).toBeLessThan(3000);
    },
  );
});
