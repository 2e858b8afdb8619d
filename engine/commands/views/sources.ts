import type { QueryOf, SourcesView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';

export async function sourcesView(
  state: DebuggerState,
  { filter, limit }: QueryOf<'sources'>,
): Promise<SourcesView> {
  const files = await state.target.sourceNames(filter, limit + 1);
  return { files: files.slice(0, limit), more: files.length > limit };
}
