import { open } from 'node:fs/promises';
import { engineErrors } from '../errors.ts';
import type { Caller } from './host.ts';
import type { DebuggerState } from './state.ts';

/** A script is typed by a person; what is longer is some other file. */
const LONGEST = 0x10_0000;

/**
 * Whether a command may touch files, programs or the environment of the machine that the engine runs on: the owner may, remote
 * clients only where the owner has allowed it, in secure mode nobody.
 * @throws HawserError `SECURE_MODE`, `OWNER_ONLY`
 */
export function expectHostAccess(state: DebuggerState, caller: Caller, what: string): void {
  if (state.secure) throw engineErrors.secureMode(what, 'it touches the machine that the debugger runs on');
  if (caller.role !== 'owner' && !state.remoteHostAccess) throw engineErrors.hostAccess(what);
}

/**
 * The text of a file of the engine's machine, for a command of that name.
 * @throws HawserError as {@link expectHostAccess}; `SCRIPT_FILE`, `TOO_MUCH` (1 MiB)
 */
export async function readHostText(
  state: DebuggerState,
  caller: Caller,
  path: string,
  what: string,
  at: number,
): Promise<string> {
  expectHostAccess(state, caller, what);
  if (path === '') throw engineErrors.syntax('', at);
  try {
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(LONGEST + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        length += bytesRead;
        if (length > LONGEST) throw engineErrors.tooMuch(`The file '${path}'`, LONGEST, 'bytes');
        if (bytesRead === 0) return buffer.toString('utf8', 0, length).replace(/^\uFEFF/, '');
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'TOO_MUCH') throw error;
    throw engineErrors.scriptFile(path, code ?? '', message);
  }
}
