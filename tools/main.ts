import { AGENT_TOOL } from '../hub/agent/program.ts';
import { toHawserError } from '../transports/errors/error.ts';
import { connectionsHelp } from './cli/connections-help.ts';
import { UsageError } from './cli/options.ts';
import type { Tool } from './cli/tool.ts';
import { version } from './cli/version.ts';

/** Each is read when it is asked for: a gateway on a small machine has no use for the engine, nor a console for the hub. */
const tools: Readonly<Record<string, () => Promise<Tool>>> = {
  windbg: async () => (await import('./windbg.ts')).windbg,
  cdb: async () => (await import('./cdb.ts')).cdb,
  kd: async () => (await import('./kd.ts')).kd,
  dbgsrv: async () => (await import('./dbgsrv.ts')).dbgsrv,
  kdsrv: async () => (await import('./kdsrv.ts')).kdsrv,
  dbengprx: async () => (await import('./dbengprx.ts')).dbengprx,
  remote: async () => (await import('./remote.ts')).remote,
  certs: async () => (await import('./certs.ts')).certs,
  hub: async () => (await import('./hub.ts')).hub,
};

const HELP = /^(?:[-/\u2013]{1,2}(?:\?|h|help)|help)$/i;

/** The `hawser` command. @returns the exit status: 0 done, 1 failed, 2 the command line was wrong. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  // Started by programs of ours only: its standard streams are pipes to them, which it lets go of.
  if (name === AGENT_TOOL) return (await import('../hub/agent/main.ts')).runAgent();
  endWithReader();
  if (name === undefined || HELP.test(name)) return help(rest[0]);
  if (/^(?:[-/\u2013]{1,2}version|version)$/i.test(name)) {
    process.stdout.write(`hawser ${version}\n`);
    return 0;
  }
  const tool = await find(name);
  if (!tool) return usage(`There is no tool '${name}'.`, 'hawser help');
  if (rest[0] !== undefined && /^[-/\u2013]{1,2}(?:\?|help)$/i.test(rest[0])) return help(name);
  try {
    return await tool.run(rest);
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message, `hawser help ${tool.name}`);
    process.stderr.write(`${toHawserError(error).text}\n`);
    return 1;
  }
}

/** Nobody reads any more, as behind `| head`: whatever the tool does ends in good order, as at SIGTERM. */
function endWithReader(): void {
  const end = () => void process.kill(process.pid, 'SIGTERM');
  for (const stream of [process.stdout, process.stderr]) stream.on('error', end);
}

async function find(name: string): Promise<Tool | undefined> {
  const key = name.toLowerCase();
  return Object.hasOwn(tools, key) ? tools[key]?.() : undefined;
}

async function help(topic: string | undefined): Promise<number> {
  if (topic === undefined) {
    process.stdout.write(await overview());
    return 0;
  }
  if (/^connections?$/i.test(topic)) {
    process.stdout.write(connectionsHelp);
    return 0;
  }
  const tool = await find(topic);
  if (!tool) return usage(`There is no tool '${topic}'.`, 'hawser help');
  process.stdout.write(`${tool.help()}\n`);
  return 0;
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(tools).map((load) => load()));
  const lines = all.map((tool) => `  ${tool.name.padEnd(10)}${tool.summary}`);
  return `Hawser ${version}: a WinDbg-style remote debugger for Linux.

Usage: hawser TOOL [OPTIONS]

${lines.join('\n')}

  hawser help TOOL           explains a tool and its options
  hawser help connections    explains connection strings
  hawser version             prints the version

Options may begin with -, / or an en dash. For example, at the machine of the program:

  hawser cdb -server tcp:port=5005,password=SECRET ./program

and at yours:

  hawser windbg -remote tcp:server=HOST,port=5005
`;
}

function usage(problem: string, hint: string): number {
  process.stderr.write(`${problem}\nSee: ${hint}\n`);
  return 2;
}
