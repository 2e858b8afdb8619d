import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { endChild } from './children.mjs';
import { inRoot } from './paths.mjs';
import { SetupError } from './steps.mjs';

const startTime = 60_000;

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} the port from the lines with which a server says how to reach it
 */
function announcedPort(child) {
  return new Promise((done, failed) => {
    let output = '';
    const fail = (/** @type {string} */ why) =>
      failed(new SetupError(`The debugging server ${why}.\n${output}`));
    const timer = setTimeout(() => fail(`said nothing for ${startTime / 1000} seconds`), startTime);
    const read = (/** @type {string} */ text) => {
      if (output.length < 65_536) output += text;
      const port = /Server started\..*?\bport=(\d+)/is.exec(output)?.[1];
      if (!port) return;
      clearTimeout(timer);
      done(Number(port));
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('error', (error) => fail(`does not start: ${error.message}`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with status ${code}`);
    });
  });
}

/**
 * A debugging server on `program`, for this machine only and behind a password made for it.
 * @param {string} program
 */
export async function startServer(program) {
  const password = randomBytes(18).toString('base64url');
  const args = ['cdb', '-server', 'tcp:port=5005:5105,bind=127.0.0.1', '-g', '-noio', program];
  const child = spawn(process.execPath, [inRoot('tools/hawser'), ...args], {
    // The environment, never the command line, which everybody on the machine can read.
    env: { ...process.env, HAWSER_PASSWORD: password },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl+C in the terminal is for the program that started it.
    detached: true,
  });
  const stop = () => endChild(child);
  try {
    const port = await announcedPort(child);
    return { child, stop, password, connection: `tcp:server=127.0.0.1,port=${port}` };
  } catch (error) {
    await stop();
    throw error;
  }
}
