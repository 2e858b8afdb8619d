import type { Backend } from '../backend/backend.ts';
import { evaluate } from '../expressions/evaluate.ts';
import { parseMasm } from '../expressions/parser.ts';
import type { Args } from './args.ts';
import type { CommandContext, CommandEntry, Control, ThreadPrefix } from './entry.ts';
import type { Caller, CommandHost } from './host.ts';
import type { LogFile } from './log-file.ts';
import { createScope } from './scope.ts';
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
  readonly commands: readonly CommandEntry[];
}

interface Call {
  readonly caller: Caller;
  readonly slot: { resumption: Resumption | null } | null;
  readonly interpreter: { run(line: string, caller: Caller, slot: Call['slot']): Promise<Control> };
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

  constructor(environment: Environment, call: Call) {
    this.state = environment.state;
    this.host = environment.host;
    this.execution = environment.execution;
    this.targets = environment.targets;
    this.log = environment.log;
    this.commands = environment.commands;
    this.caller = call.caller;
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

  print(text: string): void {
    this.host.output('normal', `${text}\n`);
  }

  async evaluate(args: Args): Promise<bigint> {
    const { node, end } = parseMasm(args.text, args.position, this.state.radix);
    args.position = end;
    return evaluate(node, createScope(this.state), args.text);
  }

  run(commands: string): Promise<Control> {
    return this.#call.interpreter.run(commands, this.caller, this.#call.slot);
  }

  async resume(resumption: Resumption): Promise<Control> {
    const { slot } = this.#call;
    if (!slot) {
      await this.execution.run(resumption);
      return {};
    }
    slot.resumption = resumption;
    return { endLine: true };
  }
}
