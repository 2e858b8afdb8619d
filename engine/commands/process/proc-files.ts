import { engineErrors } from '../../errors.ts';
import type { LookedAt } from '../../machine/look.ts';
import type { DebuggerState } from '../state.ts';
import { thisMachine } from '../systems/this-machine.ts';

/** The machine that the current target runs on. */
export const machineOf = ({ current }: DebuggerState) => current.stub?.machine ?? thisMachine();

/**
 * Files of /proc/PID of the current process, by name (`stat`, `fd/3`), and others by their whole path; `*` stands for all numbers. All
 * of them in one round trip. `what`: in words, for errors.
 * @throws HawserError `UNSUPPORTED` for what is no living process
 */
export async function procFiles(
  state: DebuggerState,
  what: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, LookedAt>> {
  expectLive(state, what);
  const folder = `/proc/${state.process?.pid ?? 0}/`;
  const seen = await machineOf(state).look(
    names.map((name) => (name.startsWith('/') ? name : `${folder}${name}`)),
  );
  return new Map(
    seen.map((file) => [file.path.startsWith(folder) ? file.path.slice(folder.length) : file.path, file]),
  );
}

/** @throws HawserError `UNSUPPORTED` */
export function expectUser(state: DebuggerState, what: string): void {
  if (state.isKernel)
    throw engineErrors.unsupported(what, 'this is a kernel', '!process shows its processes.');
}

/** @throws HawserError `UNSUPPORTED` */
export function expectLive(state: DebuggerState, what: string): void {
  expectUser(state, what);
  if (state.kind === 'core')
    throw engineErrors.unsupported(
      what,
      'a core file holds memory and registers of its process, and nothing that the kernel kept for it',
      'Look at it while the process lives.',
    );
}

export function textOf(file: LookedAt | undefined): string {
  return file?.bytes?.toString('utf8') ?? '';
}
