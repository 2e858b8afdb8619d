import type { Context } from '../../backend/types.ts';
import { engineErrors } from '../../errors.ts';
import type { GdbCore } from '../core.ts';

/** What GDB debugs, and what has to be so for a question about it. */
export class Guarded {
  protected readonly core: GdbCore;
  /** Path, where a core file is looked at. */
  protected coreFile: string | null = null;
  /** Path of the program, or its name; '' where neither is known. */
  protected program = '';
  protected hasLines = true;

  constructor(core: GdbCore) {
    this.core = core;
  }

  protected contextOf(context: Context): { thread: number; frame: number } {
    return { thread: this.core.gdbThread(context.thread), frame: context.frame };
  }

  protected needStopped(): void {
    if (this.core.runner.running) throw engineErrors.targetRunning();
  }

  protected needTarget(): void {
    this.needStopped();
    if (this.core.kind === 'none') throw engineErrors.noTarget();
  }

  protected needRunnable(): void {
    this.needTarget();
    if (this.core.kind === 'core') throw engineErrors.coreCannotRun();
  }

  protected needChangeable(what: string): void {
    this.needTarget();
    if (this.core.kind === 'core') throw engineErrors.coreCannotChange(what);
  }
}
