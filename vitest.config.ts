import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: [
        'src/**/*.test.ts',
        'src/testing/**',
        'src/stores/contract/**',
        // Worker entries run in threads of their own, which report no coverage; what they call is tested directly.
        'src/**/*worker.ts',
      ],
      reporter: ['text-summary'],
      reportOnFailure: true,
      thresholds: { lines: 90 },
    },
  },
});
