import { engineErrors } from '../../errors.ts';
import { FLAG_BITS } from '../../expressions/registers.ts';
import { hexDigits } from '../../format/address.ts';
import { arm64RegistersIn, registersIn } from '../../format/operands.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry, Control } from '../entry.ts';
import { instructionPointer, pseudoRegister } from '../pseudo.ts';
import { registerPart } from '../registers/parts.ts';
import { readRegister } from '../registers/read.ts';
import { writeRegister } from '../registers/write.ts';
import type { DebuggerState } from '../state.ts';
import { stopDisplay } from '../stops/display.ts';

async function registers(context: CommandContext, args: Args): Promise<Control | undefined> {
  const { state, host } = context;
  const alias = args.match(/\$\.u([0-9])\s*=/y)?.[1];
  if (alias !== undefined) {
    state.aliases.setFixed(Number(alias), args.rest(), context.caller.role === 'owner');
    return undefined;
  }
  if (args.done) {
    host.output('prompt-registers', `${await stopDisplay(state, true)}\n`);
    return undefined;
  }
  if (args.take('.')) return usedByInstruction(context, args);
  const shown: string[] = [];
  do {
    const at = args.done ? args.position : args.position;
    const name = args.match(/@?(\$?[a-z_][a-z0-9_]*)/iy)?.[1]?.toLowerCase();
    if (name === undefined) args.fail();
    if (args.match(/=(?!=)/y)) await writeRegister(state, name, await context.evaluate(args), at);
    else shown.push(await show(state, name, at));
  } while (args.take(',') || (!args.done && shown.length > 0));
  if (shown.length > 0) context.print(shown.join(' '));
  return undefined;
}

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
  return `${name}=${hexDigits(value, digitsOf(state, name))}`;
}

function digitsOf(state: DebuggerState, name: string): number {
  if (state.isX64 && name in FLAG_BITS) return 1;
  const part = registerPart(state, name);
  return part ? part.bits / 4 : state.pointerSize * 2;
}

export const registerCommands: readonly CommandEntry[] = [
  {
    name: 'r',
    changes: 'by assignment',
    family: 'Registers and code',
    syntax: [
      '[~Thread] r',
      '[~Thread] r Register[, Register …]',
      '[~Thread] r Register = Value',
      'r.',
      'r $.uN = Text',
    ],
    summary: 'Shows or sets registers.',
    help:
      'Alone it shows all, and the instruction that comes next. Parts (`eax`, `al`), flags (`zf`) and ' +
      'pseudo-registers (`$t0`) are registers too. `r.` shows those that the next instruction uses. `r $.u3 = …` sets the alias `$u3` to the rest of the line.',
    example: 'r rax = 5',
    needs: 'none',
    wholeLine: /^\s*\$\.u[0-9]\s*=/,
    // `reax`, `r$t0=5`, `r.`; but not the names of other commands.
    glue: /^(?:[@$.]|(?:[re]?[abcd]x|[re]?(?:si|di|bp|sp|ip)|r\d+[dwb]?|[abcd][hl]|efl|[ocspzadit]f)\b)/i,
    run: async (context, args) => {
      if (context.state.kind === 'none' && !/^[@]?\$(t\d|exp|p\b|\.u)/i.test(args.peekRest()))
        void context.target;
      return registers(context, args);
    },
  },
];
