/** More files than this fail of a defect, not of a busy machine. */
const maxFiles = 5;

/** @param {import('./counts.mjs').Counts | undefined} counts @returns {string[]} the files to be run again; none if that would show nothing */
export function filesToRepeat(counts) {
  const files = [...new Set(counts?.failures.map(({ file }) => file))];
  return files.includes('') || files.length > maxFiles ? [] : files;
}

/**
 * @param {import('./counts.mjs').Counts} first
 * @param {import('./counts.mjs').Counts | undefined} second  of the files that failed in first, undefined if it made no report
 * @returns {import('./counts.mjs').Counts}
 */
export function merged(first, second) {
  if (!second) return first;
  const names = new Set(second.failures.map(({ test }) => test));
  const unstable = first.failures.filter(({ test }) => !names.has(test));
  return { ...first, passed: first.passed + unstable.length, failures: second.failures, unstable };
}
