import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Programs that tests start keep their compiled code in here, not in the folder for temporary files.
    env: { NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/compile') },
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
