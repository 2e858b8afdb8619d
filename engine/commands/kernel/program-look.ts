import type { Backend } from '../../backend/backend.ts';
import type { Frame, StackDetails } from '../../backend/types.ts';
import type { Task } from '../../kernel/linux/tasks.ts';

export interface ProgramStack {
  readonly frames: readonly Frame[];
  /** Index of the first frame that was found by frame pointers alone; null: all are sure. */
  readonly guessedFrom: number | null;
  /** Files that were not found: path and build id. */
  readonly missing: readonly (readonly [path: string, buildId: string | null])[];
  /** Path of the file that does not say how the last frame's code is unwound; null: the stack ends there, or goes on. */
  readonly lostIn: string | null;
}

/** The program of a kernel's task, as it is looked at. */
export interface ProgramLook {
  /** Of the process, by its mm_struct: threads share it. */
  readonly mm: bigint;
  /** Which knows its files, types and memory. */
  readonly backend: Backend;
  /** Of one of its threads, in the program alone; innermost first. */
  stack(task: Task, limit: number, details: StackDetails): Promise<ProgramStack>;
  dispose(): Promise<void>;
}
