import type { ComponentType, ReactNode } from 'react';
import type { WindowId } from '../../electron/ipc/contract.ts';
import { CommandWindow } from '../command-window/CommandWindow.tsx';
import { useStore } from '../lib/store.ts';
import { guiState } from '../state/gui.ts';
import { Breakpoints } from '../windows/Breakpoints.tsx';
import { CallStack } from '../windows/CallStack.tsx';
import { CommandHistory } from '../windows/CommandHistory.tsx';
import { Disassembly } from '../windows/Disassembly.tsx';
import { Events } from '../windows/Events.tsx';
import { Locals } from '../windows/Locals.tsx';
import { Memory } from '../windows/Memory.tsx';
import { Modules } from '../windows/Modules.tsx';
import { Registers } from '../windows/Registers.tsx';
import { ScratchPad } from '../windows/ScratchPad.tsx';
import { Source } from '../windows/Source.tsx';
import { TargetOutput } from '../windows/TargetOutput.tsx';
import { Threads } from '../windows/Threads.tsx';
import { Watch } from '../windows/Watch.tsx';

function Command(): ReactNode {
  return <CommandWindow live={useStore(guiState)?.mode === 'session'} />;
}

/** What each window shows. */
export const windowContent: Readonly<Record<WindowId, ComponentType<{ readonly instance: number }>>> = {
  command: Command,
  watch: Watch,
  locals: Locals,
  registers: Registers,
  memory: Memory,
  stack: CallStack,
  disassembly: Disassembly,
  scratch: ScratchPad,
  source: Source,
  threads: Threads,
  breakpoints: Breakpoints,
  modules: Modules,
  events: Events,
  targetOutput: TargetOutput,
  history: CommandHistory,
};
