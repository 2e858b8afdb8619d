import type { Frame } from '../backend/types.ts';
import { type Engine, fromHex } from './parts.ts';
import type { Modules } from './symbols/modules.ts';
import { withoutParameters } from './symbols/name.ts';
import { TypeReader, type TypeRow, type VariableRow } from './symbols/values.ts';

interface FrameRow {
  readonly pc: string;
  readonly sp?: string;
  /** Name, where the frame is inlined. */
  readonly i?: string;
  /** Where the inlined function's code begins. */
  readonly b?: string;
  /** The pc is a return address. */
  readonly c?: 1;
  readonly f?: string;
  readonly l?: number;
  readonly a?: readonly VariableRow[];
}

interface FramesAnswer {
  readonly frames: readonly FrameRow[];
  readonly end: string | null;
  readonly types: readonly TypeRow[];
}

export async function readFrames(
  engine: Engine,
  modules: Modules,
  thread: number,
  limit: number,
  args: boolean,
): Promise<readonly Frame[]> {
  const parameters = { thread: engine.gdbThread(thread), limit, args };
  const answer = await engine.helper.call<FramesAnswer>('frames', parameters);
  const types = new TypeReader(answer.types);
  const frames: Frame[] = [];
  for (const [level, row] of answer.frames.entries()) {
    frames.push(await readFrame(modules, types, row, level, returnAddress(answer, level)));
  }
  return frames;
}

/** The pc of the next frame that is not inlined; null for inlined ones, 0 at the end of the stack. */
function returnAddress(answer: FramesAnswer, level: number): bigint | null {
  if (answer.frames[level]?.i !== undefined) return null;
  const next = answer.frames.slice(level + 1).find((row) => row.i === undefined);
  const address = next?.pc ?? answer.end;
  return address === null || address === undefined ? 0n : fromHex(address);
}

async function readFrame(
  modules: Modules,
  types: TypeReader,
  row: FrameRow,
  level: number,
  returns: bigint | null,
): Promise<Frame> {
  const address = fromHex(row.pc);
  return {
    level,
    address,
    stackPointer: row.sp === undefined ? null : fromHex(row.sp),
    returnAddress: returns,
    inlined: row.i !== undefined,
    symbol: await frameSymbol(modules, row, address),
    source: row.f === undefined ? null : { file: row.f, line: row.l ?? 0 },
    ...(row.a ? { args: row.a.map((one) => types.variable(one)) } : {}),
  };
}

async function frameSymbol(modules: Modules, row: FrameRow, address: bigint) {
  // A call may be the last instruction of its function: then the return address is the next one's.
  const inside = row.c ? address - 1n : address;
  const found = await modules.symbolize(inside);
  if (!found) return null;
  if (row.i === undefined) return { ...found, offset: address - found.address };
  const begins = row.b === undefined ? found.address : fromHex(row.b);
  return { module: found.module, name: withoutParameters(row.i), address: begins, offset: address - begins };
}
