import { engineErrors } from '../errors.ts';
import { skipBlanks, wordEnd } from '../expressions/words.ts';
import { Args } from './args.ts';
import { Context, type Environment } from './context.ts';
import type { CommandEntry, Control, Resumption, ThreadPrefix } from './entry.ts';
import type { Caller } from './host.ts';
import { CommandNames, type NameMatch } from './names.ts';
import { readThreadToken } from './prefix.ts';
import { commandEnd } from './split.ts';
import { runForThreads } from './threads/each.ts';
import { threadCommand } from './threads/token.ts';

/** Where a breakpoint's commands leave what they want to resume with. */
export interface ResumeSlot {
  resumption: Resumption | null;
}

/** Runs command lines: commands left to right, until the end, an error, or one that ends the line. */
export class Interpreter {
  readonly names: CommandNames;
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.names = new CommandNames(environment.commands);
  }

  async run(line: string, caller: Caller, slot: ResumeSlot | null): Promise<Control> {
    let leave = false;
    for (let at = nextCommand(line, 0); at < line.length; ) {
      this.#environment.state.cancel.check();
      const { control, end } = await this.#command(line, at, caller, slot);
      leave ||= control?.leave === true;
      if (control?.endLine) break;
      at = nextCommand(line, end);
    }
    return { leave };
  }

  /** The command of a line that has only one, for ENTER. */
  single(line: string): NameMatch | null {
    const at = nextCommand(line, 0);
    const end = commandEnd(line, at);
    return nextCommand(line, end) < line.length ? null : this.names.find(line, at, end);
  }

  async #command(
    line: string,
    at: number,
    caller: Caller,
    slot: ResumeSlot | null,
  ): Promise<{ control: Control | undefined; end: number }> {
    if (line[at] === '~') return this.#threadCommand(line, at, caller, slot);
    const match = this.#find(line, at);
    const end = match.entry.wholeLine ? line.length : commandEnd(line, at);
    const args = new Args(line, match.end, end);
    return { control: await this.#runEntry(match, args, caller, slot, null), end };
  }

  async #threadCommand(
    line: string,
    at: number,
    caller: Caller,
    slot: ResumeSlot | null,
  ): Promise<{ control: Control | undefined; end: number }> {
    const args = new Args(line, at, commandEnd(line, at));
    const context = new Context(this.#environment, {
      caller,
      slot,
      interpreter: this,
      name: '~',
      prefix: null,
    });
    context.requireTarget();
    const prefix = await readThreadToken(context, args);
    if (args.done || /^[sfunm]\s*(;|$)/.test(args.line.slice(args.position))) {
      return { control: await threadCommand(context, args, prefix), end: args.end };
    }
    const match = this.#find(line, args.position);
    const end = match.entry.wholeLine ? line.length : args.end;
    const rest = new Args(line, match.end, end);
    const threads = prefix ?? { threads: [context.state.thread], all: false };
    return { control: await this.#forThreads(match, rest, threads, caller, slot), end };
  }

  async #forThreads(
    match: NameMatch,
    args: Args,
    prefix: ThreadPrefix,
    caller: Caller,
    slot: ResumeSlot | null,
  ): Promise<Control | undefined> {
    if (match.entry.threads === 'own') return this.#runEntry(match, args, caller, slot, prefix);
    if (match.entry.threads === 'none') {
      throw engineErrors.badArgument(`${match.entry.name} takes no thread before it`, match.end);
    }
    const start = args.position;
    await runForThreads(this.#environment, prefix, match.entry, () => {
      args.position = start;
      return this.#runEntry(match, args, caller, slot, null);
    });
    return undefined;
  }

  #find(line: string, at: number): NameMatch {
    const end = commandEnd(line, at);
    const match = this.names.find(line, at, end);
    if (match) return match;
    const word = line.slice(at, Math.max(wordEnd(line, at), at + 1, dotted(line, at)));
    throw engineErrors.unknownCommand(word, at, this.names.nearest(word));
  }

  async #runEntry(
    { entry, name }: NameMatch,
    args: Args,
    caller: Caller,
    slot: ResumeSlot | null,
    prefix: ThreadPrefix | null,
  ): Promise<Control | undefined> {
    const context = new Context(this.#environment, { caller, slot, interpreter: this, name, prefix });
    refuseFrontCommand(entry);
    if (entry.needs !== 'none') context.requireTarget();
    if (entry.needs === 'live') this.#environment.execution.expectRunnable(entry.family === 'Breakpoints');
    return entry.run(context, args);
  }
}

function refuseFrontCommand(entry: CommandEntry): void {
  if (!entry.front) return;
  throw engineErrors.unsupported(
    entry.name,
    'it belongs to the front that it is typed in, and this one sent it to the session',
    'Type it in the Command window or the console itself, not in -c, a breakpoint or a script.',
  );
}

/** End of a word that begins with `.` or `!`. */
function dotted(line: string, at: number): number {
  return /[.!]/.test(line[at] ?? '') ? wordEnd(line, at + 1) : at;
}

/** Over separators and comments, to where a command begins or the line ends. */
function nextCommand(line: string, from: number): number {
  for (let at = from; ; ) {
    at = skipBlanks(line, at);
    if (line[at] === ';') at++;
    else if (line[at] === '*') return line.length;
    else if (line.startsWith('$$', at) && !/[<>]/.test(line[at + 2] ?? '')) at = commentEnd(line, at);
    else return at;
  }
}

/** `$$` runs to the next semicolon. */
function commentEnd(line: string, at: number): number {
  const end = line.indexOf(';', at);
  return end < 0 ? line.length : end;
}
