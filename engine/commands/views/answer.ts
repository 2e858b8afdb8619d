import { HawserError, toHawserError } from '../../../transports/errors/error.ts';
import { engineErrors } from '../../errors.ts';
import type {
  QueryOf,
  ViewAnswer,
  ViewName,
  ViewQuery,
  ViewResults,
  ViewsResult,
} from '../../protocol/views.ts';
import type { Caller } from '../host.ts';
import { lookedUpValue, masmValue } from '../scope.ts';
import type { DebuggerState } from '../state.ts';
import type { System } from '../system.ts';
import { breakpointsView } from './breakpoints.ts';
import { disassemblyView } from './disassembly.ts';
import type { Evaluate } from './evaluate.ts';
import { eventsView } from './events.ts';
import { memoryView } from './memory.ts';
import { modulesView } from './modules.ts';
import { registersView } from './registers.ts';
import { sourceView } from './source.ts';
import { sourcesView } from './sources.ts';
import { stackView } from './stack.ts';
import { threadsView } from './threads.ts';
import { localsView, watchView } from './variables.ts';

type Answers = {
  readonly [N in ViewName]: (
    state: DebuggerState,
    query: QueryOf<N>,
    evaluate: Evaluate,
  ) => Promise<ViewResults[N]>;
};

const views: Answers = {
  registers: registersView,
  stack: stackView,
  locals: localsView,
  watch: watchView,
  disassembly: disassemblyView,
  memory: memoryView,
  threads: threadsView,
  breakpoints: breakpointsView,
  modules: modulesView,
  paths: async ({ symbolPath, sourcePath }) => ({ symbols: symbolPath, sources: sourcePath }),
  source: sourceView,
  sources: sourcesView,
  events: eventsView,
};

/**
 * Answers what windows ask for, one after the other; nothing of it is shown to anybody else, and nothing runs.
 * @param stale whether somebody waits to give a command: what has not been answered by then is left
 */
export async function answerViews(
  state: DebuggerState,
  queries: readonly ViewQuery[],
  caller: Caller,
  stale: () => boolean,
): Promise<ViewsResult> {
  const nothing = (status: ViewsResult['status']): ViewsResult => ({
    status,
    run: 0,
    context: '',
    answers: [],
  });
  if (state.kind === 'none') return nothing('noTarget');
  const answers: ViewAnswer[] = [];
  for (const query of queries) {
    if (state.running) return nothing('running');
    if (stale()) return nothing('stale');
    answers.push(await answer(state, query, caller));
  }
  const { current, thread, frame } = state;
  return { status: 'answered', run: runOf(current), context: `${current.index}.${thread}.${frame}`, answers };
}

const runs = new WeakMap<object, number>();
let lastRun = 0;

/** A number for the run that the system has behind it. */
function runOf({ run }: System): number {
  if (!run) return 0;
  const known = runs.get(run) ?? ++lastRun;
  runs.set(run, known);
  return known;
}

async function answer(state: DebuggerState, query: ViewQuery, caller: Caller): Promise<ViewAnswer> {
  try {
    const viewer = caller.role === 'viewer';
    // An expression may assign.
    if (query.view === 'watch' && viewer) throw engineErrors.viewerOnly();
    return { ok: true, value: await one(state, query, viewer ? lookedUpValue : masmValue) };
  } catch (thrown) {
    const error = toHawserError(thrown);
    // A break-in is for all that is under way.
    if (error instanceof HawserError && error.code === 'INTERRUPTED') throw error;
    return { ok: false, error: error.toWire() };
  }
}

function one<N extends ViewName>(
  state: DebuggerState,
  query: QueryOf<N>,
  evaluate: Evaluate,
): Promise<ViewResults[N]> {
  return views[query.view as N](state, query, evaluate);
}
