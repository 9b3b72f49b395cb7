import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryOf } from '../testing/files.ts';
import { fileMemory } from './capture-memory.ts';

const STATE = { told: ['a h p'], watchers: { one: { peers: [1, 2] } } };
const noFault = (why: string): never => {
  throw new Error(why);
};

it('keeps at the end and gives it back', async () => {
  const folder = join(directoryOf({}), 'new');
  const memory = fileMemory(folder, noFault);
  expect(await memory.recall()).toBeUndefined();
  await memory.keep(() => STATE, false);
  expect(existsSync(folder)).toBe(false);
  await memory.keep(() => STATE, true);

  expect(await fileMemory(folder, noFault).recall()).toMatchObject(STATE);
  expect(existsSync(join(folder, 'capture-memory.json.new'))).toBe(false);
});

it('keeps now and then', async () => {
  const folder = directoryOf({});
  await fileMemory(folder, noFault, 0).keep(() => STATE, false);

  expect(JSON.parse(readFileSync(join(folder, 'capture-memory.json'), 'utf8'))).toEqual({ version: 1, ...STATE });
});

it.each(['', '[]', '{"version":2}', '{"version":1,"told":[1],"watchers":{}}'])(
  'refuses a file that holds something else: %j',
  async (text) => {
    const folder = directoryOf({});
    writeFileSync(join(folder, 'capture-memory.json'), text);

    await expect(fileMemory(folder, noFault).recall()).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  },
);

it('says why it cannot keep, and throws nothing', async () => {
  const faults: string[] = [];
  const folder = join(directoryOf({ file: 'x' }), 'file');
  await fileMemory(folder, (why) => void faults.push(why)).keep(() => STATE, true);

  expect(faults).toEqual([expect.stringContaining('cannot be written')]);
});
