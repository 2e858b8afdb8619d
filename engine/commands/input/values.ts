import type { Backend } from '../../backend/backend.ts';
import { address as addressText, hex64, hexDigits } from '../../format/address.ts';
import { floatText } from '../../format/memory.ts';
import { Args } from '../args.ts';
import type { CommandContext } from '../entry.ts';
import { littleEndian } from '../memory/read.ts';
import { askForInput } from './ask.ts';

/** Elements that are asked for one by one. */
export interface AskedKind {
  readonly size: number;
  readonly isFloat: boolean;
  /** The bytes of the values that a line has. */
  readonly read: (args: Args) => Promise<Uint8Array> | Uint8Array;
  readonly write: (address: bigint, bytes: Uint8Array) => Promise<void>;
  /** In place of the target's. */
  readonly memory?: Pick<Backend, 'readMemory'>;
}

/** Shows each element's place and value and asks for another; a blank keeps it, several values go on from there. */
export async function askForValues(
  context: CommandContext,
  start: bigint,
  kind: AskedKind,
  at: number,
): Promise<void> {
  let address = start;
  const show = async (): Promise<void> =>
    context.print(
      `${addressText(address, context.state.pointerSize)} ${await shown(context, address, kind)}`,
    );
  askForInput(
    context,
    async (line) => {
      const args = new Args(line, 0, line.length);
      const bytes = args.done ? null : await kind.read(args);
      if (bytes) await kind.write(address, bytes);
      address = BigInt.asUintN(64, address + BigInt(bytes?.length ?? kind.size));
      await show();
      return true;
    },
    at,
  );
  await show();
}

async function shown(
  { target }: CommandContext,
  address: bigint,
  { size, isFloat, memory = target }: AskedKind,
): Promise<string> {
  const { bytes, readable } = await memory.readMemory(address, size);
  if (readable?.includes(0)) return '?'.repeat(size * 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (isFloat) return floatText(size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true), size);
  const value = littleEndian(bytes, 0, size);
  return size === 8 ? hex64(value) : hexDigits(value, size * 2);
}
