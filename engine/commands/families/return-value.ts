import type { TypeInfo } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { Args } from '../args.ts';
import type { CommandContext, CommandEntry } from '../entry.ts';
import { integerOf } from '../evaluate/cpp.ts';
import { showTyped } from '../evaluate/typed.ts';
import { isComposite } from '../types/objects.ts';

/** `.fnret [/s] Address [Value]`. */
async function functionReturn(context: CommandContext, args: Args): Promise<undefined> {
  const { state } = context;
  const keeps = args.match(/\/s(?=\s)/y) !== null;
  const at = args.next;
  const address = await context.evaluate(args);
  const given = args.done ? null : await context.evaluate(args);
  args.expectEnd();
  const type = await returnType(context, address, at);
  if (type.kind === 'void') {
    context.print('<void>');
    return;
  }
  const value = await state.target.evaluate(expressionOf(context, type, given), state.context, 1);
  if (keeps) state.callResult = integerOf(value);
  await showTyped(context, value);
}

async function returnType(context: CommandContext, address: bigint, at: number): Promise<TypeInfo> {
  const [hit] = await context.target.symbolize([address]);
  if (!hit) throw engineErrors.noCode(address);
  const pattern = hit.name.replace(/[[\]*?#+\\]/g, '?');
  const found = (await context.target.findSymbols(hit.module, pattern, 100)).find(
    (symbol) => symbol.address === hit.address && symbol.type?.kind === 'function',
  );
  if (found?.type?.target) return found.type.target;
  throw engineErrors.badArgument(
    `${hit.module}!${hit.name} has no type: there is no debug information of it`,
    at,
  );
}

/** Of the registers in which System V's and Arm's conventions return values; larger ones lie where the first of them points. */
function expressionOf({ state }: CommandContext, type: TypeInfo, given: bigint | null): string {
  const { isX64, isArm64 } = state;
  const composite = isComposite(type);
  if (given !== null) {
    const number = `0x${BigInt.asUintN(64, given).toString(16)}`;
    return composite ? `*(${type.name} *)${number}` : `(${type.name})${number}`;
  }
  if (!isX64 && !isArm64)
    throw engineErrors.unsupported(
      '.fnret',
      'where functions return values is known for x86-64 and AArch64 only',
    );
  if (type.kind === 'float') return floatRegister(type, isX64);
  if (composite && (type.size <= 16 || isArm64))
    throw engineErrors.unsupported(
      '.fnret',
      `a ${type.name} is returned in registers`,
      'r shows them; with Value .fnret shows one that lies in memory.',
    );
  const register = isX64 ? '$rax' : '$x0';
  return composite ? `*(${type.name} *)${register}` : `(${type.name})${register}`;
}

function floatRegister({ name, size }: TypeInfo, isX64: boolean): string {
  if (isX64) return size > 8 ? `(${name})$st0` : size === 8 ? '$xmm0.v2_double[0]' : '$xmm0.v4_float[0]';
  if (size <= 8) return size === 8 ? '$v0.d.f[0]' : '$v0.s.f[0]';
  throw engineErrors.unsupported('.fnret', `a ${name} is returned in a vector`, 'r v0 shows it.');
}

export const returnCommands: readonly CommandEntry[] = [
  {
    name: '.fnret',
    family: 'Execution',
    needs: 'any',
    secure: 'allowed',
    syntax: ['.fnret [/s] Address [Value]'],
    summary: 'Shows what a function has returned, as its type says.',
    help: 'From the registers of results, so right behind its end; with Value that is shown, a structure at that address. /s keeps it in $callret.',
    example: '.fnret loop!work 5',
    differences: 'Structures of up to 16 bytes, which are returned in several registers, need Value.',
    run: functionReturn,
  },
];
