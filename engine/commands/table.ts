import type { CommandEntry } from './entry.ts';
import { breakpointCommands } from './families/breakpoints.ts';
import { codeCommands } from './families/code.ts';
import { evaluateCommands } from './families/evaluate.ts';
import { goCommands } from './families/go.ts';
import { localCommands } from './families/locals.ts';
import { logCommands } from './families/log.ts';
import { memoryCommands } from './families/memory.ts';
import { outputCommands } from './families/output.ts';
import { pathCommands } from './families/paths.ts';
import { quitCommands } from './families/quit.ts';
import { registerCommands } from './families/registers.ts';
import { sessionCommands } from './families/session.ts';
import { stackCommands } from './families/stack.ts';
import { stepCommands } from './families/step.ts';
import { symbolCommands } from './families/symbols.ts';
import { targetCommands } from './families/target.ts';
import { threadCommands } from './families/threads.ts';

/** Every command there is. `.help`, completion and the command reference come from here. */
export const commandTable: readonly CommandEntry[] = [
  ...goCommands,
  ...stepCommands,
  ...breakpointCommands,
  ...threadCommands,
  ...stackCommands,
  ...localCommands,
  ...registerCommands,
  ...codeCommands,
  ...memoryCommands,
  ...symbolCommands,
  ...pathCommands,
  ...targetCommands,
  ...sessionCommands,
  ...quitCommands,
  ...evaluateCommands,
  ...outputCommands,
  ...logCommands,
];

/** Commands that a front handles itself and never sends to the session. */
export const frontCommands: readonly string[] = commandTable
  .filter((entry) => entry.front)
  .flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
