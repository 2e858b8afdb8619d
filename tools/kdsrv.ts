import { KdServer } from '../engine/kernel/wire/server/kd-server.ts';
import { type OptionSpec, optionLines, parseOptions, UsageError } from './cli/options.ts';
import { givenPassword } from './cli/password.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';

const options: readonly OptionSpec[] = [
  {
    names: ['t'],
    value: 'CONNECTION',
    help: 'how clients reach it: tcp:port=PORT[,password=…][,hidden], npipe:, com:, ssl:, spipe:\n(see hawser help connections)',
  },
  { names: ['idle'], value: 'MINUTES', help: 'ends by itself when nobody was connected for so long' },
  {
    names: ['resume'],
    value: 'SECONDS',
    help: 'how long a client whose link was lost may come back (300; 0: not at all)',
  },
  {
    names: ['passwordfile'],
    value: 'FILE',
    help: 'the first line of FILE is the password, instead of password= in the string\n(the variable HAWSER_PASSWORD does the same)',
  },
];

/** The KD connection server: holds the wires that lead from its machine to kernels. */
export const kdsrv: Tool = {
  name: 'kdsrv',
  summary: 'the KD connection server: lends the wires of this machine that lead to kernels',

  help: () => `hawser kdsrv: the KD connection server, for kernel debuggers elsewhere (-k kdsrv:…)

Usage:
  hawser kdsrv -t CONNECTION [OPTIONS]

Options:
${optionLines(options)}

It opens the wire that a client names in trans=@{…} and relays what goes over it; it needs no symbols and knows no
kernel. A wire has one user at a time. What the client leaves out comes from this machine's environment: _NT_DEBUG_PORT
and _NT_DEBUG_BAUD_RATE. When a client has gone for good, the kernel that it halted is let go and runs on. The server
goes on until .endpsrv at a client, Ctrl+C or SIGTERM.

  hawser kdsrv -t tcp:port=5005,password=SECRET
  hawser kd -k kdsrv:server=@{tcp:server=HOST,port=5005},trans=@{com:port=/dev/ttyUSB0,baud=115200}

The wires: com:port=DEVICE,baud=RATE (KGDB on a serial line), com:pipe,port=PATH (a virtual machine's serial port),
gdb:server=HOST,port=PORT (the stub of QEMU, VMware, OpenOCD, …). See hawser help kd.`,

  async run(argv) {
    const { values, rest } = parseOptions(argv, options);
    const connection = values.get('t');
    if (rest.length > 0) throw new UsageError(`'${rest[0]}' is no option.`);
    if (connection === undefined) throw new UsageError('Give -t: how clients reach the server.');
    const idle = count('idle', values.get('idle'), 1);
    const resumeWindow = count('resume', values.get('resume'), 0);
    const server = await KdServer.start({
      connection,
      password: await givenPassword(values.get('passwordfile')),
      version,
      variables: process.env,
      ...(idle !== undefined && { idle: idle * 60_000 }),
      ...(resumeWindow !== undefined && { resumeWindow: resumeWindow * 1000 }),
      notice: (kind, text) => {
        if (kind === 'warning' || !text.startsWith('Refused')) process.stderr.write(text);
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void server.close());
    process.stdout.write(
      `Server started.  Client can connect with any of these command lines\n0: <debugger> -k kdsrv:server=@{${server.connection}},trans=@{ConnectType}\n`,
    );
    await server.ended;
    return 0;
  },
};

function count(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  // A timer of the system takes no more than 24 days.
  const value = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (value < least || value > 30_000)
    throw new UsageError(`-${name} takes a number from ${least} to 30000, not '${text}'.`);
  return value;
}
