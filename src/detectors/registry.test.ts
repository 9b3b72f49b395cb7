import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ObservationBody } from '../model/observations/index.ts';
import { hunted } from '../testing/hunted.ts';
import { innocent } from '../testing/innocent.ts';
import { judged } from '../testing/judged.ts';
import { faultsOf } from '../testing/registry.ts';
import { detectors } from './index.ts';

const KINDS = new Set<string>(ObservationBody.options.map(({ shape }) => shape.kind.value));

it('lists what the folder exports, under the names of its files', async () => {
  const isDetector = (value: object) => 'detect' in value && 'judges' in value;

  expect(await faultsOf(new URL('.', import.meta.url), detectors, isDetector)).toEqual([]);
});

it('has every id in a file of its folder', async () => {
  const shared = await readFile(new URL('linux/lone-signs.ts', import.meta.url), 'utf8');
  const homeless = detectors.map(({ id }) => id).filter((id) => !shared.includes(`'${id}'`));
  const own = await Promise.all(
    homeless.map(async (id) => [
      id,
      (await readFile(new URL(`${id}.ts`, import.meta.url), 'utf8')).includes(`'${id}'`),
    ]),
  );

  expect(own).toEqual(homeless.map((id) => [id, true]));
});

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (_, detector) => {
  it('says what it needs, why it may be wrong and what to do next', () => {
    const { needs, uses = [], judges, falsePositives, next, identity, title, attack } = detector;

    expect([...needs, ...uses, judges].filter((kind) => !KINDS.has(kind))).toEqual([]);
    expect(needs).toContain(judges);
    expect([falsePositives, next, identity, [title]].flat().filter((text) => text.trim() === '')).toEqual([]);
    expect([falsePositives, next, identity].filter((list) => list.length === 0)).toEqual([]);
    expect(attack.filter((id) => !/^T\d{4}(?:\.\d{3})?$/.test(id))).toEqual([]);
  });

  it('tells something of the cases, each time with its subject, its evidence and a way on', () => {
    const findings = [...hunted, ...innocent].flatMap(({ host }) => judged(host, { by: [detector] }).findings);
    const wordsOf = (subject: object) =>
      Object.values(subject)
        .filter((value) => typeof value !== 'object')
        .map(String);

    expect(findings.length).toBeGreaterThan(0);
    expect(
      findings
        .filter(
          ({ message, subject, evidence, benign, next }) =>
            !wordsOf(subject).every((word) => message.includes(word)) ||
            evidence.length === 0 ||
            evidence.some(({ text }) => text === '') ||
            benign.length === 0 ||
            next.length === 0,
        )
        .map(({ message }) => message),
    ).toEqual([]);
  });
});
