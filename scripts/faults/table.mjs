import { groups } from './list.mjs';

/**
 * @typedef {object} Result
 * @property {'held' | 'DID NOT HOLD' | 'skipped'} state
 * @property {string} [reason]  why it was skipped
 */

/** The lines of a table before and behind what is generated. */
export const BEGIN = '<!-- generated: npm run faults -->';
export const END = '<!-- end of what is generated -->';

const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|');

/**
 * The tables of docs/reliability.md.
 * @param {(fault: import('./list.mjs').Fault) => Result | undefined} resultOf  undefined: it was not run
 */
export function tables(resultOf) {
  return groups
    .map(([title, faults]) => {
      const rows = faults.map((fault) => {
        const { state, reason } = resultOf(fault) ?? { state: 'not run', reason: undefined };
        const shown = reason ? `${state}: ${reason}` : state;
        return `| ${[fault.name, fault.holds, `\`${fault.file}\``, shown].map(cell).join(' | ')} |`;
      });
      return [
        `## ${title}`,
        '',
        '| fault | what must hold | test | result |',
        '| --- | --- | --- | --- |',
        ...rows,
      ].join('\n');
    })
    .join('\n\n');
}

/** The results that a page shows, by the name of the fault. @param {string} page */
export function resultsIn(page) {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  return new Map(
    rows.map((line) => {
      const cells = line.slice(2, -2).split(/(?<!\\) \| /);
      return [cells[0] ?? '', cells[3] ?? ''];
    }),
  );
}

/** A result as it is shown in a table. @param {string | undefined} shown @returns {Result | undefined} */
export function parseResult(shown) {
  const [, state, reason] = /^(held|DID NOT HOLD|skipped)(?:: (.*))?$/s.exec(shown ?? '') ?? [];
  if (state === undefined) return undefined;
  return { state: /** @type {Result['state']} */ (state), ...(reason === undefined ? {} : { reason }) };
}

/** A page with other tables in it. @param {string} page @param {string} inner */
export function withTables(page, inner) {
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n${inner}\n\n${END}${after}`;
}

/** Titles of tests in a file's text. @param {string} source */
export function titlesIn(source) {
  const found = [];
  const calls =
    /(?:^|[\s.])(?:it|test)(?:\.(?!describe)\w+)?\s*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1|^\s*\]\s*(?:as const\s*)?\)\s*\(\s*(['"`])((?:\\.|(?!\3)[^\\])*)\3|\)\(\s*(['"`])((?:\\.|(?!\5)[^\\])*)\5\s*,\s*(?:LONG,\s*)?(?:\{[^}]*\},\s*)?(?:async\b|\()/gm;
  for (const match of source.matchAll(calls)) {
    const title = match[2] ?? match[4] ?? match[6];
    if (title !== undefined) found.push(title.replace(/\\(['"`])/g, '$1'));
  }
  return found;
}
