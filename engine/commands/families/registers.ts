import { engineErrors } from '../../errors.ts';
import { parseNumber } from '../../expressions/numbers.ts';
import { FLAG_BITS } from '../../expressions/registers.ts';
import { hexDigits } from '../../format/address.ts';
import { floatToBits } from '../../format/c-number.ts';
import { arm64RegistersIn, registersIn } from '../../format/operands.ts';
import { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { askForInput } from '../input/ask.ts';
import { instructionPointer, pseudoRegister } from '../pseudo.ts';
import { maskedRegisters, REGISTER_GROUPS, validMask } from '../registers/mask.ts';
import { registerPart } from '../registers/parts.ts';
import { readRegister } from '../registers/read.ts';
import {
  type ElementFormat,
  elementFormat,
  elementTexts,
  extendedBits,
  extendedText,
  FLOATS,
} from '../registers/vector.ts';
import { writeRegister } from '../registers/write.ts';
import type { DebuggerState } from '../state.ts';
import { stopDisplay } from '../stops/display.ts';

async function registers(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state } = context;
  const alias = args.match(/\$\.u([0-9])\s*=/y)?.[1];
  if (alias !== undefined) {
    state.aliases.setFixed(Number(alias), args.rest(), context.caller.role === 'owner');
    return undefined;
  }
  const chosen = await chosenMask(context, args);
  if (args.done) {
    await showBlock(context, chosen);
    return undefined;
  }
  if (args.take('.')) return usedByInstruction(context, args);
  const shown: string[] = [];
  do {
    const at = args.done ? args.position : args.position;
    const name = args.match(/@?(\$?[a-z_][a-z0-9_]*)/iy)?.[1]?.toLowerCase();
    if (name === undefined) args.fail();
    const format = readFormat(context, args);
    if (args.match(/=(?!=)/y)) await assign(context, args, { name, at }, format);
    else if (format) shown.push(await showElements(state, name, format, at));
    else shown.push(await show(state, name, at));
  } while (args.take(',') || (!args.done && shown.length > 0));
  if (shown.length > 0) context.print(shown.join(' '));
  return undefined;
}

/** `r rax=`: what it holds is shown, and a blank leaves it. */
async function askForRegister(
  context: CommandContext,
  { name, at }: { readonly name: string; readonly at: number },
  format: ShownFormat | null,
): Promise<void> {
  const { state } = context;
  const held = await (format ? showElements(state, name, format, at) : show(state, name, at));
  askForInput(
    context,
    async (line) => {
      const args = new Args(line, 0, line.length);
      if (args.done) return false;
      await assign(context, args, { name, at: 0 }, format);
      args.expectEnd();
      return false;
    },
    at,
  );
  context.print(held);
}

/** `M Mask`, or the letters of `rF` and `rX`. Null: none was given. */
async function chosenMask(context: CommandContext, args: Args): Promise<number | null> {
  const letters = MASKS[context.name];
  if (letters !== undefined) return letters;
  if (!args.match(/M(?=\s|[0-9])/y)) return null;
  const at = args.next;
  const wanted = Number(BigInt.asUintN(32, await context.evaluate(args)));
  return (await supported(context, wanted)) || noneLeft(at);
}

function noneLeft(at: number): never {
  throw engineErrors.badArgument('There are no such registers', at);
}

const MASKS: Readonly<Record<string, number>> = {
  rF: 0x4,
  rX: 0x40,
  rXI: 0x800,
  rY: 0x200,
  rYI: 0x400,
  rZ: 0x1000,
  rZI: 0x2000,
  rK: 0x4000,
};

/** What of a mask there are registers for; the rest is told. */
async function supported(context: CommandContext, mask: number): Promise<number> {
  const valid = await validMask(context.state);
  const invalid = mask & ~valid;
  if (invalid !== 0) context.print(`Ignored invalid bits ${invalid.toString(16)}`);
  return mask & valid;
}

async function showBlock(context: CommandContext, mask: number | null): Promise<void> {
  const { state, host } = context;
  if (mask === null) {
    host.output('prompt-registers', `${await stopDisplay(state, true)}\n`);
    return;
  }
  const wanted = MASKS[context.name] === undefined ? mask : (await supported(context, mask)) || noneLeft(0);
  host.output('prompt-registers', `${(await maskedRegisters(state, wanted)).join('\n')}\n`);
}

interface ShownFormat {
  readonly count: number | null;
  readonly format: ElementFormat;
}

/** `:16ub`, `:d`. */
function readFormat(context: CommandContext, args: Args): ShownFormat | null {
  const at = args.next;
  const match = args.match(/:(\d[0-9a-f]*?)?([iu][bwdq]|[fd])(?=[\s,;]|$)/iy);
  if (!match) return args.text[at] === ':' ? args.fail(at) : null;
  const format = elementFormat((match[2] ?? '').toLowerCase()) ?? args.fail(at);
  const count = match[1] === undefined ? null : Number(parseNumber(match[1], context.state.radix) ?? 1n);
  return { count, format };
}

async function assign(
  context: CommandContext,
  args: Args,
  { name, at }: { readonly name: string; readonly at: number },
  shown: ShownFormat | null,
): Promise<void> {
  const { state } = context;
  if (args.done) return askForRegister(context, { name, at }, shown);
  if (isVector(state, name) && (shown || /^\s*\S*\.|^\s*[^\s,]+\s+[^\s,]/.test(args.peekRest())))
    return assignElements(context, args, { name, at }, shown?.format ?? FLOATS);
  if (shown) args.fail(at + name.length);
  if (/^st[0-7]$/.test(name)) return writeRegister(state, name, extendedBits(decimal(args)), at);
  await writeRegister(state, name, await context.evaluate(args), at);
}

/** As they are shown, the highest first; those above the first that is given stay as they are. */
async function assignElements(
  context: CommandContext,
  args: Args,
  { name, at }: { readonly name: string; readonly at: number },
  format: ElementFormat,
): Promise<void> {
  const { state } = context;
  const most = bytesOf(state, name) / format.size;
  const elements: bigint[] = [];
  while (!args.done && args.text[args.next] !== ',') {
    if (elements.length === most) args.fail(args.next);
    elements.push(await element(context, args, format));
  }
  if (elements.length === 0) args.fail(args.next);
  const before = await readRegister(state, name);
  if (before === null) throw engineErrors.badArgument(`Bad register error at '${name}'`, at);
  const bits = format.size * 8;
  let value = (before >> BigInt(elements.length * bits)) << BigInt(elements.length * bits);
  for (const [index, each] of elements.toReversed().entries()) value |= each << BigInt(index * bits);
  await writeRegister(state, name, value, at);
}

async function element(context: CommandContext, args: Args, { kind, size }: ElementFormat): Promise<bigint> {
  if (kind !== 'float') return BigInt.asUintN(size * 8, await context.evaluate(args));
  return floatToBits(decimal(args), size === 4 ? 4 : 8);
}

/** `1.5`, `-2e3`; as they are shown too (`1.5e+007`). */
function decimal(args: Args): number {
  const at = args.next;
  const number = Number((args.match(/[^\s,;]+/y) ?? args.fail(at))[0]);
  return Number.isNaN(number) ? args.fail(at) : number;
}

async function showElements(
  state: DebuggerState,
  name: string,
  { count, format }: ShownFormat,
  at: number,
): Promise<string> {
  const value = name.startsWith('$') ? await pseudoRegister(state, name) : await readRegister(state, name);
  if (value === null) throw engineErrors.badArgument(`Bad register error at '${name}'`, at);
  return `${name}=${elementTexts(value, bytesOf(state, name), format, count)}`;
}

function isVector(state: DebuggerState, name: string): boolean {
  return /^[xyz]mm\d+$/.test(name) || (state.isArm64 && /^[vq]\d+$/.test(name));
}

const VECTOR_BYTES: Readonly<Record<string, number>> = { x: 16, y: 32, z: 64 };

function bytesOf(state: DebuggerState, name: string): number {
  const vector = /^([xyz])mm\d+$/.exec(name)?.[1];
  if (vector) return VECTOR_BYTES[vector] ?? 16;
  if (/^(?:[vq]\d+)$/.test(name) && state.isArm64) return 16;
  return Math.ceil((registerPart(state, name)?.bits ?? state.pointerSize * 8) / 8);
}

async function mask(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  if (args.take('?')) {
    args.expectEnd();
    const valid = await validMask(state);
    context.print(
      REGISTER_GROUPS.filter(({ bit }) => valid & bit)
        .map(groupLine)
        .join('\n'),
    );
    return;
  }
  if (!args.done) {
    const wanted = Number(BigInt.asUintN(32, await context.evaluate(args)));
    args.expectEnd();
    const left = await supported(context, wanted);
    if (left === 0) return;
    // Where both are asked for the 64-bit state is meant; the 32-bit one is the same on this machine.
    state.registerMask = left & 0x3 ? (left & ~0x3) | 0x2 : left;
    return;
  }
  const on = REGISTER_GROUPS.filter(({ bit }) => state.registerMask & bit);
  const head = `Register output mask is ${state.registerMask.toString(16)}:`;
  context.print([head, ...on.map(groupLine)].join('\n'));
}

const groupLine = ({ bit, what }: { readonly bit: number; readonly what: string }): string =>
  `${bit.toString(16).padStart(8)} - ${what}`;

async function usedByInstruction(context: CommandContext, args: Args): Promise<undefined> {
  args.expectEnd();
  const { state } = context;
  const [instruction] = await state.target.disassemble(await instructionPointer(state), 1);
  const find = state.isArm64 ? arm64RegistersIn : registersIn;
  const names = instruction ? find(instruction.text) : [];
  const shown: string[] = [];
  for (const name of names) shown.push(await show(state, name, 0));
  if (shown.length > 0) context.print(shown.join(' '));
}

async function show(state: DebuggerState, name: string, at: number): Promise<string> {
  const pseudo = name.startsWith('$');
  const value = pseudo ? await pseudoRegister(state, name) : await readRegister(state, name);
  if (value === null) throw engineErrors.badArgument(`Bad register error at '${name}'`, at);
  const vector = /^[xyz]mm\d+$/.test(name);
  if (vector) return `${name}=${elementTexts(value, bytesOf(state, name), FLOATS)}`;
  if (/^st\d$/.test(name)) return `${name}=${extendedText(value)} (${rawExtended(value)})`;
  return `${name}=${hexDigits(value, digitsOf(state, name))}`;
}

/** Sign and exponent, and the fraction: `0:4000:c000000000000000`. */
function rawExtended(value: bigint): string {
  const exponent = (value >> 64n) & 0x7fffn;
  return `${(value >> 79n) & 1n}:${hexDigits(exponent, 4)}:${hexDigits(BigInt.asUintN(64, value), 16)}`;
}

function digitsOf(state: DebuggerState, name: string): number {
  if (state.isX64 && name in FLAG_BITS) return 1;
  const part = registerPart(state, name);
  return part ? part.bits / 4 : state.pointerSize * 2;
}

const common = { family: 'Registers and code', needs: 'any', secure: 'allowed' } as const;

export const registerCommands: readonly CommandEntry[] = [
  {
    ...common,
    name: 'rm',
    syntax: ['rm', 'rm ?', 'rm Mask'],
    summary: 'Shows or sets which registers r and stops show.',
    help: 'A sum of bits: 1 or 2 integers, 4 the floating-point unit, 8 segments (with the integers), 10 MMX, 40 XMM as floats, 800 as numbers, 200 YMM as floats, 400 as numbers. ? lists those that there are. Without a mask it shows the one that is set, a at first.',
    example: 'rm ?',
    differences: 'Debug registers (20) are taken for invalid: Linux keeps them to itself.',
    run: mask,
  },
  {
    ...common,
    name: 'rF',
    aliases: Object.keys(MASKS).filter((name) => name !== 'rF'),
    syntax: ['[~Thread] rF', '[~Thread] r{X|XI|Y|YI|Z|ZI|K}'],
    summary: 'Shows the registers of the floating-point unit; X, Y, Z those of vectors.',
    help: 'I shows vectors as numbers instead of floats, their highest element first; K shows the masks of AVX-512.',
    example: 'rX',
    run: registers,
  },
  {
    name: 'r',
    changes: 'by assignment',
    family: 'Registers and code',
    syntax: [
      '[~Thread] r',
      '[~Thread] r Register[:[Count]Type][, Register …]',
      '[~Thread] rM Mask',
      '[~Thread] r Register = Value',
      '[~Thread] r VectorRegister[:Type] = Element [Element …]',
      'r.',
      'r $.uN = Text',
    ],
    summary: 'Shows or sets registers.',
    help:
      'Alone it shows all, and the instruction that comes next. Parts (`eax`, `al`), flags (`zf`) and ' +
      'pseudo-registers (`$t0`) are registers too. Registers of vectors are shown as floats, or by a type: ib ub iw uw id ud iq uq (signed and unsigned numbers of 1 to 8 bytes), f and d (floats and doubles); Count elements, the lowest, and the highest of them first; elements are set in that order too, those above stay as they are. rM shows registers by a mask (rm). `r.` shows those that the next instruction uses. `r $.u3 = …` sets the alias `$u3` to the rest of the line.',
    example: 'r rax = 5',
    needs: 'none',
    wholeLine: /^\s*\$\.u[0-9]\s*=/,
    // `reax`, `r$t0=5`, `r.`; but not the names of other commands.
    glue: /^(?:[@$.]|M\s*[0-9]|[xy]mm\d|(?:[re]?[abcd]x|[re]?(?:si|di|bp|sp|ip)|r\d+[dwb]?|[abcd][hl]|efl|[ocspzadit]f)\b)/i,
    run: async (context, args) => {
      if (context.state.kind === 'none' && !/^[@]?\$(t\d|exp|p\b|\.u)/i.test(args.peekRest()))
        void context.target;
      return registers(context, args);
    },
  },
];
