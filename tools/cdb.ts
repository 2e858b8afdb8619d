import { toHawserError } from '../transports/errors/error.ts';
import {
  type DebuggerArguments,
  debuggerOptions,
  kernelOptions,
  parseDebuggerArguments,
} from './cli/debugger-options.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { queriedMachine, queryServers } from './cli/query-servers.ts';
import { type Reached, reachTarget } from './cli/smart-client.ts';
import type { Tool } from './cli/tool.ts';
import { hostSession } from './console/host.ts';
import { join } from './console/join.ts';

const options: readonly OptionSpec[] = [
  ...debuggerOptions,
  ...kernelOptions.filter(({ names }) => names.includes('secure')),
  {
    names: ['i'],
    value: 'FILE',
    help: 'with -premote gdb:…: the program, on this machine, that runs behind a stub which does\nnot tell it (valgrind, lldb-server, QEMU)',
  },
  { names: ['noio'], help: 'a server without a console: takes no input, prints nothing' },
];

/** The console debugger: debugs by itself, serves a session, or joins one. */
export const cdb: Tool = {
  name: 'cdb',
  summary: 'the console debugger: debug, be a debugging server, join a session',

  help: () => `hawser cdb: the console debugger

Usage:
  hawser cdb [-server CONNECTION] [OPTIONS] PROGRAM [ARGUMENTS]
  hawser cdb [-server CONNECTION] [OPTIONS] -p PID
  hawser cdb [-server CONNECTION] [OPTIONS] -z CORE [PROGRAM]
  hawser cdb [-server CONNECTION] [OPTIONS] -premote CONNECTION {PROGRAM [ARGUMENTS] | -p PID | -pn NAME | -cimp}
  hawser cdb -remote CONNECTION [OPTIONS]
  hawser cdb -QR \\\\MACHINE

-QR lists the servers of a machine that others may know of, and ends; the backslashes may be left out.

Options:
${optionLines(options)}

At its prompt .help lists the commands. Ctrl+C breaks in; on a client CTRL+B ENTER leaves. With standard
input not a terminal, commands are read from it line by line.`,

  async run(argv) {
    const machine = queriedMachine(argv);
    if (machine !== null) return queryServers(machine);
    const args = parseDebuggerArguments(argv, options);
    if (args.remote !== undefined) return join('hawser cdb', args, args.remote);
    const reached = await reach(args);
    if (typeof reached === 'number') return reached;
    try {
      return await hostSession('cdb', args, reached.target);
    } finally {
      await reached.stub?.close();
    }
  },
};

/** The target; or the exit status 2 where a bare stub makes the command line a wrong one. */
async function reach(args: DebuggerArguments): Promise<Reached | 2> {
  try {
    return await reachTarget(args);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, text } = toHawserError(error);
    if (!WRONG_COMMAND_LINE.has(code)) throw error;
    process.stderr.write(`${text}\n`);
    return 2;
  }
}

const WRONG_COMMAND_LINE = new Set(['STUB_NO_PROCESS', 'STUB_HAS_PROCESS']);
