import { runSteps } from '../lib/steps.mjs';
import { buildStep } from './build.mjs';
import { systemStep } from './debian.mjs';
import { electronPath, electronStep } from './electron.mjs';
import { npmStep } from './npm.mjs';

/** What a machine is prepared for; the console kinds touch neither Electron nor a graphical library. */
const purposes = {
  console: () => [npmStep('console'), buildStep('console')],
  gateway: () => [npmStep('console'), systemStep(['gateway']), buildStep('console')],
  engine: () => [npmStep('console'), systemStep(['debugger']), buildStep('console')],
  gui: () => [npmStep('full'), systemStep(['debugger', 'gui']), electronStep(), buildStep('full')],
  start: () => [
    npmStep('full'),
    systemStep(['debugger', 'compiler', 'gui']),
    electronStep(),
    buildStep('full'),
  ],
  tour: () => [
    npmStep('full'),
    systemStep(['debugger', 'compiler', 'gui', 'display']),
    electronStep(),
    buildStep('full'),
  ],
  bundle: () => [npmStep('full')],
  bench: () => [
    npmStep('full'),
    systemStep(['debugger', 'compiler', 'gui', 'display']),
    electronStep(),
    buildStep('bench'),
  ],
  soak: () => [npmStep('full'), systemStep(['debugger', 'compiler', 'serial']), buildStep('bench')],
  // The build is the first of the stages of npm test.
  tests: () => [npmStep('full'), systemStep(['debugger', 'gui', 'tests']), electronStep()],
  longTests: () => [npmStep('full'), systemStep(['debugger', 'gui', 'tests', 'long']), electronStep()],
};

const consoles = new Set(['console', 'gateway', 'engine', 'bundle', 'soak']);

/**
 * @param {keyof typeof purposes} purpose
 * @param {Parameters<typeof runSteps>[1]} [options]
 * @returns {Promise<{ electron: string | undefined }>} where Electron is, where the purpose wants it
 */
export async function setUp(purpose, options) {
  await runSteps(purposes[purpose](), options);
  return { electron: consoles.has(purpose) ? undefined : electronPath() };
}
