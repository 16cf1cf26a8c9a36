import process from 'node:process';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed, N skipped` alone on the last line, for CI systems that read it, and
 * before it every test that was skipped, with the reason.
 */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const n = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    const skipped: TestCase[] = [];
    for (const m of modules) {
      for (const t of m.children.allTests()) {
        const { state } = t.result();
        n[state]++;
        if (state === 'skipped') skipped.push(t);
      }
      if (m.errors().length > 0) n.failed++;
    }
    process.stdout.write(skippedLines(skipped));
    process.stdout.write(`\n${n.passed} passed, ${n.failed} failed, ${n.skipped} skipped\n`);
  }
}

function skippedLines(tests: readonly TestCase[]): string {
  if (tests.length === 0) return '';
  const lines = tests.map((test) => {
    const result = test.result();
    const reason = result.state === 'skipped' ? result.note : undefined;
    return `  ${test.module.relativeModuleId} > ${test.fullName}\n    ${reason ?? 'NO REASON IS GIVEN: say `context.skip(reason)`'}\n`;
  });
  return `\n!!! ${tests.length} SKIPPED, so this run proves nothing about:\n${lines.join('')}`;
}
