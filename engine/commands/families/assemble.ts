import { address as addressText } from '../../format/address.ts';
import type { Args } from '../args.ts';
import { assemble } from '../code/assembler.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { askForInput } from '../input/ask.ts';
import { instructionPointer } from '../pseudo.ts';

/** `a [Address]`: a line, an instruction, until one is empty. */
async function enterInstructions(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  let at = args.done
    ? (state.assembleCursor ?? (await instructionPointer(state)))
    : await context.evaluate(args);
  args.expectEnd();
  const show = (): void => context.print(addressText(at, state.pointerSize));
  askForInput(
    context,
    async (line) => {
      if (line.trim() === '') return false;
      const given = new AbortController();
      const bytes = await state.cancel.during(assemble(state, at, line.trim(), given.signal), () =>
        given.abort(),
      );
      await context.target.writeMemory(at, bytes);
      state.forgetCode();
      at = BigInt.asUintN(64, at + BigInt(bytes.length));
      state.assembleCursor = at;
      show();
      return true;
    },
    args.next,
  );
  show();
}

export const assembleCommands: readonly CommandEntry[] = [
  {
    name: 'a',
    family: 'Registers and code',
    needs: 'live',
    changes: true,
    once: true,
    syntax: ['a [Address]'],
    summary: 'Writes instructions to memory, as they are typed.',
    help:
      'At the prompt `Input>` each line is one instruction, in the syntax of the disassembly (`mov eax,dword ptr [rsp+28h]`, `call loop!helper`); ' +
      'numbers are in the current base. An empty line ends. Without an address it goes on where the last one ended, at first at the instruction pointer.',
    differences:
      'GNU’s assembler makes the code, of all instructions that it knows; it has to be installed where the engine runs (binutils).',
    example: 'a loop!helper',
    glue: /^[@$0-9`.(]/,
    run: enterInstructions,
  },
];
