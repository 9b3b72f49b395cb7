import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkout, directoryOf } from '../src/testing/files.ts';
import { run } from '../src/testing/run.ts';

/** Runs the test command over a small project of its own; gives its exit status and what stands after the report. */
async function testRun(files: Readonly<Record<string, string>>, args: readonly string[] = [], ci = '') {
  const root = directoryOf({ 'vitest.config.ts': 'export default { test: { include: ["*.test.ts"] } };\n', ...files });
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
  // The variables of the run that this test is part of would reach into the other.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|TEST|NODE_V8_COVERAGE)/.test(name),
  );
  const { status, out } = await run(process.execPath, [join(checkout, 'scripts/test.ts'), '--root', root, ...args], {
    env: { ...Object.fromEntries(inherited), CI: ci },
  });
  return { status, end: out.trimEnd().split('\n').slice(-3) };
}

const A = "import { expect, it } from 'vitest';\nit('works', () => expect(1).toBe(1));\n";
const B = "import { it } from 'vitest';\nit.skipIf(true)('as lldpd [needs lldpd of lldpd]', () => {});\n";

it('ends with the count, after what was skipped and why', async () => {
  expect(await testRun({ 'a.test.ts': A, 'b.test.ts': B })).toEqual({
    status: 0,
    end: [
      '',
      'skipped: b.test.ts > as lldpd [needs lldpd of lldpd]: needs lldpd of lldpd',
      '1 passed, 0 failed, 1 skipped',
    ],
  });
});

it('fails in continuous integration when a program is missing', async () => {
  const { status, end } = await testRun({ 'a.test.ts': A, 'b.test.ts': B }, [], 'true');

  expect({ status, last: end.at(-1) }).toEqual({ status: 1, last: '1 passed, 1 failed, 0 skipped' });
});

it('fails when a file does not load, and counts it', async () => {
  const { status, end } = await testRun({ 'a.test.ts': A, 'c.test.ts': "import './gone.ts';\n" });

  expect({ status, last: end.at(-1) }).toEqual({ status: 1, last: '1 passed, 1 failed, 0 skipped' });
  expect(end[1]).toMatch(/^failed: c\.test\.ts does not load: /);
});

it('runs only the files that the pattern names', async () => {
  const files = { 'a.test.ts': A, 'broken.test.ts': 'throw new Error();\n' };

  expect(await testRun(files, ['a.test'])).toMatchObject({ status: 0, end: ['', '', '1 passed, 0 failed, 0 skipped'] });
  expect((await testRun(files, ['no-such-file'])).status).toBe(1);
});

it('fails when coverage is below its threshold', async () => {
  const { status, end } = await testRun({
    'a.test.ts': "import { it } from 'vitest';\nimport './half.ts';\nit('works', () => {});\n",
    'half.ts': 'export function never() {\n  return 1;\n}\n',
    'vitest.config.ts':
      'export default { test: { include: ["*.test.ts"], coverage: { include: ["half.ts"], reporter: [], thresholds: { lines: 90 } } } };\n',
  });

  expect({ status, end: end.slice(1) }).toEqual({
    status: 1,
    end: ['failed: coverage is below its threshold, as said above', '1 passed, 1 failed, 0 skipped'],
  });
});
