import { statSync } from 'node:fs';
import type { AttachOptions, CoreOptions, LaunchOptions, Stop } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import { type CoreNotes, readCoreNotes, readElfHeader } from '../machine/elf.ts';
import type { TargetLink } from './link/link.ts';
import { consoleCommand, quote } from './mi/quote.ts';
import { list, text, tuple } from './mi/values.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Runner } from './run.ts';
import { type RawStop, type SignalDetails, signalInfo, signalName } from './stops.ts';

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
  link: TargetLink,
): Promise<Stop> {
  const program = await link.prepareLaunch(options);
  const first = await startInLoader(runner, program, link);
  await link.findImages();
  const last = await runLoader(engine, runner, first, link);
  const stop = await runner.describe(last);
  return stop.thread === null ? stop : { reason: 'initial', thread: stop.thread, breakpoints: [] };
}

async function startInLoader(runner: Runner, program: string, link: TargetLink): Promise<RawStop> {
  try {
    return await runner.raw(consoleCommand('starti'));
  } catch (error) {
    const said = saidByGdb(error);
    throw said === null ? error : await link.launchRefusal(program, said);
  }
}

/** What GDB said, without its full stop; null: the error is none of GDB's. */
function saidByGdb(error: unknown): string | null {
  const own = error instanceof Error && 'code' in error && error.code === 'GDB';
  return own ? error.message.replace(/\.$/, '') : null;
}

async function runLoader(engine: Engine, runner: Runner, first: RawStop, link: TargetLink): Promise<RawStop> {
  const entry = await engine.helper.call<string | null>('auxv_entry');
  const at = await engine.helper.call<string>('program_counter');
  if (entry === null || entry === at) return first;
  await link.needImage(fromHex(at));
  const { values } = await engine.send(`-break-insert -t *0x${entry}`);
  const guard = text(tuple(values, 'bkpt'), 'number');
  await engine.console('set stop-on-solib-events 1');
  let stop = first;
  for (let event = 0; event < MAX_LOADER_EVENTS; event += 1) {
    stop = await runner.raw('-exec-continue');
    // The vdso has no path, and is there from the start.
    const added = list(stop.values, 'added').some((name) => typeof name === 'string' && name.includes('/'));
    if (stop.reason !== 'solib-event' || added) break;
  }
  await engine.console('set stop-on-solib-events 0');
  // Gone already where the target stopped at it.
  await engine.send(`-break-delete ${guard}`).catch(() => {});
  await link.findImages();
  return stop;
}

export async function attach(engine: Engine, options: AttachOptions, link: TargetLink): Promise<void> {
  await link.prepareAttach(options);
  try {
    await engine.send(`-target-attach ${options.pid}`);
  } catch (error) {
    const said = saidByGdb(error);
    throw said === null ? error : await link.attachRefusal(options.pid, said);
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
    .call<SignalDetails>('siginfo', { thread: null })
    .catch((): SignalDetails => ({}));
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
