import { HawserError } from '../../transports/errors/error.ts';

/** The closed set of errors of hosted sessions' agents: one factory each. */
export const agentErrors = {
  debuggerNotFound: (location: string) =>
    new HawserError(
      'DEBUGGER_NOT_FOUND',
      location === '' ? 'No debugger was named.' : `The debugger '${location}' was not found.`,
      "Give cdb or kd for Hawser's own, the name of another (gdb), or the path of its program.",
      { location },
    ),
  debuggerUnusable: (location: string, why: string) =>
    new HawserError(
      'DEBUGGER_UNUSABLE',
      `The debugger '${location}' cannot be started: ${why}.`,
      'Give a console program that this user may run.',
      { location, why },
    ),
  notBuilt: (path: string) =>
    new HawserError(
      'AGENT_NOT_BUILT',
      `The agent, which runs the debugger of a hosted session, was not found (${path}).`,
      'Run npm start once: it builds it.',
      { path },
    ),
  notStarted: (why: string) =>
    new HawserError(
      'AGENT_NOT_STARTED',
      `The agent of the session could not be started: ${why}.`,
      'Try again; if it stays so, see its log.',
      { why },
    ),
  badHandOver: () =>
    new HawserError(
      'AGENT_HAND_OVER',
      'The agent was started without what it needs on standard input.',
      'It is started by Actions, Host Session in the window, not by hand.',
    ),
  noAgent: (id: string) =>
    new HawserError(
      'NO_SUCH_AGENT',
      `No agent of a hosted session called '${id}' runs here for this user.`,
      'hawser hub agents lists them.',
      { id },
    ),
  agentSilent: (id: string, why: string) =>
    new HawserError(
      'AGENT_SILENT',
      `The agent '${id}' does not answer: ${why}.`,
      'Wait and try again, or end its process; its session then shows as without an agent and can be terminated.',
      { id, why },
    ),
} as const;
