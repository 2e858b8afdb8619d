import { debuggerOptions, parseDebuggerArguments } from './cli/debugger-options.ts';
import { optionLines, UsageError } from './cli/options.ts';
import { queriedMachine, queryServers } from './cli/query-servers.ts';
import type { Tool } from './cli/tool.ts';
import { join } from './console/join.ts';

const CLIENT = new Set(['remote', 'c', 'lsrcpath', 'bonc', 'passwordfile']);
const options = debuggerOptions.filter(({ names: [name = ''] }) => CLIENT.has(name));

/** The kernel debugger's console; kernels themselves are not in this version. */
export const kd: Tool = {
  name: 'kd',
  summary: 'the kernel debugger: in this version it joins sessions and lists servers',

  help: () => `hawser kd: the kernel debugger

Usage:
  hawser kd -remote CONNECTION [OPTIONS]
  hawser kd -QR \\\\MACHINE

This version debugs no kernels itself yet: it joins a session that runs elsewhere, and lists the servers of a machine.

Options:
${optionLines(options)}`,

  async run(argv) {
    const machine = queriedMachine(argv);
    if (machine !== null) return queryServers(machine);
    const args = parseDebuggerArguments(argv, options);
    if (args.remote === undefined) {
      throw new UsageError(
        'This version debugs no kernels itself: join a session with -remote, or list servers with -QR.',
      );
    }
    return join('hawser kd', args, args.remote);
  },
};
