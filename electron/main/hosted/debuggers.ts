import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { OfferedDebugger } from '../../ipc/hosted.ts';

const own: readonly OfferedDebugger[] = [
  { location: 'cdb', what: 'Hawser’s console debugger' },
  { location: 'kd', what: 'Hawser’s kernel debugger' },
];

const others: Readonly<Record<string, string>> = { gdb: 'GDB', lldb: 'LLDB' };

/** What the Host Session dialog offers beside any other program: Hawser's own, and those found in PATH. */
export function offeredDebuggers(path = process.env.PATH ?? ''): readonly OfferedDebugger[] {
  const found = Object.entries(others).flatMap(([name, title]) => {
    const place = path
      .split(delimiter)
      .filter((folder) => folder.startsWith('/'))
      .map((folder) => join(folder, name))
      .find(isProgram);
    return place === undefined ? [] : [{ location: place, what: title }];
  });
  return [...own, ...found];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
