import type { Tool } from '../cli/tool.ts';
import { bundleErrors } from './errors.ts';

/** Stands in for the window, which is not in the bundle. */
export const windbg: Tool = {
  name: 'windbg',
  summary: 'the debugger with windows; not in this program',
  help: () => bundleErrors.noWindows().text,
  run: () => Promise.reject(bundleErrors.noWindows()),
};
