import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SigmaEvent } from './event.ts';
import { parseEvent } from './event.ts';
import { appliesTo, compileRules } from './match.ts';
import { readRules } from './read.ts';
import type { ReadOptions } from './read.ts';

/** A rule of which only the detection matters; several lines are set in. */
function ruleOf(detection: string, { condition = 'sel', ...options }: ReadOptions & { condition?: string } = {}) {
  const lines = detection
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('');
  const [reading] = readRules(
    'rule.yml',
    `title: t\nlogsource: {product: linux}\ndetection:\n${lines}  condition: ${condition}\n`,
    options,
  );
  if (reading === undefined || reading.outcome === 'refused') throw new Error(JSON.stringify(reading?.diagnostics));
  return reading.rule;
}

function matches(detection: string, event: SigmaEvent, options?: ReadOptions & { condition?: string }): boolean {
  let found = false;
  compileRules([ruleOf(detection, options)]).match([event], () => {
    found = true;
  });
  return found;
}

type Row = readonly [detection: string, event: SigmaEvent, expected: boolean];

describe('values', () => {
  it.each<Row>([
    ["sel: {a: 'STRASSE'}", { a: 'strasse' }, true],
    ["sel: {a: 'ΟΔΟΣ'}", { a: 'οδος' }, true],
    ["sel: {a: 'straße'}", { a: 'strasse' }, false],
    ['sel: {a: 1.0}', { a: '1.0' }, true],
    ['sel: {a: 1.0}', { a: 1 }, false],
    ['sel: {a: 0x10}', { a: '0X10' }, true],
    ['sel: {a: 0x10}', { a: 16 }, false],
    ['sel: {a: true}', { a: 'TRUE' }, true],
    ['sel: {a: 1}', { a: true }, false],
    ['sel: {a: 22:22}', { a: '22:22' }, true],
    ["sel: {a: ''}", { a: '' }, true],
    ["sel: {a: ''}", {}, false],
    ["sel: {a: ''}", { a: ['', 'x'] }, true],
    ["sel: {a: '?'}", { a: '😀' }, true],
    ["sel: {a: '??'}", { a: '😀' }, false],
    ["sel: {a: '*?*'}", { a: '' }, false],
    ["sel: {a: 'a*b*c'}", { a: 'a-b-b-c' }, true],
    ["sel: {a: 'ab*ba'}", { a: 'aba' }, false],
    [String.raw`sel: {a: 'x\\*'}`, { a: 'x\\anything' }, true],
    [String.raw`sel: {a: 'x\\\\y'}`, { a: 'x\\\\y' }, true],
    [String.raw`sel: {a: 'x\%y'}`, { a: 'x\\%y' }, true],
    ["sel: {a: '*'}", { a: { b: 1 } }, false],
    ["sel: {a|contains: ''}", { a: null }, false],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });
});

describe('null and presence', () => {
  it.each<Row>([
    ['sel: {a: null}', {}, true],
    ['sel: {a: null}', { a: [] }, false],
    ['sel: {a: null}', { a: [null, 1] }, true],
    ['sel: {a.b: null}', { a: { c: 1 } }, true],
    ['sel: {a.b: null}', { a: [] }, true],
    ['sel: {a|neq: null}', {}, false],
    ['sel: {a|neq: null}', { a: 1 }, true],
    ['sel: {a|exists: true}', { a: {} }, true],
    ['sel: {a|exists: false}', {}, true],
    ['sel: {a.b|exists: true}', { a: [{ c: 1 }, { b: null }] }, true],
    ['sel: {__proto__: null}', { a: 1 }, true],
    ["sel: {__proto__: '*'}", { a: 1 }, false],
    ['sel: {toString|exists: true}', { a: 1 }, false],
    ["sel: {a.constructor.name: '*'}", { a: { b: 1 } }, false],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });

  it('takes __proto__ in an event for an ordinary field', () => {
    expect(matches("sel: {__proto__: 'x'}", parseEvent('{"__proto__":"x"}'))).toBe(true);
    expect(matches("sel: {polluted: 'x'}", parseEvent('{"__proto__":{"polluted":"x"}}'))).toBe(false);
  });
});

describe('fields', () => {
  it.each<Row>([
    ['sel: {a.b.c: x}', { 'a.b': { d: 1 }, a: { b: { c: 'x' } } }, true],
    ['sel: {a.b.c: x}', { a: { 'b.c': 'x' } }, true],
    ['sel: {a.b: x}', { a: [[{ b: 'y' }], [{ b: ['z', 'x'] }]] }, true],
    ['sel: {ThreatName: x}', { 'Threat Name': 'x' }, true],
    ['sel: {ThreatName: x}', { 'Threat Name': 'x', ThreatName: 'y' }, false],
    ["sel: {'Threat Name': x}", { ThreatName: 'x' }, false],
    ['sel: {a|all: [x, y]}', { a: ['y', 'x'] }, true],
    ['sel: {a|all: [x, y]}', { a: ['x', 'z'] }, false],
    ["sel: {'a[0]': x}", { a: ['x'] }, false],
    ["sel: {'a[0]': x}", { 'a[0]': 'x' }, true],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });
});

describe('keywords', () => {
  it.each<Row>([
    ['sel: [needle]', 'a NEEDLE in a line', true],
    ['sel: [needle]', { a: { b: [{ c: ['xneedlex'] }] } }, true],
    ['sel: [nee*le]', { a: 'need a needle' }, true],
    ['sel: [needle]', { needle: 1 }, false],
    ['sel: [true]', { a: true }, true],
    ["sel: {'|all': [a, b]}", 'b and a', true],
    ["sel: {'|re': '^x+$'}", { a: 'y', b: 'xxx' }, true],
    ["sel: {'|startswith': x}", { a: 'ax', b: 'b' }, false],
    ["sel: {'|cased': Needle}", 'a needle', false],
    ["sel: {'|cidr': 10.0.0.0/8}", { src: '10.1.2.3' }, true],
    ["sel: {'|neq': needle}", 'hay', true],
    ['sel:\n  - needle\n  - a: 1', { a: 1 }, true],
    ['sel:\n  - needle\n  - a: 1', { b: 'needle' }, true],
    ["sel: {a: 1, '|contains': needle}", { a: 1, b: 'hay' }, false],
    ['sel: {a: x}', 'a: x', false],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });
});

describe('modifiers', () => {
  it.each<Row>([
    ["sel: {a|cased|contains: 'Ab'}", { a: 'xAbx' }, true],
    ["sel: {a|cased|contains: 'Ab'}", { a: 'xabx' }, false],
    ['sel: {a|neq: [x, y]}', { a: 'y' }, false],
    ['sel: {a|neq: x}', { a: ['x', 'y'] }, false],
    ['sel: {a|re|neq: x}', {}, true],
    ["sel: {a|re: 'B'}", { a: 'abc' }, false],
    ["sel: {a|re|ignorecase: 'B'}", { a: 'abc' }, true],
    ["sel: {a|re: '1{2}'}", { a: 4112 }, true],
    ["sel: {a|re|neq: 'b'}", { a: 'abc' }, false],
    ["sel: {a|base64offset|contains: 'foobar'}", { a: Buffer.from('xfoobary').toString('base64') }, true],
    ["sel: {a|windash|contains: ' -a'}", { a: 'x \u2015a' }, true],
    ["sel: {a|windash: 'a-b'}", { a: 'a/b' }, false],
    ["sel: {a|windash|contains|all: [' -a', ' /b']}", { a: 'x /a \u2013b' }, true],
    ["sel: {a|windash|base64|contains: ' -ab'}", { a: Buffer.from(' /ab').toString('base64') }, true],
    ["sel: {a|wide: 'ab'}", { a: 'a\0b\0' }, true],
    ['sel: {a|gt: 9007199254740992}', { a: '9007199254740993' }, true],
    ['sel: {a|lt: 5}', { a: '' }, false],
    ['sel: {a|lt: 5}', { a: '-' }, false],
    ['sel: {a|lt: 5}', { a: null }, false],
    ['sel: {a|lt|neq: 5}', { a: 7 }, true],
    ['sel: {a|week: 53}', { a: '2027-01-01' }, true],
    ['sel: {a|month: 2}', { a: '11/Feb/2026:03:59:59 +0000' }, true],
    ['sel: {a|day: 4}', { a: 'Mar  4 10:00:00' }, true],
    ['sel: {a|hour: 0}', { a: '2026-02-11' }, false],
    ['sel: {a|day: 30}', { a: '2026-02-30' }, false],
    ['sel: {a|fieldref|endswith: b}', { a: '/tmp/x', b: 'X' }, true],
    ['sel: {a|fieldref|cased: b}', { a: 'x', b: 'X' }, false],
    ['sel: {a|fieldref: b}', { a: ['x', 'y'], b: ['z', 'y'] }, true],
    ['sel: {a|fieldref|neq: b}', { a: 'x' }, true],
    ['sel: {a|cidr: [10.0.0.0/8, fe80::/10]}', { a: ['x', 'fe80::1%eth0'] }, true],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });

  it.each([
    ["sel: {a|expand: '%x%-%y%'}", { a: '2-b' }, true],
    ["sel: {a|expand: '%x%-%y%'}", { a: '2-c' }, false],
    [String.raw`sel: {a|expand: '\%x\%'}`, { a: '%x%' }, true],
    ["sel: {a|expand: '100%'}", { a: '100%' }, true],
    ["sel: {a|contains|expand|all: ['%x%', '%y%']}", { a: 'b then 1' }, true],
    ["sel: {a|expand|windash: '-%x%'}", { a: '/2' }, true],
  ] as const)('%s on %j: %s', (detection, event, expected) => {
    const placeholders = new Map([
      ['x', ['1', '2']],
      ['y', ['a', 'b']],
    ]);
    expect(matches(detection, event, { placeholders })).toBe(expected);
  });
});

describe('numbers', () => {
  it.each([
    ["sel: {a: '1.50'}", '{"a":1.50}', true],
    ["sel: {a: '1.5'}", '{"a":1.50}', false],
    ['sel: {a: 18446744073709551615}', '{"a":18446744073709551615}', true],
    ['sel: {a: 9007199254740993}', '{"a":9007199254740992}', false],
    ['sel: {a: 1E3}', '{"a":1e3}', true],
    ['sel: {a|gte: 18446744073709551615}', '{"a":[18446744073709551614]}', false],
  ])('%s on %s: %s', (detection, event, expected) => {
    expect(matches(detection, parseEvent(event))).toBe(expected);
  });
});

describe('what could not be read', () => {
  const unseen = { unseen: 'denied' };

  it.each<Row>([
    ["sel: {a: '*'}", { a: unseen }, false],
    ['sel: {a: null}', { a: unseen }, false],
    ['sel: {a|neq: x}', { a: unseen }, false],
    ['sel: {a|exists: true}', { a: unseen }, false],
    ['sel: {a|exists: false}', { a: unseen }, false],
    ['sel: {a.unseen: denied}', { a: unseen }, false],
    ['sel: [denied]', { a: unseen }, false],
    ['sel: {a|fieldref|neq: b}', { a: 'x', b: unseen }, false],
    ['sel: {a: x}', { a: [unseen, 'x'] }, true],
  ])('%s on %j: %s', (detection, event, expected) => {
    expect(matches(detection, event)).toBe(expected);
  });

  it.each([
    ['sel: {a: x}', { a: unseen }, true],
    ['sel: {a.b.c: x}', { a: { b: unseen } }, true],
    ['sel: {a.b: x}', { a: [{ b: 1 }, { b: unseen }] }, true],
    ['sel: {b: x}', { a: unseen }, false],
    ['sel: [x]', { a: { b: unseen } }, true],
    ['sel: {a|fieldref: b}', { a: 1, b: unseen }, true],
    ['sel: {a: x}', { a: { unseen: 'denied', more: 1 } }, false],
  ] as const)('%s touches it in %j: %s', (detection, event, expected) => {
    const rule = ruleOf(detection);
    expect(compileRules([rule]).touchesUnseen(rule, event)).toBe(expected);
  });
});

describe('a rule set', () => {
  const [one, two] = [ruleOf('sel: {a: 1}'), ruleOf('sel: {b|exists: false}')];

  it('emits in the order of events, then of rules', () => {
    const found: [number, number][] = [];
    const set = compileRules([one, two]);
    set.match([{ a: 1 }, { b: 1 }, { a: 1, b: 1 }, 'a line'], (rule, event) =>
      found.push([set.rules.indexOf(rule), event]),
    );
    expect(found).toEqual([
      [0, 0],
      [1, 0],
      [0, 2],
      [1, 3],
    ]);
  });

  it('leaves out rules for another source', () => {
    let count = 0;
    compileRules([one, two]).match([{ a: 1 }], () => count++, { product: 'windows' });
    expect(count).toBe(0);
  });

  it('knows which fields a rule looks at', () => {
    expect(ruleOf('sel: {a: 1, b|fieldref: c}\nother: [x, {a: 2}]').fields).toEqual(['a', 'b', 'c']);
    expect(ruleOf('sel: [x]')).toMatchObject({ fields: [], keywords: true });
  });

  it('holds what each part of a condition says', () => {
    const detection = 'x: {a: 1}\ny: {b: 1}\n_z: {c: 1}';
    expect(matches(detection, { a: 1, c: 1 }, { condition: 'all of them and y or 1 of _*' })).toBe(true);
    expect(matches(detection, { a: 1 }, { condition: 'x and not (y or _z)' })).toBe(true);
    expect(matches(detection, { a: 1, b: 1 }, { condition: 'not all of them' })).toBe(false);
  });
});

describe('whatever the event', () => {
  const rules = [
    "sel: {a: [x, 1, 'y*'], b|neq: x}",
    'sel: {a: null}',
    'sel: {a.b|exists: true}',
    "sel: {a|re: '^x+$', b|cidr: 10.0.0.0/8}",
    'sel: {a|gt: 1}\nother: {b|hour: 1}',
    'sel: {a|fieldref|contains: b}',
    'sel: [x, {b: 1}]',
    "sel: {'|all': [x, y]}",
    'sel: {a|exists: false, b|contains: x}',
  ].map((detection) => ruleOf(detection, { condition: detection.includes('other') ? 'sel or not other' : 'sel' }));
  const leaf = fc.oneof(
    fc.constantFrom('x', 'xx', 'y1', '', 1, 2, true, null, '10.1.1.1', '2026-01-01T01:00', { unseen: 'denied' }),
    fc.string(),
  );
  const event = fc.dictionary(
    fc.constantFrom('a', 'b', 'a.b', 'c', '__proto__', 'unseen'),
    fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.constantFrom('a', 'b'), leaf), fc.jsonValue()),
  );

  it('judges it without a fault, and many rules together as each alone', () => {
    const set = compileRules(rules);
    const alone = rules.map((rule) => compileRules([rule]));
    fc.assert(
      fc.property(fc.array(fc.oneof(event, fc.string()), { maxLength: 4 }), (events) => {
        const together: string[] = [];
        set.match(events, (rule, index) => together.push(`${rules.indexOf(rule)} ${index}`));
        const single: string[] = [];
        for (const [number, one] of alone.entries()) one.match(events, (_, index) => single.push(`${number} ${index}`));
        expect(together.toSorted()).toEqual(single.toSorted());
        for (const rule of rules) for (const one of events) expect(typeof set.touchesUnseen(rule, one)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('ends soon on one that is nested deep', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 100_000; level++) deep = level % 2 === 0 ? [deep] : { a: deep };
    const start = performance.now();
    compileRules(rules).match([{ a: deep, b: deep }], () => undefined);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

it.each([
  [{ product: 'linux' }, {}, true],
  [{ product: 'linux' }, { product: 'Linux', service: 'auditd' }, true],
  [{ product: 'linux', service: 'sshd' }, { product: 'linux' }, true],
  [{ product: 'linux', service: 'sshd' }, { service: 'auditd' }, false],
  [{ category: 'dns' }, { product: 'zeek' }, true],
])('a rule for %j applies to %j: %s', (rule, source, expected) => {
  expect(appliesTo(rule, source)).toBe(expected);
});
