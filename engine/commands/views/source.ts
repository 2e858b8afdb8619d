import type { QueryOf, SourceView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';

export async function sourceView(
  state: DebuggerState,
  { file, known, threads }: QueryOf<'source'>,
): Promise<SourceView> {
  const [frame] = (await state.target.frames(state.thread, state.frame + 1)).slice(state.frame);
  const here = frame?.source ?? null;
  const wanted = file === '' ? (here?.file ?? '') : file;
  const asks = wanted !== '' && wanted !== known;
  const text =
    asks && (await isSource(state, wanted, here?.file)) ? await state.target.sourceFile(wanted) : null;
  const placed = state.breakpoints.all().flatMap(({ id, enabled, info }) => {
    const source = info?.source;
    return source?.file === wanted ? [{ id, enabled, line: source.line }] : [];
  });
  return {
    file: wanted,
    line: here?.file === wanted ? here.line : null,
    innermost: state.frame === 0,
    text,
    readable: wanted !== '' && (wanted === known || text !== null),
    breakpoints: placed,
    ...(threads === true && wanted !== '' && { threads: await threadsIn(state, wanted) }),
  };
}

const sources = new WeakMap<DebuggerState, Set<string>>();

/** Whoever looks on can ask for files: those that debug information names, and no others of this machine. */
async function isSource(state: DebuggerState, file: string, here: string | undefined): Promise<boolean> {
  const known = sources.get(state) ?? new Set();
  sources.set(state, known);
  if (file === here || known.has(file)) return true;
  if (!(await state.target.sourceNames(file, 100)).includes(file)) return false;
  known.add(file);
  return true;
}

/** Beyond these many it is not told where they all are: it would hold up every step. */
const MOST_THREADS = 200;
/** A thread that waits does so in a library, some calls away from its own code. */
const DEPTH = 6;

/** The other threads whose calls lead through the file, at the innermost of those. */
async function threadsIn(state: DebuggerState, file: string): Promise<NonNullable<SourceView['threads']>> {
  if (state.isKernel) return [];
  const others = (await state.refreshThreads()).filter(({ index }) => index !== state.thread);
  if (others.length === 0 || others.length > MOST_THREADS) return [];
  const stacks = await state.target.stacks(
    others.map(({ index }) => index),
    DEPTH,
  );
  return stacks.flatMap((frames, at) => {
    const index = others[at]?.index;
    const source = frames.find((frame) => frame.source?.file === file)?.source;
    return index !== undefined && source ? [{ index, line: source.line }] : [];
  });
}
