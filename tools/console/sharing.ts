import { hostname, userInfo } from 'node:os';
import { shareConsole } from '../../engine/shared-console/listen.ts';
import { SharedConsole } from '../../engine/shared-console/shared-console.ts';
import { banner, toConnect } from '../../engine/shared-console/words.ts';
import { version } from '../cli/version.ts';

export interface SharingHooks {
  /** The debugger, as `/q` lists it. */
  readonly command: string;
  /** What others typed and who came, for this console. */
  readonly show: (text: string) => void;
  /** A line for the debugger, whoever typed it. */
  readonly run: (line: string) => void;
  /** `@K`. */
  readonly ended: () => void;
}

/** `.remote NAME`: a debugger's console shared as a Remote.exe server. */
export interface ConsoleSharing {
  /** What the console shows. */
  output(text: string): void;
  /** What is typed at the console itself; it goes on to `run`, or is a session command. */
  typed(line: string): void;
  /** Disconnects everybody. */
  end(): Promise<void>;
}

/** @throws HawserError when the name cannot be taken */
export async function startSharing(name: string, hooks: SharingHooks): Promise<ConsoleSharing> {
  const shared: SharedConsole = new SharedConsole({
    name,
    command: hooks.command,
    user: userInfo().username,
    toProgram: hooks.run,
    show: hooks.show,
    popUp: () => void process.stdout.write('\x07'),
    end: hooks.ended,
  });
  const sharing = await shareConsole({
    name,
    command: hooks.command,
    version,
    console: shared,
    allowed: [],
    denied: [],
    visible: true,
    certificate: null,
    password: undefined,
    trouble: (text) => void process.stderr.write(`${text}\n`),
  });
  hooks.show(`${banner('SERVER')}${toConnect(hostname(), name)}`);
  return {
    output: (text) => shared.print(text),
    typed: (line) => shared.typeHere(line),
    end: async () => {
      await shared.end();
      await sharing.close();
    },
  };
}
