import type { Stop } from '../../backend/types.ts';
import { address } from '../../format/address.ts';
import type { CommandHost, TargetSpec } from '../host.ts';
import type { DebuggerState } from '../state.ts';
import { breakInLine, remember } from '../stops/event-text.ts';
import { describeSignal } from '../stops/signals.ts';

/** ``ModLoad: 00007fff`f7a00000 00007fff`f7c2b7e0   /usr/lib/libm.so.6``. */
export function moduleLoadLine(
  module: { readonly start: bigint; readonly end: bigint; readonly path: string },
  pointerSize: 4 | 8,
): string {
  return `ModLoad: ${address(module.start, pointerSize)} ${address(module.end, pointerSize)}   ${module.path}`;
}

/** What stands before the registers of the initial break; `goesAtOnce`: nobody stops there, and nothing says so. */
export async function announceStart(
  state: DebuggerState,
  host: CommandHost,
  spec: TargetSpec,
  stop: Stop,
  goesAtOnce: boolean,
): Promise<void> {
  const print = (line: string): void => host.output('normal', `${line}\n`);
  print(headline(state, spec));
  for (const line of state.current.linux?.lines ?? []) print(line);
  print(`Symbol search path is: ${state.symbolPath.join(';') || '<empty>'}`);
  for (const module of await state.modules()) print(moduleLoadLine(module, state.pointerSize));
  const event = eventLine(state, spec, stop);
  if (!goesAtOnce) print(event);
}

function headline(state: DebuggerState, spec: TargetSpec): string {
  switch (spec.kind) {
    case 'stub':
      if (state.isKernel)
        return `Connected to ${spec.stub.connection}: ${kernelText(state)}\nKernel Debugger connection established.`;
      return `Connected to ${spec.stub.connection}: ${state.process?.executable ?? ''}`;
    case 'launch':
      return `CommandLine: ${[spec.program, ...spec.args].join(' ')}`;
    case 'attach':
      if (spec.child)
        return `Child process ${spec.pid} (0x${spec.pid.toString(16)}): ${state.process?.executable ?? ''}`;
      return `Attached to process ${spec.pid} (0x${spec.pid.toString(16)}): ${state.process?.executable ?? ''}`;
    case 'core':
      return `Loading Dump File [${spec.core}]`;
  }
}

/** `x86-64 kernel, 2 processors`. */
export function kernelText(state: DebuggerState): string {
  const machine = state.backend?.architecture || 'unknown machine';
  const count = state.threads.length;
  return `${machine} kernel, ${count} processor${count === 1 ? '' : 's'}`;
}

function eventLine(state: DebuggerState, spec: TargetSpec, stop: Stop): string {
  const thread = stop.thread ?? 0;
  if (spec.kind !== 'core' || !stop.signal) return breakInLine(state, thread);
  const { text, code } = describeSignal(stop.signal);
  const hex = code.toString(16).padStart(8, '0');
  return remember(state, thread, `${text} - code ${hex} (first/second chance not available)`);
}
