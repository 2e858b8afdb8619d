import { engineErrors } from '../../errors.ts';
import { writePart } from '../../expressions/registers.ts';
import { pseudoRegister } from '../pseudo.ts';
import type { DebuggerState } from '../state.ts';
import { registerName, registerPart } from './parts.ts';

export function currentRegister(state: DebuggerState, role: 'ip' | 'sp'): Promise<bigint | null> {
  return pseudoRegister(state, role === 'ip' ? '$ip' : '$csp');
}

export async function setInstructionPointer(state: DebuggerState, value: bigint): Promise<void> {
  await writeRegister(state, state.isX64 ? 'rip' : 'pc', value, 0);
}

/** Sets a register, a part of one, a flag, or a pseudo-register. `at`: where its name stands in the line. */
export async function writeRegister(
  state: DebuggerState,
  name: string,
  value: bigint,
  at: number,
): Promise<void> {
  const temporary = /^\$t(\d{1,2})$/.exec(name)?.[1];
  if (temporary !== undefined && Number(temporary) < state.temporaries.length) {
    state.temporaries[Number(temporary)] = value;
    state.temporaryTypes[Number(temporary)] = null;
    return;
  }
  if (name === '$ip') return setInstructionPointer(state, value);
  const { target } = state;
  if (state.kind === 'core') throw engineErrors.coreCannotChange(`its registers are as they were (${name})`);
  const context = state.registerContext;
  const part = registerPart(state, name);
  const full = (await registerName(state, name)) ?? name;
  const before = (await target.registers(context, [full])).get(full);
  if (before === undefined) throw engineErrors.badArgument(`Bad register error at '${name}'`, at);
  await target.writeRegister(context, full, part ? writePart(part, before, value) : value);
  state.codeCursor = null;
}
