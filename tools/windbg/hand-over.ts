import type { DebuggerArguments } from '../cli/debugger-options.ts';

/**
 * The environment of the GUI. What it is to do goes there and never on its command line, which everybody on
 * the machine can read and which may hold a password; the GUI takes it out again at once.
 */
export function guiEnvironment(
  args: DebuggerArguments,
  password: string | undefined,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { HAWSER_ELECTRON: _own, HAWSER_PASSWORD: _old, ELECTRON_RUN_AS_NODE: _node, ...rest } = env;
  const request = {
    remote: args.remote ?? null,
    ...(args.premote !== undefined && { premote: args.premote, implicit: args.implicit }),
    ...(args.processName !== undefined && { processName: args.processName }),
    ...(args.kernel !== undefined && { kernel: args.kernel }),
    ...(args.image !== undefined && { image: args.image }),
    ...(args.secure && { secure: true }),
    server: args.server ?? null,
    target: args.target,
    start: args.start,
    historyCommands: args.historyCommands ?? null,
    resumeWindow: args.resumeWindow ?? null,
  };
  return {
    ...rest,
    HAWSER_ARGV: JSON.stringify(request),
    ...(password !== undefined && { HAWSER_PASSWORD: password }),
  };
}
