/** A failure whose message tells the user everything: no stack is printed. */
export class SetupError extends Error {}

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => string | undefined} ready  why there is nothing to do, or undefined
 * @property {(say: (line: string) => void) => Promise<string | undefined>} run  what was done
 */

/** @param {number} began */
const seconds = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

/**
 * Runs steps in order, a line of progress for each.
 * @param {Step[]} steps
 * @param {{ out?: NodeJS.WriteStream, quiet?: boolean }} [options] quiet: steps with nothing to do are not mentioned
 */
export async function runSteps(steps, { out = process.stdout, quiet = false } = {}) {
  for (const step of steps) {
    const began = performance.now();
    const label = `  ${step.name.padEnd(18)} `;
    const skipped = step.ready();
    if (skipped !== undefined) {
      if (!quiet) out.write(`${label}${skipped} (${seconds(began)})\n`);
      continue;
    }
    out.write(label);
    let midLine = true;
    const say = (/** @type {string} */ line) => {
      out.write(`${midLine ? '' : label}${line}\n`);
      midLine = false;
    };
    try {
      const done = (await step.run(say)) ?? 'done';
      out.write(`${midLine ? '' : label}${done} (${seconds(began)})\n`);
    } catch (error) {
      out.write(`${midLine ? '' : label}failed (${seconds(began)})\n`);
      throw error;
    }
  }
}

/**
 * Ends the program on failures the way a command-line program should.
 * @param {() => Promise<number | undefined>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
