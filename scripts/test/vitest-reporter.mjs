import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** @param {string} file @param {string} test @param {readonly { message: string }[] | undefined} errors */
const failure = (file, test, errors) => ({
  file,
  test,
  message: errors?.[0]?.message ?? 'no error was given',
});

/** What failed of a file outside its tests: while it loaded, or in what goes before and after them.
 * @param {import('vitest/node').TestModule} module */
function* outsideTests(module) {
  const file = module.relativeModuleId;
  if (module.errors().length > 0) yield failure(file, file, module.errors());
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0) yield failure(file, `${file} > ${suite.fullName}`, suite.errors());
  }
}

/** Counts, what failed, and the reason of each skipped test, which Vitest's own JSON leaves out. */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string, VITEST_TEST_PATH?: string }[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {import('./counts.mjs').Counts} */
    const counts = { passed: 0, failures: [], unstable: [], skipped: [] };
    for (const error of unhandled) {
      // Vitest's own mark; where it is missing, there is no file that could be run again.
      const file = error.VITEST_TEST_PATH ? relative(process.cwd(), error.VITEST_TEST_PATH) : '';
      counts.failures.push(failure(file, `${file} > an error that nobody handled`, [error]));
    }
    for (const module of modules) {
      const file = module.relativeModuleId;
      counts.failures.push(...outsideTests(module));
      for (const test of module.children.allTests()) {
        const result = test.result();
        const name = `${file} > ${test.fullName}`;
        if (result.state === 'passed') counts.passed++;
        else if (result.state === 'failed') counts.failures.push(failure(file, name, result.errors));
        else {
          const reason = result.state === 'skipped' ? result.note : 'it never ran';
          counts.skipped.push({ test: name, reason });
        }
      }
    }
    const report = process.env.HAWSER_VITEST_JSON ?? '';
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, JSON.stringify(counts));
  }
}
