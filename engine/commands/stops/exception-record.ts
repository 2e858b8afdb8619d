import type { DebuggerState } from '../state.ts';
import type { ExceptionRecord } from '../system.ts';
import { describeSignal } from './signals.ts';

/** An exception as `.exr` shows it. */
export async function exceptionLines(
  state: DebuggerState,
  { signal, address }: ExceptionRecord,
): Promise<string> {
  const [hit = null] = await state.target.symbolize([address]);
  const { text, code } = describeSignal(signal);
  const number = (value: bigint): string => value.toString(16).padStart(state.pointerSize * 2, '0');
  const parameters = [...(signal.code === undefined ? [] : [BigInt.asUintN(64, BigInt(signal.code))])];
  if (signal.address !== undefined) parameters.push(signal.address);
  const place = hit ? ` (${hit.module}!${hit.name}+0x${number(hit.offset)})` : '';
  return [
    `ExceptionAddress: ${number(address)}${place}`,
    `   ExceptionCode: ${code.toString(16).padStart(8, '0')} (${text})`,
    '  ExceptionFlags: 00000000',
    `NumberParameters: ${parameters.length}`,
    ...parameters.map((value, index) => `   Parameter[${index}]: ${number(value)}`),
    ...(signal.address === undefined ? [] : [`Attempt to access address ${number(signal.address)}`]),
  ].join('\n');
}
