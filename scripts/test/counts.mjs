import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workDir } from '../lib/paths.mjs';

/**
 * @typedef {{ file: string, test: string, message: string }} Failure  file: from the project's root, '' where it is of none
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {Failure[]} failures
 * @property {Failure[]} unstable  what failed at first and passed when its file was run again alone; not among failures
 * @property {{ test: string, reason: string | undefined }[]} skipped
 */

/** @typedef {(file: string) => Counts | undefined} Reader  of a report; undefined if there is none */

/** @param {string} name */
export const reportFile = (name) => join(workDir, `test/${name}.json`);

/** @param {string[]} names */
export function forgetReports(names) {
  for (const name of names) rmSync(reportFile(name), { force: true });
}

/** @param {string} file @returns {any} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @type {Reader} */
export const vitestCounts = read;

/**
 * @typedef {object} Result
 * @property {{ message?: string }} [error]
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {Suite[]} [suites]
 * @property {{ title: string, file: string, tests: { status: string, results: Result[], annotations: { type: string, description?: string }[] }[] }[]} [specs]
 */

/**
 * @param {Suite} suite
 * @param {string[]} path
 * @param {Counts} counts
 */
function add(suite, path, counts) {
  const here = [...path, suite.title];
  for (const inner of suite.suites ?? []) add(inner, here, counts);
  for (const spec of suite.specs ?? []) {
    const name = [...here, spec.title].join(' > ');
    for (const test of spec.tests) {
      if (test.status === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        counts.skipped.push({ test: name, reason });
      } else if (test.status === 'unexpected') {
        const message = test.results[0]?.error?.message ?? 'no error was given';
        counts.failures.push({ file: spec.file, test: name, message });
      } else counts.passed++;
    }
  }
}

/** @type {Reader} */
export function playwrightCounts(file) {
  const report = read(file);
  if (!report) return undefined;
  /** @type {Counts} */
  const counts = { passed: 0, failures: [], unstable: [], skipped: [] };
  for (const error of report.errors ?? []) {
    counts.failures.push({ file: '', test: 'the run', message: error.message ?? 'no error was given' });
  }
  for (const suite of report.suites ?? []) add(suite, [], counts);
  return counts;
}
