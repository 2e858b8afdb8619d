import { engineErrors } from '../errors.ts';
import { wordEnd } from '../expressions/words.ts';
import { Args } from './args.ts';
import { Context, type Environment } from './context.ts';
import type { CommandEntry, Control, ThreadPrefix } from './entry.ts';
import { type Frame, type ResumeSlot, rootFrame } from './flow/frame.ts';
import { type Of, Runner } from './flow/runner.ts';
import type { Caller } from './host.ts';
import { CommandNames, type NameMatch } from './names.ts';
import { readThreadToken } from './prefix.ts';
import { refuseInSecureMode } from './secure.ts';
import { commandsIn } from './syntax/commands-in.ts';
import { commandEnd } from './syntax/scan.ts';
import { runForThreads, sequenceForThreads } from './threads/each.ts';
import { threadCommand } from './threads/token.ts';

/** Runs command lines. What the statements of a line are and in which order they run is the runner's (flow/). */
export class Interpreter {
  readonly names: CommandNames;
  readonly #environment: Environment;
  readonly #runner: Runner;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.names = new CommandNames(environment.commands);
    this.#runner = new Runner(environment, this.names, {
      command: (statement, line, frame) => this.#command(statement, line, frame),
      evaluate: (args, frame) => this.#context('?', frame, null).evaluate(args),
    });
  }

  async run(line: string, caller: Caller, slot: ResumeSlot | null): Promise<Control> {
    const { leave = false } = await this.#runner.text(line, rootFrame(caller, slot));
    return { leave };
  }

  /** The command of a line that has only one. */
  single(line: string): NameMatch | null {
    const [only = null, more] = this.commands(line);
    return more === undefined ? only : null;
  }

  /** The line's commands, those within blocks too; null for what is none. Aliases count as what they stand for. */
  commands(line: string): readonly (NameMatch | null)[] {
    let text = line;
    try {
      text = this.#environment.state.aliases.expand(line, new Map()).text;
    } catch {
      // Too long: that is said when it runs.
    }
    return commandsIn(text, this.names);
  }

  #context(name: string, frame: Frame, prefix: ThreadPrefix | null): Context {
    return new Context(this.#environment, {
      frame,
      run: (text, within) => this.#runner.text(text, within),
      name,
      prefix,
    });
  }

  async #command(statement: Of<'command'>, line: string, frame: Frame): Promise<Control | undefined> {
    const { start, end } = statement;
    if (line[start] === '~' || this.#namesProcessor(line, start))
      return this.#threadCommand(line, start, end, frame);
    const match = statement.match ?? this.#unknown(line, start);
    return this.#runEntry(match, new Args(line, match.end, end), frame, null);
  }

  /** `2k`: with a kernel a number before a command is a processor. */
  #namesProcessor(line: string, at: number): boolean {
    return this.#environment.state.current.isKernel && /^\d+[a-z.!]/i.test(line.slice(at, at + 8));
  }

  async #threadCommand(line: string, start: number, end: number, frame: Frame): Promise<Control | undefined> {
    const args = new Args(line, start, end);
    const context = this.#context('~', frame, null);
    context.requireTarget();
    const prefix = await readThreadToken(context, args);
    if (args.done || /^[sfunm]\s*(;|$)/.test(args.text.slice(args.position))) {
      return threadCommand(context, args, prefix);
    }
    if (args.match(/e(?=\s)/iy)) {
      const text = line.slice(args.position, end);
      const all = prefix ?? { threads: [context.state.thread], all: false };
      return sequenceForThreads(this.#environment, all, () =>
        this.#runner.text(text, { ...frame, looksOnly: true }),
      );
    }
    const match =
      this.names.find(line, args.position, commandEnd(line, args.position, end)) ??
      this.#unknown(line, args.position);
    const threads = prefix ?? { threads: [context.state.thread], all: false };
    return this.#forThreads(match, new Args(line, match.end, end), threads, frame);
  }

  async #forThreads(
    match: NameMatch,
    args: Args,
    prefix: ThreadPrefix,
    frame: Frame,
  ): Promise<Control | undefined> {
    if (match.entry.threads === 'own') return this.#runEntry(match, args, frame, prefix);
    if (match.entry.threads === 'none' || match.entry.flow) {
      throw engineErrors.badArgument(`${match.entry.name} takes no thread before it`, match.end);
    }
    const start = args.position;
    await runForThreads(this.#environment, prefix, () => {
      args.position = start;
      return this.#runEntry(match, args, frame, null);
    });
    return undefined;
  }

  #unknown(line: string, at: number): never {
    const word = line.slice(at, Math.max(wordEnd(line, at), at + 1, dotted(line, at)));
    throw engineErrors.unknownCommand(word, at, this.names.nearest(word));
  }

  async #runEntry(
    { entry, name }: NameMatch,
    args: Args,
    frame: Frame,
    prefix: ThreadPrefix | null,
  ): Promise<Control | undefined> {
    const context = this.#context(name, frame, prefix);
    refuseFrontCommand(entry);
    if (this.#environment.state.secure) refuseInSecureMode(entry, args);
    if (entry.needs !== 'none') context.requireTarget();
    if (frame.looksOnly && entry.needs === 'live' && entry.family === 'Execution')
      throw engineErrors.badArgument(
        `${name} runs the target, which commands behind ~e cannot`,
        args.position,
      );
    if (entry.needs === 'live' && entry.family === 'Execution' && !this.#environment.state.executionAllowed)
      throw engineErrors.executionForbidden(name);
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
