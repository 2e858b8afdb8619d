import type { QueryOf, SourceView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';

export async function sourceView(
  state: DebuggerState,
  { file, known }: QueryOf<'source'>,
): Promise<SourceView> {
  const [frame] = (await state.target.frames(state.thread, state.frame + 1)).slice(state.frame);
  const here = frame?.source ?? null;
  const wanted = file === '' ? (here?.file ?? '') : file;
  const text = wanted === '' || wanted === known ? null : await state.target.sourceFile(wanted);
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
  };
}
