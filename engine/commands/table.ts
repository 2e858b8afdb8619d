import type { CommandEntry } from './entry.ts';
import { evaluateCommands } from './families/evaluate.ts';
import { goCommands } from './families/go.ts';
import { outputCommands } from './families/output.ts';
import { registerCommands } from './families/registers.ts';
import { stackCommands } from './families/stack.ts';
import { stepCommands } from './families/step.ts';

/** Every command there is. `.help`, completion and the command reference come from here. */
export const commandTable: readonly CommandEntry[] = [
  ...goCommands,
  ...stepCommands,
  ...stackCommands,
  ...registerCommands,
  ...evaluateCommands,
  ...outputCommands,
];
