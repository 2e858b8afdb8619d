import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Counts, and the reason of each skipped test, which Vitest's own JSON leaves out. */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {import('./counts.mjs').Counts} */
    const counts = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      // A module that breaks while it loads has no tests that could fail.
      if (module.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed++;
        else if (result.state === 'failed') counts.failed++;
        else {
          const reason = result.state === 'skipped' ? result.note : 'it never ran';
          counts.skipped.push({ test: `${module.relativeModuleId} > ${test.fullName}`, reason });
        }
      }
    }
    const file = process.env.HAWSER_VITEST_JSON ?? '';
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(counts));
  }
}
