import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { splitArguments } from '../../engine/format/arguments.ts';
import { formatConnectionString, parseConnectionString } from '../../transports/connection-string.ts';
import { Secret } from '../../transports/secret.ts';
import { agentErrors } from './errors.ts';
import { ownTool } from './program.ts';

/** hawser: knows `qq`, `.remote_exit` and the rest of WinDbg's ways to end; other: ends as any program does. */
export type DebuggerKind = 'hawser' | 'other';

/** A debugger as it is started, and as it may be shown: without a password. */
export interface DebuggerCommand {
  readonly kind: DebuggerKind;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A session elsewhere is at the other end: it goes on without us. */
  readonly remote: boolean;
  readonly shown: string;
}

const REMOTE = /^[-/\u2010-\u2015\u2212]{1,2}remote$/i;
const CONNECTION = /^[-/\u2010-\u2015\u2212]{1,2}(?:remote|premote)$/i;

/** Whether the arguments, as one line or taken apart, do without `-remote`: ending such a debugger disconnects everyone for good. */
export function isDirect(args: string | readonly string[]): boolean {
  return !(typeof args === 'string' ? splitArguments(args) : args).some((arg) => REMOTE.test(arg));
}

/**
 * The command of the Host Session dialog. `cdb` and `kd` alone are Hawser's own; what has a slash in it is a path; anything
 * else is looked for where the shell would.
 * @throws HawserError `DEBUGGER_NOT_FOUND`, `DEBUGGER_UNUSABLE`, `AGENT_NOT_BUILT`
 */
export function debuggerCommand(location: string, line: string): DebuggerCommand {
  const place = location.trim();
  const given = splitArguments(line);
  const own = /^(?:cdb|kd)$/i.test(place);
  const kind = own || isHawser(place, given) ? 'hawser' : 'other';
  const { args, env } = kind === 'hawser' ? withoutPassword(given) : { args: given, env: {} };
  const shown = [place, ...args].join(' ');
  const remote = !isDirect(args);
  if (!own) return { kind, file: findProgram(place), args, env, remote, shown };
  const { file, args: before, env: around } = ownTool([place.toLowerCase(), ...args]);
  const asNode = around.ELECTRON_RUN_AS_NODE;
  return {
    kind,
    file,
    args: before,
    env: { ...env, ...(asNode !== undefined && { ELECTRON_RUN_AS_NODE: asNode }) },
    remote,
    shown,
  };
}

function isHawser(place: string, args: readonly string[]): boolean {
  const name = basename(place).replace(/\.(?:exe|m?js)$/i, '');
  return /^(?:cdb|kd)$/i.test(name) || (/^hawser$/i.test(name) && /^(?:cdb|kd)$/i.test(args[0] ?? ''));
}

/** A password in a connection string goes by the environment instead, where no list of processes shows it. */
function withoutPassword(given: readonly string[]): { args: string[]; env: Record<string, string> } {
  const args = [...given];
  const at = args.findIndex((arg) => CONNECTION.test(arg)) + 1;
  const text = at > 0 ? args[at] : undefined;
  if (text === undefined || !/password/i.test(text)) return { args, env: {} };
  try {
    const target = parseConnectionString(text, { role: 'client', backslashes: 'strip' });
    const password = 'password' in target ? target.password : undefined;
    if (!(password instanceof Secret)) return { args, env: {} };
    args[at] = formatConnectionString(target, { password: 'omit' });
    return { args, env: { HAWSER_PASSWORD: password.reveal() } };
  } catch {
    // The debugger says what is wrong with it.
    return { args, env: {} };
  }
}

function findProgram(place: string): string {
  if (place === '') throw agentErrors.debuggerNotFound(place);
  const path = place.includes('/') ? resolve(homedir(), place.replace(/^~(?=\/)/, homedir())) : onPath(place);
  let refused: string | null = null;
  try {
    if (!statSync(path).isFile()) refused = 'it is no file';
    else accessSync(path, constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw agentErrors.debuggerNotFound(place);
    refused = 'it has no permission to be executed';
  }
  if (refused !== null) throw agentErrors.debuggerUnusable(place, refused);
  return path;
}

function onPath(name: string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', name);
    try {
      if (!statSync(path).isFile()) continue;
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this one.
    }
  }
  throw agentErrors.debuggerNotFound(name);
}
