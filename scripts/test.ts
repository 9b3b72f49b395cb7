// Runs the tests and ends with one line that a person and a program can read: `N passed, N failed, N skipped`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest, type TestCase, type TestModule } from 'vitest/node';
import { tally, type TestOutcome } from './tally.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', short: 't' },
    coverage: { type: 'boolean' },
    root: { type: 'string', default: resolve(import.meta.dirname, '..') },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help) {
  console.log(`Usage: ./longwatch test [PATTERN…] [--name TEXT]

Runs the tests in files whose path holds one of the patterns, or all of them with coverage.
  -t, --name TEXT   only tests whose name holds TEXT
  --coverage        measure coverage in a partial run, too`);
} else {
  process.exitCode = await main();
}

async function main(): Promise<number> {
  const whole = positionals.length === 0 && values.name === undefined;
  const faults: string[] = [];
  let modules: readonly TestModule[] = [];
  const vitest = await startVitest('test', positionals, {
    root: values.root,
    run: true,
    watch: false,
    passWithNoTests: true,
    reporters: [
      'default',
      {
        onTestRunEnd(ended, errors) {
          modules = ended;
          for (const { message } of errors) faults.push(`outside of any test: ${message}`);
        },
      },
    ],
    ...(values.name === undefined ? {} : { testNamePattern: RegExp.escape(values.name) }),
    coverage: { enabled: values.coverage ?? whole },
  });
  const tests = modules
    .flatMap((module) => [...module.children.allTests()].map((test) => outcomeOf(module, test)))
    .filter(({ name, state }) => state !== 'skipped' || values.name === undefined || name.includes(values.name));
  for (const module of modules) {
    for (const { message } of module.errors()) faults.push(`${module.relativeModuleId} does not load: ${message}`);
    for (const suite of module.children.allSuites()) {
      for (const { message } of suite.errors())
        faults.push(`${module.relativeModuleId} > ${suite.fullName}: ${message}`);
    }
  }
  const failedTests = tests.some(({ state }) => state === 'failed');
  if (process.exitCode && faults.length === 0 && !failedTests && tests.length > 0) {
    faults.push('coverage is below its threshold, as said above');
  }
  await vitest.close();

  const { notes, line, failed } = tally(tests, { ci: isSet(process.env['CI']), faults });
  console.log(['', ...notes, line].join('\n'));
  return failed === 0 ? 0 : 1;
}

function outcomeOf(module: TestModule, test: TestCase): TestOutcome {
  const result = test.result();
  return {
    name: `${module.relativeModuleId} > ${test.fullName}`,
    state: result.state === 'pending' ? 'failed' : result.state,
    note: result.state === 'skipped' ? result.note : undefined,
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value);
}
