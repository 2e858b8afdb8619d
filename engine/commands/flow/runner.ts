import { toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import { Args } from '../args.ts';
import type { Environment } from '../context.ts';
import type { Control } from '../entry.ts';
import { errorText } from '../error-text.ts';
import type { CommandNames } from '../names.ts';
import { choices } from '../syntax/choice.ts';
import { parseStatements } from '../syntax/parse.ts';
import type { Span } from '../syntax/scan.ts';
import type { Statement } from '../syntax/statement.ts';
import { Breath } from './breath.ts';
import { type Frame, lowered, mayHoldCommands, type Outcome } from './frame.ts';
import { located } from './located.ts';
import { foreachTokens } from './tokens.ts';

/** Deeper is refused: a script that runs itself would never end. */
const DEEPEST = 100;
/** Blocks that were read; those of a loop are entered again and again. */
const REMEMBERED = 64;

export type Of<K extends Statement['kind']> = Statement & { readonly kind: K };

/** What the runner needs of the interpreter. */
export interface CommandRunner {
  /** A single command. */
  command(statement: Of<'command'>, line: string, frame: Frame): Promise<Control | undefined>;
  evaluate(args: Args, frame: Frame): Promise<bigint>;
}

/** Runs statements: commands left to right, and the control flow between them. */
export class Runner {
  readonly #environment: Environment;
  readonly #names: CommandNames;
  readonly #commands: CommandRunner;
  readonly #breath: Breath;
  readonly #read = new Map<string, readonly Statement[]>();

  constructor(environment: Environment, names: CommandNames, commands: CommandRunner) {
    this.#environment = environment;
    this.#names = names;
    this.#commands = commands;
    this.#breath = new Breath(environment.state.cancel);
  }

  /** A text of its own: what jumps out of it has nowhere to go. */
  text(text: string, frame: Frame): Promise<Outcome> {
    return this.block(text, { start: 0, end: text.length }, { ...frame, inLoop: false, inCatch: false });
  }

  /** Part of a text as a block: its aliases are replaced, then it is read and run. */
  async block(line: string, span: Span, frame: Frame): Promise<Outcome> {
    if (frame.depth >= DEEPEST) throw engineErrors.tooMuch('The nesting of commands', DEEPEST, 'levels');
    const written = line.slice(span.start, span.end);
    const { text, foreign } = this.#environment.state.aliases.expand(written, frame.local);
    const own = { ...frame, depth: frame.depth + 1 };
    const inner = foreign ? lowered(own) : own;
    if (text === written) return this.statements(line, this.#parse(line, span), inner);
    return this.statements(text, this.#parse(text, { start: 0, end: text.length }), inner);
  }

  async statements(line: string, statements: readonly Statement[], frame: Frame): Promise<Outcome> {
    let leave = false;
    try {
      for (let index = 0; index < statements.length; index++) {
        await this.#breath.take();
        const statement = statements[index];
        if (!statement) break;
        if (statement.kind === 'z') {
          if (await this.#holds(line, statement.condition, frame)) index = -1;
          continue;
        }
        const outcome = await this.#statement(statement, line, frame);
        leave ||= outcome.leave === true;
        if (outcome.endLine || outcome.jump) return { ...outcome, leave };
      }
    } catch (error) {
      throw located(error, line);
    }
    return { leave };
  }

  async #statement(statement: Exclude<Statement, Of<'z'>>, line: string, frame: Frame): Promise<Outcome> {
    switch (statement.kind) {
      case 'command':
        return (await this.#commands.command(statement, line, frame)) ?? {};
      case 'error':
        throw statement.error;
      case 'if':
        return this.#if(statement, line, frame);
      case 'block':
        return this.block(line, statement.body, frame);
      case 'catch':
        return this.#catch(statement, line, frame);
      case 'j':
        return this.#choose(statement, line, frame);
      case 'foreach':
        return this.#foreach(statement, line, frame);
      case 'break':
      case 'continue':
      case 'leave':
        return jump(statement, frame);
      default:
        return this.#loop(statement, line, { ...frame, inLoop: true });
    }
  }

  async #if({ branches }: Of<'if'>, line: string, frame: Frame): Promise<Outcome> {
    for (const { condition, body } of branches) {
      if (condition === null || (await this.#holds(line, condition, frame)))
        return this.block(line, body, frame);
    }
    return {};
  }

  async #loop(loop: Of<'for' | 'while' | 'do'>, line: string, frame: Frame): Promise<Outcome> {
    if (loop.kind === 'for') await this.#part(line, loop.init, frame);
    let leave = false;
    for (let first = true; ; first = false) {
      await this.#breath.take();
      const tested = loop.kind !== 'do' || !first;
      if (tested && !(await this.#holds(line, loop.condition, frame))) return { leave };
      const outcome = await this.block(line, loop.body, frame);
      leave ||= outcome.leave === true;
      if (outcome.endLine || outcome.jump === 'leave') return { ...outcome, leave };
      if (outcome.jump === 'break') return { leave };
      if (loop.kind === 'for') for (const step of loop.steps) await this.#part(line, step, frame);
    }
  }

  async #part(line: string, span: Span, frame: Frame): Promise<void> {
    await this.statements(line, this.#parse(line, span), frame);
  }

  async #foreach(statement: Of<'foreach'>, line: string, frame: Frame): Promise<Outcome> {
    const tokens = await foreachTokens(statement, line, frame, this.#environment, {
      run: (span) => this.block(line, span, { ...frame, inLoop: false, inCatch: false }),
      evaluate: (span) => this.#value(line, span, frame),
    });
    let leave = false;
    for (const token of tokens) {
      await this.#breath.take();
      const local = new Map([...frame.local, [statement.variable, token]]);
      const own = { ...frame, local, inLoop: true };
      const within = mayHoldCommands(token) ? lowered(own) : own;
      const outcome = await this.block(line, statement.body, within);
      leave ||= outcome.leave === true;
      if (outcome.endLine || outcome.jump === 'leave') return { ...outcome, leave };
      if (outcome.jump === 'break') break;
    }
    return { leave };
  }

  /** An error is shown and ends the block; what follows it goes on. A break-in ends everything. */
  async #catch({ body }: Of<'catch'>, line: string, frame: Frame): Promise<Outcome> {
    try {
      const outcome = await this.block(line, body, { ...frame, inCatch: true });
      return outcome.jump === 'leave' ? { leave: outcome.leave === true } : outcome;
    } catch (thrown) {
      const error = toHawserError(thrown);
      if (error.code === 'INTERRUPTED') throw error;
      const { host, state } = this.#environment;
      if (error.text !== state.told) host.output('error', `${errorText(error, '', null)}\n`);
      return {};
    }
  }

  async #choose({ rest }: Of<'j'>, line: string, frame: Frame): Promise<Outcome> {
    const args = new Args(line, rest.start, rest.end);
    const value = await this.#commands.evaluate(args, frame);
    const [yes, no] = choices(line, args.position, rest.end);
    return this.block(line, value === 0n ? no : yes, frame);
  }

  /** An empty condition, which only `.for` can have, holds. */
  async #holds(line: string, condition: Span, frame: Frame): Promise<boolean> {
    return condition.start >= condition.end || (await this.#value(line, condition, frame)) !== 0n;
  }

  async #value(line: string, span: Span, frame: Frame): Promise<bigint> {
    const args = new Args(line, span.start, span.end);
    const value = await this.#commands.evaluate(args, frame);
    args.expectEnd();
    return value;
  }

  #parse(line: string, span: Span): readonly Statement[] {
    const key = `${span.start}-${span.end} ${line}`;
    const known = this.#read.get(key);
    if (known) return known;
    if (this.#read.size >= REMEMBERED) this.#read.clear();
    const statements = parseStatements(line, span, this.#names);
    this.#read.set(key, statements);
    return statements;
  }
}

function jump(
  statement: { readonly kind: 'break' | 'continue' | 'leave'; readonly start: number },
  frame: Frame,
): Outcome {
  const { kind } = statement;
  const possible = kind === 'leave' ? frame.inCatch : frame.inLoop;
  if (possible) return { jump: kind };
  const where = kind === 'leave' ? '.catch' : '.for, .while, .do or .foreach';
  throw engineErrors.badArgument(`.${kind} has a meaning within ${where} only`, statement.start);
}
