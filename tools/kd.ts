import { connectKernel } from '../engine/kernel/wire/connect.ts';
import { parseWire } from '../engine/kernel/wire/wire-string.ts';
import type { Stub } from '../engine/stub/stub.ts';
import { caretLine, problemOf } from '../transports/connection-string.ts';
import { connectionErrors } from '../transports/errors/connection-errors.ts';
import { toHawserError } from '../transports/errors/error.ts';
import {
  type DebuggerArguments,
  debuggerOptions,
  kernelOptions,
  parseDebuggerArguments,
} from './cli/debugger-options.ts';
import { type OptionSpec, optionLines, UsageError } from './cli/options.ts';
import { askPassword, givenPassword } from './cli/password.ts';
import { queriedMachine, queryServers } from './cli/query-servers.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';
import { hostSession } from './console/host.ts';
import { join } from './console/join.ts';

/** Of cdb's those that are not for processes. */
const SHARED = new Set(
  'server remote c cf ee y srcpath lsrcpath clines resume bonc passwordfile g pd'.split(' '),
);
const options: readonly OptionSpec[] = [
  ...kernelOptions,
  ...debuggerOptions.filter(({ names: [name = ''] }) => SHARED.has(name)),
  { names: ['i'], value: 'FILE', help: 'the image of the kernel (vmlinux), with its symbols' },
  { names: ['noio'], help: 'a server without a console: takes no input, prints nothing' },
];

/** The kernel debugger's console: debugs by a wire, serves such a session, or joins one. */
export const kd: Tool = {
  name: 'kd',
  summary: 'the kernel debugger: debug a kernel by a wire, be a debugging server, join a session',

  help: () => `hawser kd: the kernel debugger

Usage:
  hawser kd [-server CONNECTION] [OPTIONS] -k WIRE
  hawser kd -remote CONNECTION [OPTIONS]
  hawser kd -QR \\\\MACHINE

The wires, each with a stub of GDB's remote protocol at its other end:
  gdb:server=HOST,port=PORT               QEMU (-s, -gdb tcp::PORT), VMware, OpenOCD, …
  com:port=/dev/ttyUSB0,baud=115200       KGDB on a serial line; Break is the line's own break, with SysRq-g
  com:pipe,port=PATH[,resets=0][,reconnect]
                                          a virtual machine's serial port: a Unix socket, or PATH.in and PATH.out;
                                          resets: how often a silent target is asked again (0: until it answers),
                                          reconnect: a pipe that is not there, or goes, is waited for
  kdsrv:server=@{CONNECTION},trans=@{WIRE}
                                          one of these at another machine, lent by hawser kdsrv there

What com: leaves out comes from _NT_DEBUG_PORT and _NT_DEBUG_BAUD_RATE of the machine that has the wire.

Options:
${optionLines(options)}

At its prompt (0: kd>, with the processor) .help lists the commands: ~1 switches to processor 1. The kernel stands when
its stub is reached. Ctrl+C breaks in; q and qd let it run on. On a client CTRL+B ENTER leaves.

  hawser kd -k gdb:server=localhost,port=1234 -i vmlinux
  hawser kd -server tcp:port=5005 -k com:port=/dev/ttyUSB0,baud=115200
  hawser kd -remote tcp:Port=5005,Server=HOST`,

  async run(argv) {
    const machine = queriedMachine(argv);
    if (machine !== null) return queryServers(machine);
    const args = parseDebuggerArguments(argv, options);
    if (args.remote !== undefined) return join('hawser kd', args, args.remote);
    const wire = args.kernel ?? (process.env._NT_DEBUG_PORT ? 'com:' : undefined);
    if (wire === undefined)
      throw new UsageError('Nothing to debug: name the wire with -k, or join a session with -remote.');
    checkWire(wire);
    const stub = await reach(wire, args);
    try {
      const { image } = args;
      return await hostSession('kd', args, { kind: 'stub', stub, ...(image !== undefined && { image }) });
    } finally {
      await stub.close();
    }
  },
};

/** What is wrong with the string is a wrong command line. @throws UsageError */
export function checkWire(wire: string): void {
  try {
    parseWire(wire, { backslashes: 'strip' });
  } catch (thrown) {
    const error = toHawserError(thrown);
    const problem = problemOf(error);
    if (!problem) throw thrown;
    throw new UsageError(
      error.code === 'UNSUPPORTED_WIRE' ? error.message : `${error.text}\n${wire}\n${caretLine(problem)}`,
    );
  }
}

/** Ctrl+C gives up. */
async function reach(wire: string, { passwordFile }: DebuggerArguments): Promise<Stub> {
  const password = await givenPassword(passwordFile);
  const cancel = new AbortController();
  const interrupted = () => cancel.abort(connectionErrors.cancelled());
  process.once('SIGINT', interrupted);
  try {
    return await connectKernel(wire, {
      program: 'hawser kd',
      version,
      signal: cancel.signal,
      getPassword: async (signal) => password ?? askPassword(signal),
      notice: (text) => void process.stderr.write(`${text}\n`),
      backslashes: 'strip',
    });
  } finally {
    process.off('SIGINT', interrupted);
  }
}
