/** One test as the test run left it. */
export interface TestOutcome {
  /** File and names of the groups it stands in, its own last. */
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** What the test gave as reason when it skipped itself. */
  readonly note?: string | undefined;
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What a reader should know before the last line. */
  readonly notes: readonly string[];
  /** `N passed, N failed, N skipped`. */
  readonly line: string;
}

/**
 * Counts tests and tells why some were skipped.
 *
 * @param ci Whether everything that tests need should be there: then a skip for want of a program counts as failed,
 *   and so does a skip that gives no reason. Only `[needs ../shared/…]` may be missing.
 * @param faults What failed outside of any test, such as a file that does not load; each counts as one failure.
 */
export function tally(
  tests: readonly TestOutcome[],
  { ci, faults }: { ci: boolean; faults: readonly string[] },
): Tally {
  const skips = tests.filter(({ state }) => state === 'skipped').map((test) => ({ ...test, reason: reasonOf(test) }));
  const refused = ci ? skips.filter(({ reason }) => !reason?.startsWith('needs ../shared/')) : [];
  const passed = tests.filter(({ state }) => state === 'passed').length;
  const failed = tests.filter(({ state }) => state === 'failed').length + refused.length + faults.length;
  const skipped = skips.length - refused.length;
  const empty = tests.length + faults.length === 0 ? ['no test was found'] : [];
  return {
    passed,
    failed: failed + empty.length,
    skipped,
    notes: [
      ...skips
        .filter((skip) => !refused.includes(skip))
        .map(({ name, reason }) => `skipped: ${name}: ${reason ?? 'it gives no reason'}`),
      ...refused.map(
        ({ name, reason }) => `failed, may not be skipped here: ${name}: ${reason ?? 'it gives no reason'}`,
      ),
      ...[...faults, ...empty].map((fault) => `failed: ${fault}`),
    ],
    line: `${passed} passed, ${failed + empty.length} failed, ${skipped} skipped`,
  };
}

function reasonOf({ name, note }: TestOutcome): string | undefined {
  return note ?? /\[(needs [^\]]+)\]/.exec(name)?.[1];
}
