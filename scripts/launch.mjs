import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isFresh } from './build/stamp.mjs';
import { target } from './build/targets.mjs';
import { inRoot } from './lib/paths.mjs';

// Options may begin with hyphens, a slash or an en dash.
const helpOption = /^[-/\u2013]{1,2}(\?|h|help)$/i;
const remoteOption = /^[-/\u2013]{1,2}remote$/i;

/** @typedef {'gui' | 'engine' | 'gateway' | 'plain'} Kind */

/** What the kinds need of the system. */
const programs = { gui: undefined, engine: 'gdb', gateway: 'gdbserver', plain: undefined };

/**
 * What has to be there before the tool runs.
 * @param {string[]} argv
 * @returns {Kind}
 */
export function kindOfTool([tool = '', ...args]) {
  const first = args[0];
  if (first !== undefined && helpOption.test(first)) return 'plain';
  if (/^windbg$/i.test(tool)) return 'gui';
  if (/^dbgsrv$/i.test(tool) && first !== undefined) return 'gateway';
  const ownEngine = /^(cdb|kd)$/i.test(tool) && first !== undefined;
  return ownEngine && !args.some((arg) => remoteOption.test(arg)) ? 'engine' : 'plain';
}

/** Nearly every start: the build is of these sources and what it loads at run time is there. */
const consoleReady = () => isFresh('tools') && existsSync(inRoot('node_modules/@lydell/node-pty'));

/**
 * Progress goes to standard error, and only where there is something to do: standard output is the tool's.
 * @param {Kind} kind
 */
async function prepare(kind) {
  const { setUp } = await import('./setup/setup.mjs');
  const options = { out: process.stderr, quiet: true };
  if (kind === 'gui') {
    const { electron } = await setUp('gui', options);
    process.env.HAWSER_ELECTRON = electron;
  } else {
    await setUp(kind === 'plain' ? 'console' : kind, options);
  }
}

/**
 * @param {string[]} argv
 * @returns {Promise<number>} the exit status
 */
export async function launch(argv) {
  const kind = kindOfTool(argv);
  try {
    const { which } = await import('./lib/exec.mjs');
    const program = programs[kind];
    const ready = kind !== 'gui' && consoleReady() && (program === undefined || which(program) !== undefined);
    if (!ready) await prepare(kind);
  } catch (error) {
    const { SetupError } = await import('./lib/steps.mjs');
    console.error(error instanceof SetupError ? error.message.trimStart() : error);
    return 1;
  }
  const { main } = await import(pathToFileURL(inRoot(target('tools').output)).href);
  return main(argv);
}
