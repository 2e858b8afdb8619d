import { spawn } from 'node:child_process';
import { endChild, ended, onInterrupt } from '../lib/children.mjs';
import { haveDisplay } from '../lib/display.mjs';
import { inRoot } from '../lib/paths.mjs';
import { startServer } from '../lib/server.mjs';
import { runSteps } from '../lib/steps.mjs';
import { samplePath, sampleStep } from '../setup/sample.mjs';
import { setUp } from '../setup/setup.mjs';

/**
 * The GUI in its own process, as `hawser windbg` starts it.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function gui(args, env) {
  return spawn(process.execPath, [inRoot('tools/hawser'), 'windbg', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
}

/** @param {import('node:child_process').ChildProcess} child */
const statusOf = (child) => child.exitCode ?? 1;

/** @param {string[]} args */
async function hand(args) {
  const { electron } = await setUp('gui');
  const window = gui(args, { HAWSER_ELECTRON: electron });
  onInterrupt(() => endChild(window));
  await ended(window);
  return statusOf(window);
}

/** @param {string} electron */
async function showSample(electron) {
  const server = await startServer(samplePath);
  console.log(
    `\nA debugging server runs ${samplePath}: ${server.connection} (its password is made for this run).`,
  );
  console.log('Hawser opens connected to it. Closing its window ends both.\n');
  const window = gui(['-remote', server.connection], {
    HAWSER_ELECTRON: electron,
    HAWSER_PASSWORD: server.password,
  });
  const serverEnded = () => console.log('The debugging server has ended.');
  server.child.once('exit', serverEnded);
  const clean = async () => {
    server.child.off('exit', serverEnded);
    await endChild(window);
    await server.stop();
  };
  onInterrupt(clean);
  await ended(window);
  await clean();
  return statusOf(window);
}

/** @param {string[]} args */
export async function start(args) {
  if (args.length > 0) return hand(args);
  const display = haveDisplay();
  if (!display) console.log('There is no display: Hawser will be shown at work on a virtual one.');
  console.log('Setting up:');
  const { electron = '' } = await setUp(display ? 'start' : 'tour');
  await runSteps([sampleStep()]);
  if (display) return showSample(electron);
  const { headlessTour } = await import('./headless-tour.mjs');
  return headlessTour(electron);
}
