import { expect, it } from 'vitest';
import type { EventObject } from './event.ts';
import { mapRule } from './mapping.ts';
import type { FieldMapping } from './mapping.ts';
import { compileRules } from './match.ts';
import { readRules } from './read.ts';

const MAPPING: FieldMapping = {
  logsource: { product: 'linux' },
  prefix: 'event.',
  fields: new Map([
    ['Image', ['process.exe', 'process.comm']],
    ['User', ['user.name']],
  ]),
  values: new Map([['User', new Map([['root', ['0', 'uid=0']]])]]),
};

function matches(selection: string, event: EventObject, product = 'linux'): boolean {
  const [reading] = readRules(
    'r.yml',
    `title: t\nlogsource: {product: ${product}}\ndetection: {sel: {${selection}}, condition: sel}\n`,
  );
  if (reading === undefined || reading.outcome === 'refused') throw new Error(JSON.stringify(reading?.diagnostics));
  let found = false;
  compileRules([mapRule(reading.rule, MAPPING)]).match([event], () => {
    found = true;
  });
  return found;
}

it.each<[selection: string, event: EventObject, expected: boolean]>([
  ['Image: x', { process: { comm: 'x' } }, true],
  ['Image: x', { process: { exe: 'x' } }, true],
  ['Image: x', { Image: 'x' }, false],
  ['Image|neq: x', { process: { exe: 'y', comm: 'x' } }, false],
  ['Image: null', { process: { exe: 'y' } }, false],
  ['Image: null', {}, true],
  ['Image|exists: true', { process: { comm: 'x' } }, true],
  ['Image|exists: false', { process: { comm: 'x' } }, false],
  ['User: ROOT', { user: { name: 'uid=0' } }, true],
  ['User: root', { user: { name: 'root' } }, false],
  ['User|contains: root', { user: { name: 'root' } }, true],
  ['Other: x', { event: { Other: 'x' } }, true],
  ['Other|fieldref: Image', { event: { Other: 'x' }, process: { comm: 'x' } }, true],
  ["'|contains': root", { any: 'root' }, true],
])('%s on %j: %s', (selection, event, expected) => {
  expect(matches(selection, event)).toBe(expected);
});

it('leaves rules for other sources alone', () => {
  expect(matches('Image: x', { Image: 'x' }, 'windows')).toBe(true);
});
