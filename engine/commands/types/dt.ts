import { HawserError } from '../../../transports/errors/error.ts';
import type { TypedValue, TypeInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import { literalPattern } from '../../expressions/wildcard.ts';
import { address as addressText } from '../../format/address.ts';
import type { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { listMatches } from './list.ts';
import { walkList } from './list-walk.ts';
import { isComposite, Objects } from './objects.ts';
import { DtArguments, type FieldPath, fieldPath, noSuchField, type Word } from './request.ts';
import { Display, enumLines } from './show.ts';

/** How an address begins that is no name whatever follows. */
const ADDRESS = /^(?:[0-9@`]|(?:poi|by|wo|dwo|qwo|low|hi)\s*\()/i;

/** What a name stands for. */
interface Subject {
  readonly type: TypeInfo;
  /** Of a variable; null: the name is that of a type. */
  readonly value: TypedValue | null;
}

/** `dt [-options] [module!]Name [Field …] [Address] [-l Field]`, the address first or last. */
export async function displayType(context: CommandContext, args: Args): Promise<void> {
  const command = new Command(context, new DtArguments(context, args));
  await command.run();
}

class Command {
  readonly #context: CommandContext;
  readonly #args: DtArguments;
  #address: bigint | null = null;

  constructor(context: CommandContext, args: DtArguments) {
    this.#context = context;
    this.#args = args;
  }

  async run(): Promise<void> {
    const args = this.#args;
    const isEmpty = await args.done();
    if (args.options.help) return this.#help();
    if (args.options.physical !== null)
      throw engineErrors.unsupported('dt -p', 'what a process has are virtual addresses');
    if (isEmpty) args.fail();
    const word = await this.#firstName();
    const { module, name } = this.#split(word);
    if (/[*?]/.test(name) || args.options.size !== null || word.prefix) {
      const pattern = word.prefix && !name.endsWith('*') ? `${name}*` : name;
      if (!(await args.done())) args.fail();
      return this.#list(module, pattern, word.prefix);
    }
    const subject = await this.#find(module, name);
    if (!subject) throw engineErrors.badArgument(`Symbol ${word.text} not found.`, word.at);
    const paths = await this.#rest(module, subject);
    await this.#show(module, subject, paths);
  }

  #help(): void {
    const entry = this.#context.commands.find(({ name }) => name === 'dt');
    this.#context.print([...(entry?.syntax ?? []), entry?.help ?? ''].join('\n'));
  }

  #list(module: string | null, pattern: string, detailed: boolean): Promise<void> {
    const { options } = this.#args;
    return listMatches(this.#context, module, pattern, options, detailed, async (type) => {
      const subject = await this.#find(type.module, type.name);
      if (subject) await this.#show(type.module, subject, []);
    });
  }

  /** An address may come before the name, or stand for the variable there. */
  async #firstName(): Promise<Word> {
    const { state } = this.#context;
    const { at } = this.#args;
    const word = this.#args.name();
    const startsNumber =
      ADDRESS.test(word.text) || (/^[0-9a-f`]+$/i.test(word.text) && !(await this.#isKnown(word)));
    if (word.isName || !startsNumber) return word;
    this.#address = await this.#args.address(at);
    if (!(await this.#args.done())) return this.#args.name();
    const [hit] = await state.target.symbolize([this.#address]);
    if (hit?.offset !== 0n) {
      const text = addressText(this.#address, state.pointerSize);
      throw engineErrors.badArgument(`Symbol not found at address ${text}.`, at);
    }
    this.#address = null;
    return { ...word, text: `${hit.module}!${hit.name}` };
  }

  async #isKnown({ text }: Word): Promise<boolean> {
    const { target, context } = this.#context.state;
    return (
      (await this.#type(null, text)) !== null || (await target.resolveSymbol(null, text, context)) !== null
    );
  }

  #split(word: Word): { module: string | null; name: string } {
    const { state } = this.#context;
    const full = word.text === '.' ? state.lastTypeName : word.text;
    if (full === null || full === '') this.#args.fail(word.at);
    state.lastTypeName = full;
    const mark = full.indexOf('!');
    return { module: mark < 0 ? null : full.slice(0, mark), name: full.slice(mark + 1) };
  }

  async #find(module: string | null, name: string): Promise<Subject | null> {
    if (module === null && (await this.#isLocal(name))) {
      const local = await this.#variable(null, name);
      if (local) return { type: local.type, value: local };
    }
    const type = await this.#type(module, name);
    if (type) return { type, value: null };
    const value = this.#args.options.typesOnly ? null : await this.#variable(module, name);
    return value && { type: value.type, value };
  }

  /** A local variable comes before types of its name. */
  async #isLocal(name: string): Promise<boolean> {
    const root = /^[A-Za-z_]\w*(?=$|[.[])/.exec(name)?.[0];
    if (root === undefined || this.#args.options.typesOnly) return false;
    const { target, context } = this.#context.state;
    return (await target.locals(context)).some((each) => each.name === root);
  }

  /** C's tags come before what a type definition of some library may call the same. */
  async #type(module: string | null, name: string): Promise<TypeInfo | null> {
    const { target } = this.#context.state;
    const isPlain = /^\w+$/.test(name);
    const tries = isPlain ? [`struct ${name}`, `union ${name}`, `enum ${name}`, name] : [name];
    for (const each of tries) {
      const type = await target.findType(module, each).catch(noneIfUnknown);
      if (type) return type;
    }
    return null;
  }

  async #variable(module: string | null, name: string): Promise<TypedValue | null> {
    const { target, context } = this.#context.state;
    const depth = this.#depth([]);
    if (module === null) {
      const value = await target.evaluate(name, context, depth).catch(noneIfUnknown);
      if (value) return value;
    }
    const root = /^[^.[]*/.exec(name)?.[0] ?? name;
    const address = await target.resolveSymbol(module, root, null);
    const [hit] = address === null ? [] : await target.symbolize([address]);
    if (!hit) return null;
    // The name as it is written in the program; of the module that was asked for.
    const rest = name.slice(root.length);
    const symbols = rest === '' ? await target.findSymbols(hit.module, literalPattern(hit.name), 8) : [];
    const type = symbols.find((each) => each.address === address && each.name === hit.name)?.type;
    if (type && type.kind !== 'function' && address !== null) {
      const value = await target.readValue(type.name, address, depth, hit.module).catch(noneIfUnknown);
      if (value) return value;
    }
    return target.evaluate(`${hit.name}${rest}`, context, depth).catch(noneIfUnknown);
  }

  /** Fields and the address: a word that is a field's name is one, whatever else it reads as. */
  async #rest(module: string | null, subject: Subject): Promise<readonly FieldPath[]> {
    const args = this.#args;
    const paths: FieldPath[] = [];
    const root = await this.#layoutOf(module, subject);
    const objects = new Objects(this.#context.state, module, true);
    while (!(await args.done())) {
      const word = args.word();
      const path = fieldPath(word);
      if (!path && /^[a-z_][\w.]*\[/i.test(word.text)) args.fail(word.at);
      const isField = path !== null && (await has(objects, root, path));
      if (path && (isField || word.isName || word.prefix || this.#address !== null)) {
        if (!isField) throw noSuchField(word.at);
        paths.push(path);
      } else if (this.#address === null) this.#address = await this.#addressOrField(word, path);
      else args.fail(word.at);
    }
    return paths;
  }

  async #addressOrField({ at }: Word, path: FieldPath | null): Promise<bigint> {
    try {
      return await this.#args.address(at);
    } catch (error) {
      if (path && error instanceof HawserError && error.code === 'UNRESOLVED') throw noSuchField(at);
      throw error;
    }
  }

  /** The type whose fields can be named: of a pointer variable the one it points to. */
  async #layoutOf(module: string | null, { type, value }: Subject): Promise<TypedValue> {
    const inner =
      value && type.kind === 'pointer' && type.target && isComposite(type.target) ? type.target : type;
    const nothing: TypedValue = { type: inner, address: null };
    if (!isComposite(inner)) return nothing;
    if (value?.members) return value;
    const read = await this.#context.target.layout(inner.name, 1, module).catch(noneIfUnknown);
    return read ?? nothing;
  }

  async #show(module: string | null, subject: Subject, paths: readonly FieldPath[]): Promise<void> {
    const { state } = this.#context;
    const { type } = subject;
    const isLayout = this.#address === null && subject.value === null;
    const objects = new Objects(state, module, isLayout);
    const display = new Display(this.#context, objects, this.#args.options);
    const depth = this.#depth(paths);
    if (isLayout && type.kind === 'enum') {
      for (const line of enumLines(type, this.#args.options.verbose)) display.line(line);
    } else {
      const value = await this.#value(objects, display, subject, depth);
      if (this.#args.list && !isLayout)
        await walkList(this.#context, objects, display, value, paths, this.#args.list);
      else await display.object(value, paths, subject.value === null && !isLayout);
    }
    display.flush();
  }

  async #value(objects: Objects, display: Display, subject: Subject, depth: number): Promise<TypedValue> {
    const { type, value } = subject;
    if (!value || this.#address !== null) {
      if (objects.layout && !isComposite(type)) return { type, address: null };
      return objects.read(type.name, this.#address ?? 0n, depth);
    }
    if (value.type.kind === 'function') return { type, address: null, unavailable: type.name };
    await this.#announce(display, value);
    const inner = await objects.pointee(value);
    if (!inner) return value;
    display.line(`0x${addressText(inner.address ?? 0n, this.#context.state.pointerSize)}`);
    return objects.read(inner.type.name, inner.address ?? 0n, depth);
  }

  /** A global is known by its symbol; what has none lives on the stack. */
  async #announce(display: Display, { address, type }: TypedValue): Promise<void> {
    const hits = address === null ? [] : await this.#context.target.symbolize([address]);
    if (address === null || hits[0]) return;
    const [frame] = await this.#context.target.frames(this.#context.state.thread, 1);
    if (address >= (frame?.stackPointer ?? 0n))
      display.line(`Local var @ 0x${address.toString(16)} Type ${type.name}`);
  }

  /** Types without a name cannot be asked for later, so all is read that may be shown. */
  #depth(paths: readonly FieldPath[]): number {
    const { levels, arrays, verbose } = this.#args.options;
    const named = Math.max(0, ...paths.map(({ steps, members }) => steps.length + members));
    const further = (arrays === null ? 0 : 2) + (verbose ? 1 : 0);
    return 1 + Math.max(levels, named, this.#args.dots) + further;
  }
}

async function has(objects: Objects, root: TypedValue, path: FieldPath): Promise<boolean> {
  const [first] = path.steps;
  const members = await objects.members(root);
  return members.some(({ field }) =>
    path.prefix && path.steps.length === 1
      ? field.name.startsWith(first?.name ?? '')
      : field.name === first?.name,
  );
}

/** GDB says of a name it does not know that it failed. */
function noneIfUnknown(error: unknown): null {
  if (error instanceof HawserError && error.code === 'GDB') return null;
  throw error;
}
