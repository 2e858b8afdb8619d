import type { ModulesView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';
import { travelling } from './text.ts';

export async function modulesView(state: DebuggerState): Promise<ModulesView> {
  const modules = await state.modules();
  return {
    modules: modules.map(({ name, start, end, path, buildId, symbols, symbolFile }) => ({
      name,
      start: travelling(start),
      end: travelling(end),
      path,
      buildId,
      symbols,
      symbolFile,
    })),
  };
}
