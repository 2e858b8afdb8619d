import type { Backend } from '../backend/backend.ts';
import type { TypedValue } from '../backend/types.ts';
import type { Marked } from '../dml/marked.ts';
import type { LocalNames } from './aliases/table.ts';
import type { Args } from './args.ts';
import type { Caller, CommandHost } from './host.ts';
import type { LogFile } from './log-file.ts';
import type { DebuggerState } from './state.ts';
import type { Execution, Resumption } from './stops/execution.ts';
import type { Targets } from './targets/targets.ts';

export type { Resumption };

export type Family =
  | 'Execution'
  | 'Breakpoints'
  | 'Threads and processes'
  | 'Stack and locals'
  | 'Registers and code'
  | 'Memory'
  | 'Symbols and types'
  | 'Session'
  | 'Control flow'
  | 'Output and help'
  /** WinDbg's, refused with a reason. */
  | 'Not available here';

/** What a command comes to beside its output. */
export interface Control {
  /** The rest of the line is not run. */
  readonly endLine?: boolean;
  /** The sender's front should leave. */
  readonly leave?: boolean;
}

/** `~2`, `~*`: the threads that a command is for. */
export interface ThreadPrefix {
  readonly threads: readonly number[];
  readonly all: boolean;
}

export interface CommandContext {
  readonly state: DebuggerState;
  readonly host: CommandHost;
  readonly execution: Execution;
  readonly targets: Targets;
  readonly log: LogFile;
  readonly caller: Caller;
  readonly commands: readonly CommandEntry[];
  /** As typed: `kP`, `.f+`. */
  readonly name: string;
  /** Null: none was given. Set only for commands with `threads: 'own'`. */
  readonly prefix: ThreadPrefix | null;
  /** The back end; rejects with NO_TARGET. */
  readonly target: Backend;
  /** Writes a line (or several) as normal output. */
  print(text: string | Marked): void;
  /** Evaluates the next expression of the arguments, by the evaluator that .expr has set. */
  evaluate(args: Args): Promise<bigint>;
  /** The next expression of the arguments as one of C++, whatever .expr says; members as deep as `depth`. */
  typed(args: Args, depth: number): Promise<TypedValue>;
  /** Runs other commands as part of this one; `local`: names that count in them alone. */
  run(commands: string, local?: LocalNames): Promise<Control>;
  /** What commands would have printed. */
  capture(commands: string): Promise<string>;
  /**
   * Runs the target. Among the commands of a breakpoint it is kept for later instead, and ends their list:
   * however often a breakpoint resumes by itself, nothing nests.
   */
  resume(resumption: Resumption): Promise<Control>;
}

export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly family: Family;
  readonly syntax: readonly string[];
  readonly summary: string;
  readonly help: string;
  /** An example for the reference. */
  readonly example?: string;
  /** What is otherwise than in WinDbg, and why: for docs/conformance.md and `.help`. */
  readonly differences?: string;
  /** any: a target, stopped; live: one that can run; none: works without. */
  readonly needs: 'none' | 'any' | 'live';
  /**
   * What may follow the name without a blank: the arguments begin there. By default anything but a letter,
   * digit or underscore.
   */
  readonly glue?: RegExp;
  /** Takes everything to the end of the line, semicolons too; a pattern: when what is behind the name matches it. */
  readonly wholeLine?: true | RegExp;
  /**
   * With a thread prefix: each (the default) runs it once for each thread; own: it looks at `prefix`
   * itself; none: refuses.
   */
  readonly threads?: 'each' | 'own' | 'none';
  /**
   * It changes the target (memory, registers, whether it is there), or does where something is assigned. Those that need a live
   * one run it or put breakpoints into it, and need not say so.
   */
  readonly changes?: true | 'by assignment';
  /** ENTER repeats the name alone: it goes on where it stopped. */
  readonly continues?: boolean;
  /** ENTER does not repeat a line that holds it: nobody starts a program, or ends one, twice by an idle key. */
  readonly once?: boolean;
  /** Need not wait for its turn while the target runs: what it is for is a running target. Alone on its line. */
  readonly whileRunning?: boolean;
  /** Part of the language rather than a command: the parser of lines knows it (syntax/), and `run` is never called. */
  readonly flow?: true;
  /** Has its meaning in a front (its own sources, its own screen): the session refuses it. */
  readonly front?: boolean;
  /** It touches the target, the screen and the session alone: to be had in secure mode (see secure.ts). */
  readonly secure?: 'allowed';
  readonly run: (context: CommandContext, args: Args) => Promise<Control | undefined>;
}
