import { expect, it } from 'vitest';
import { faultsOf } from '../testing/registry.ts';
import { collectors } from './index.ts';

it('lists what the folder exports', async () => {
  expect(await faultsOf(new URL('.', import.meta.url), collectors, (value) => 'steps' in value)).toEqual([]);
});

it('asks for every artifact once', () => {
  const names = collectors.flatMap(({ steps }) =>
    steps.map((step) =>
      step.do === 'file' ? step.path : step.do === 'each-process' ? `/proc/*/${step.file}` : step.artifact,
    ),
  );

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('makes no file on the host: no here-document, no redirection but to /dev/null and between streams', () => {
  const texts = collectors.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.do === 'shell' ? [step.text.replace(/-e '[\s\S]*?'|-c '[\s\S]*?'/g, '')] : [])),
  );
  const redirections = texts.flatMap((text) => text.match(/\d?>+&?\s*\S+|<<\S*/g) ?? []);

  expect(redirections.filter((one) => !/^(?:2?>\/dev\/null|2>&1)[;)]*$/.test(one))).toEqual([]);
});
