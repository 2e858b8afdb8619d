import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tool } from '../cli/tool.ts';
import { noSandboxReason } from '../windbg/electron.ts';
import { type WindowProgram, windbgFrom } from '../windbg.ts';
import { bundleErrors } from './errors.ts';

/** In a package the console program stands in the folder of resources, and the window's program above it. */
const place = { darwin: '../MacOS/hawser-window', win32: '../hawser-window.exe' }[String(process.platform)];
const program = join(import.meta.dirname, place ?? '../hawser-window');

function inPackage(): WindowProgram {
  const reason = noSandboxReason(program);
  // A package never shows pages without the sandbox.
  if (reason !== null) throw bundleErrors.noSandbox(reason, program);
  return { file: program, args: [] };
}

/** A console program that was copied alone has no window. */
const nowhere: Tool = {
  name: 'windbg',
  summary: 'the debugger with windows; not in this program',
  help: () => bundleErrors.noWindows().text,
  run: () => Promise.reject(bundleErrors.noWindows()),
};

export const windbg: Tool = existsSync(program) ? windbgFrom(inPackage) : nowhere;
