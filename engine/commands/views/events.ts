import type { EventsView } from '../../protocol/views.ts';
import type { DebuggerState } from '../state.ts';

export async function eventsView(state: DebuggerState): Promise<EventsView> {
  return {
    events: state.filters.all().map(({ code, title, status, handled, pattern, first, second }) => ({
      code,
      title,
      status,
      handled,
      pattern,
      first: first?.text ?? '',
      second: second?.text ?? '',
    })),
  };
}
