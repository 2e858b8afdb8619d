import { Shape } from './layouts.ts';
import { Mappings, type UserMapping } from './mappings.ts';
import { PathReader } from './paths.ts';
import { type LinuxTarget, readBytes, readWord } from './target.ts';
import type { Task } from './tasks.ts';

/** What a task runs, as the kernel has it. */
export interface Program {
  /** By their addresses; the vdso is `[vdso]`. */
  readonly mappings: readonly UserMapping[];
  /** Path on the target; '': not known. */
  readonly executable: string;
  /** What the kernel told it at its start, as `/proc/PID/auxv` has it; empty: not known. */
  readonly auxiliary: Uint8Array;
}

/** More than any kernel's `saved_auxv`. */
const AUXILIARY = 64 * 16;
const AT_NULL = 0n;
const AT_SYSINFO_EHDR = 33n;

/** Null: it is a thread of the kernel, or the kernel's types are not known. */
export async function readProgram(target: LinuxTarget, task: Task): Promise<Program | null> {
  const reader = await Mappings.of(target);
  if (task.mm === 0n || reader === null) return null;
  const { layouts, memory } = target;
  const shape = await Shape.of(layouts, 'mm_struct', { file: 'exe_file', auxiliary: 'saved_auxv' });
  const file = shape.has('file') ? await readWord(memory, task.mm + BigInt(shape.at('file'))) : null;
  const { words, vdso } = shape.has('auxiliary')
    ? await readAuxiliary(target, task.mm + BigInt(shape.at('auxiliary')))
    : { words: new Uint8Array(0), vdso: null };
  const mappings = await reader.all(task);
  return {
    mappings: mappings.map((one) => (one.start === vdso ? { ...one, path: '[vdso]' } : one)),
    executable: file === null ? '' : await new PathReader(target).of(file),
    auxiliary: words,
  };
}

async function readAuxiliary(
  { memory }: LinuxTarget,
  at: bigint,
): Promise<{ readonly words: Uint8Array; readonly vdso: bigint | null }> {
  const bytes = await readBytes(memory, at, AUXILIARY);
  if (!bytes) return { words: new Uint8Array(0), vdso: null };
  let vdso: bigint | null = null;
  for (let entry = 0; entry < AUXILIARY; entry += 16) {
    const kind = bytes.u64(entry);
    if (kind === AT_SYSINFO_EHDR) vdso = bytes.u64(entry + 8);
    if (kind === AT_NULL) return { words: bytes.data.subarray(0, entry + 16), vdso };
  }
  return { words: new Uint8Array(0), vdso: null };
}
