import { exceptionParameters } from '../analysis/access.ts';
import type { DebuggerState } from '../state.ts';
import type { ExceptionRecord } from '../system.ts';
import { describeSignal } from './signals.ts';

const ATTEMPTS: Readonly<Record<string, string>> = {
  0: 'Attempt to read from address',
  1: 'Attempt to write to address',
  8: 'Attempt to execute non-executable address',
};

function attempt({ name }: ExceptionRecord['signal'], kind: bigint | undefined): string {
  return (name === 'SIGSEGV' ? ATTEMPTS[String(kind)] : undefined) ?? 'Attempt to access address';
}

/** An exception as `.exr` shows it. */
export async function exceptionLines(state: DebuggerState, record: ExceptionRecord): Promise<string> {
  const { signal, address } = record;
  const [hit = null] = await state.target.symbolize([address]);
  const { text, code } = describeSignal(signal);
  const number = (value: bigint): string => value.toString(16).padStart(state.pointerSize * 2, '0');
  const parameters = await exceptionParameters(state, record);
  const place = hit ? ` (${hit.module}!${hit.name}+0x${number(hit.offset)})` : '';
  return [
    `ExceptionAddress: ${number(address)}${place}`,
    `   ExceptionCode: ${code.toString(16).padStart(8, '0')} (${text})`,
    '  ExceptionFlags: 00000000',
    `NumberParameters: ${parameters.length}`,
    ...parameters.map((value, index) => `   Parameter[${index}]: ${number(value)}`),
    ...(signal.address === undefined ? [] : [`${attempt(signal, parameters[0])} ${number(signal.address)}`]),
  ].join('\n');
}
