import { createInterface } from 'node:readline/promises';
import { lastLines } from '../lib/exec.mjs';
import { SetupError } from '../lib/steps.mjs';
import { chooseNames, haveApt, haveLists, install, update } from './apt.mjs';
import { lookAgain, missing } from './needs.mjs';

/** @param {import('./needs.mjs').Need[]} needed */
const listed = (needed) => needed.map((need) => need.what).join(', ');

const isRoot = () => process.getuid?.() === 0;
const isInteractive = () => Boolean(process.stdin.isTTY && process.stdout.isTTY);

/** @param {string[]} packages */
function command(packages) {
  const apt = isRoot() ? 'apt-get' : 'sudo apt-get';
  return `${haveLists() ? '' : `${apt} update && `}${apt} install -y ${packages.join(' ')}`;
}

/** @param {string} question */
async function agreed(question) {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|)$/i.test((await prompt.question(question)).trim());
  } finally {
    prompt.close();
  }
}

/** @param {string[][]} alternatives */
async function installAny(alternatives) {
  let updated = !haveLists();
  if (updated) await update();
  let result = await install(await chooseNames(alternatives));
  if (result.code !== 0 && !updated) {
    // Old lists name versions that the archive no longer has.
    updated = true;
    await update();
    result = await install(await chooseNames(alternatives));
  }
  return result;
}

/**
 * @param {import('./needs.mjs').NeedGroup[]} groups
 * @param {(line: string) => void} say
 */
async function provide(groups, say) {
  const wanted = missing(groups);
  const alternatives = wanted.map((need) => need.packages);
  if (!haveApt()) {
    throw new SetupError(
      `\nHawser needs ${listed(wanted)}, and this system has no apt. Install them with your package manager, then run this again.`,
    );
  }
  const packages = await chooseNames(alternatives);
  if (!isRoot()) {
    throw new SetupError(
      `\nHawser needs ${listed(wanted)}. Run this, then start again:\n\n  ${command(packages)}\n`,
    );
  }
  if (isInteractive()) {
    say(`missing: ${listed(wanted)}`);
    if (!(await agreed(`  Install ${packages.join(' ')} with apt-get? [Y/n] `))) {
      throw new SetupError(
        `\nNothing was installed. Run this, then start again:\n\n  ${command(packages)}\n`,
      );
    }
  } else {
    say(`installing ${packages.join(' ')} with apt-get`);
  }
  const { code, output } = await installAny(alternatives);
  lookAgain();
  const still = missing(groups).filter((need) => !need.nice);
  if (code === 0 && still.length === 0) return 'installed';
  throw new SetupError(
    `\napt-get could not bring ${listed(still.length > 0 ? still : wanted)}:\n\n${lastLines(output, 15)}\n\nRun this to see more:\n\n  ${command(packages)}\n`,
  );
}

/**
 * @param {import('./needs.mjs').NeedGroup[]} groups
 * @returns {import('../lib/steps.mjs').Step}
 */
export function systemStep(groups) {
  return {
    name: 'system packages',
    ready: () => {
      const wanted = missing(groups);
      if (wanted.length === 0) return 'all there';
      const onlyNice = wanted.every((need) => need.nice);
      return onlyNice && !(isRoot() && haveApt()) ? `all there but ${listed(wanted)}` : undefined;
    },
    run: (say) => provide(groups, say),
  };
}
