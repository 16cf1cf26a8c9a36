import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './packages/dev/src/ci-reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['{packages/*,plugins/*/*}/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages/*,plugins/*/*}/test/**/*.test.ts'],
          exclude: ['**/*.int.test.ts'],
          benchmark: { include: ['{packages/*,plugins/*/*}/bench/**/*.bench.ts'] },
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{packages/*,plugins/*/*}/test/**/*.int.test.ts'],
          benchmark: { include: [] },
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
