import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workDir } from '../lib/paths.mjs';

/** @typedef {{ passed: number, failed: number, skipped: { test: string, reason: string | undefined }[] }} Counts */

export const vitestReport = join(workDir, 'test/vitest.json');
export const playwrightReport = join(workDir, 'test/playwright.json');

export function forgetReports() {
  for (const file of [vitestReport, playwrightReport]) rmSync(file, { force: true });
}

/** @param {string} file @returns {any} */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @returns {Counts | undefined} */
export const vitestCounts = () => read(vitestReport);

/**
 * @typedef {object} Suite
 * @property {string} title
 * @property {Suite[]} [suites]
 * @property {{ title: string, tests: { status: string, annotations: { type: string, description?: string }[] }[] }[]} [specs]
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
    for (const test of spec.tests) {
      if (test.status === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        counts.skipped.push({ test: [...here, spec.title].join(' > '), reason });
      } else if (test.status === 'unexpected') counts.failed++;
      else counts.passed++;
    }
  }
}

/** @returns {Counts | undefined} */
export function playwrightCounts() {
  const report = read(playwrightReport);
  if (!report) return undefined;
  /** @type {Counts} */
  const counts = { passed: 0, failed: report.errors?.length ?? 0, skipped: [] };
  for (const suite of report.suites ?? []) add(suite, [], counts);
  return counts;
}
