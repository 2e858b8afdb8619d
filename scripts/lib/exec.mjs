import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';

/**
 * Runs a program to its end and keeps what it wrote.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` has both streams as they came
 */
export function capture(command, args, { env = process.env, cwd = root, signal } = {}) {
  return new Promise((done) => {
    let output = '';
    let stdout = '';
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { env, cwd, signal, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => done({ code: 127, output: `${output}${error.message}\n`, stdout }));
    child.on('close', (code) => done({ code: code ?? 1, output, stdout }));
  });
}

/**
 * Where a program is on the PATH (and where system programs are that a plain user's PATH leaves out).
 * @param {string} name
 */
export function which(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  for (const folder of folders) {
    const path = join(folder || '.', name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** @param {string} text @param {number} count */
export const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');
