import { statSync } from 'node:fs';
import type { AttachOptions, CoreOptions, LaunchOptions, Stop } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { attachObstacle, attachRefusal, checkProgram } from './checks.ts';
import { type CoreNotes, readCoreNotes, readElfHeader } from './elf.ts';
import { consoleCommand, quote, shellWord } from './mi/quote.ts';
import { list, text, tuple } from './mi/values.ts';
import type { Engine } from './parts.ts';
import type { Runner } from './run.ts';
import { type RawStop, signalInfo, signalName } from './stops.ts';

/** The loader reports this many events at most before the program's own code begins. */
const MAX_LOADER_EVENTS = 16;

export interface OpenedCore {
  readonly stop: Stop;
  readonly notes: CoreNotes | null;
  readonly program: string | null;
}

/**
 * Starts a program and stops where its libraries are mapped and none of its code, constructors of libraries
 * included, has run: in the loader, as WinDbg's initial break is. Programs without a loader stop at their
 * first instruction.
 */
export async function launch(
  engine: Engine,
  runner: Runner,
  options: LaunchOptions,
  terminal: string | null,
  inherited: NodeJS.ProcessEnv,
): Promise<Stop> {
  const environment = { ...inherited, ...options.env };
  const cwd = options.cwd ?? process.cwd();
  const program = checkProgram(options.program, cwd, environment.PATH ?? '');
  await engine.send(`-file-exec-and-symbols ${quote(program)}`);
  await setEnvironment(engine, inherited, options);
  await engine.console(`set cwd ${cwd}`);
  if (terminal) await engine.send(`-inferior-tty-set ${quote(terminal)}`);
  // Without a terminal of its own the target would read GDB's commands.
  const input = terminal ? [] : ['</dev/null'];
  await engine.console(`set args ${[...options.args.map(shellWord), ...input].join(' ')}`);
  const first = await startInLoader(runner, program);
  const last = await runLoader(engine, runner, first);
  const stop = await runner.describe(last);
  return stop.thread === null ? stop : { reason: 'initial', thread: stop.thread, breakpoints: [] };
}

async function startInLoader(runner: Runner, program: string): Promise<RawStop> {
  try {
    return await runner.raw(consoleCommand('starti'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'GDB') {
      throw engineErrors.programNotExecutable(program, error.message.replace(/\.$/, ''));
    }
    throw error;
  }
}

async function runLoader(engine: Engine, runner: Runner, first: RawStop): Promise<RawStop> {
  const entry = await engine.helper.call<string | null>('auxv_entry');
  const at = await engine.helper.call<string>('program_counter');
  if (entry === null || entry === at) return first;
  const { values } = await engine.send(`-break-insert -t *0x${entry}`);
  const guard = text(tuple(values, 'bkpt'), 'number');
  await engine.console('set stop-on-solib-events 1');
  let stop = first;
  for (let event = 0; event < MAX_LOADER_EVENTS; event += 1) {
    stop = await runner.raw('-exec-continue');
    if (stop.reason !== 'solib-event' || list(stop.values, 'added').length > 0) break;
  }
  await engine.console('set stop-on-solib-events 0');
  // Gone already where the target stopped at it.
  await engine.send(`-break-delete ${guard}`).catch(() => {});
  return stop;
}

/** GDB puts its own terminal's size into the target's environment, and a shell of ours starts the target. */
async function setEnvironment(
  engine: Engine,
  inherited: NodeJS.ProcessEnv,
  options: LaunchOptions,
): Promise<void> {
  for (const name of ['LINES', 'COLUMNS', 'SHELL']) {
    const value = inherited[name];
    await engine.console(
      value === undefined ? `unset environment ${name}` : `set environment ${name} ${value}`,
    );
  }
  for (const [name, value] of Object.entries(options.env ?? {})) {
    await engine.console(`set environment ${name} = ${value}`);
  }
}

export async function attach(engine: Engine, options: AttachOptions, gdbPid: number): Promise<void> {
  const obstacle = attachObstacle(options.pid, gdbPid);
  if (obstacle) throw obstacle;
  try {
    await engine.send(`-target-attach ${options.pid}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'GDB') {
      throw attachRefusal(options.pid, gdbPid, error.message);
    }
    throw error;
  }
}

export async function openCore(engine: Engine, options: CoreOptions): Promise<OpenedCore> {
  const header = coreHeader(options.core);
  const notes = readCoreNotes(options.core, header);
  const program = options.program ?? existing(notes?.program ?? null);
  if (options.program !== undefined && !existing(options.program))
    throw engineErrors.programNotFound(options.program);
  if (program) await engine.send(`-file-exec-and-symbols ${quote(program)}`);
  try {
    await engine.send(`-target-select core ${engine.helper.plainName(options.core)}`);
  } catch (error) {
    throw engineErrors.coreUnusable(
      options.core,
      error instanceof Error ? error.message.replace(/\.$/, '') : '',
    );
  }
  const stop: Stop = { reason: 'initial', thread: 0, breakpoints: [] };
  if (!notes || notes.signal === 0) return { stop, notes, program };
  const details = await engine.helper
    .call<{ number?: number; code?: number; address?: string }>('siginfo', { thread: null })
    .catch(() => ({}));
  const signal = signalInfo(signalName(notes.signal), { ...details, number: notes.signal });
  return { stop: { ...stop, signal }, notes, program };
}

function coreHeader(path: string) {
  let header: ReturnType<typeof readElfHeader>;
  try {
    header = readElfHeader(path);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw engineErrors.coreUnusable(path, missing ? 'no such file' : 'it cannot be read');
  }
  if (!header) throw engineErrors.coreUnusable(path, 'it is no ELF file');
  if (header.type !== 4) throw engineErrors.coreUnusable(path, 'it is an ELF file, but not a core');
  return header;
}

function existing(path: string | null): string | null {
  try {
    return path !== null && statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}
