import type { Backend } from '../backend/backend.ts';
import type { TypedValue } from '../backend/types.ts';
import type { Marked } from '../dml/marked.ts';
import { cppExtent } from '../expressions/cpp-extent.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { parseMasm } from '../expressions/parser.ts';
import type { LocalNames } from './aliases/table.ts';
import type { Args } from './args.ts';
import type { CommandContext, CommandEntry, Control, ThreadPrefix } from './entry.ts';
import { integerOf } from './evaluate/cpp.ts';
import type { Frame } from './flow/frame.ts';
import type { Caller, CommandHost } from './host.ts';
import type { LogFile } from './log-file.ts';
import type { Capture } from './output/capture.ts';
import { createScope, typedValue } from './scope.ts';
import type { DebuggerState } from './state.ts';
import type { Execution, Resumption } from './stops/execution.ts';
import type { Targets } from './targets/targets.ts';

/** What all commands of a debugger share. */
export interface Environment {
  readonly state: DebuggerState;
  readonly host: CommandHost;
  readonly execution: Execution;
  readonly targets: Targets;
  readonly log: LogFile;
  /** Where output goes that a command wants for itself. */
  readonly capture: Capture;
  readonly commands: readonly CommandEntry[];
}

interface Call {
  readonly frame: Frame;
  /** Runs a text of its own within the frame. */
  readonly run: (text: string, frame: Frame) => Promise<Control>;
  readonly name: string;
  readonly prefix: ThreadPrefix | null;
}

/** One command's view of the debugger. */
export class Context implements CommandContext {
  readonly state: DebuggerState;
  readonly host: CommandHost;
  readonly execution: Execution;
  readonly targets: Targets;
  readonly log: LogFile;
  readonly commands: readonly CommandEntry[];
  readonly caller: Caller;
  readonly name: string;
  readonly prefix: ThreadPrefix | null;
  readonly #call: Call;
  readonly #environment: Environment;

  constructor(environment: Environment, call: Call) {
    this.#environment = environment;
    this.state = environment.state;
    this.host = environment.host;
    this.execution = environment.execution;
    this.targets = environment.targets;
    this.log = environment.log;
    this.commands = environment.commands;
    this.caller = call.frame.caller;
    this.name = call.name;
    this.prefix = call.prefix;
    this.#call = call;
  }

  get target(): Backend {
    return this.state.target;
  }

  requireTarget(): void {
    void this.state.target;
  }

  print(text: string | Marked): void {
    if (typeof text === 'string') this.host.output('normal', `${text}\n`);
    else this.host.output('normal', `${text.text}\n`, this.state.preferDml ? text.links : []);
  }

  async evaluate(args: Args): Promise<bigint> {
    if (this.state.evaluator === 'c++') return integerOf(await this.typed(args, 1));
    const { node, end } = parseMasm(args.text, args.position, this.state.radix, this.state.isKernel);
    args.position = end;
    return evaluate(node, createScope(this.state), args.text);
  }

  async typed(args: Args, depth: number): Promise<TypedValue> {
    const start = args.next;
    const end = cppExtent(args.text, start);
    if (end === start) args.fail(start);
    args.position = end;
    return typedValue(this.state, args.text.slice(start, end), depth);
  }

  async run(commands: string, local?: LocalNames): Promise<Control> {
    const { frame, run } = this.#call;
    const { leave = false, endLine = false } = await run(commands, local ? { ...frame, local } : frame);
    return { leave, endLine };
  }

  capture(commands: string): Promise<string> {
    return this.#environment.capture.during(() => this.run(commands));
  }

  async resume(resumption: Resumption): Promise<Control> {
    const { slot } = this.#call.frame;
    if (!slot) {
      await this.execution.run(resumption);
      return {};
    }
    slot.resumption = resumption;
    return { endLine: true };
  }
}
