import type { RecentEntry } from '../ipc/contract.ts';
import type { Debugging } from './session/debugging.ts';
import type { LocalStart } from './session/local.ts';
import { withoutPassword } from './session/remote.ts';
import { joinArguments, splitArguments } from './session/split-arguments.ts';
import { defaultStart } from './session/start-request.ts';
import type { RecentStore } from './stores/recent.ts';

/** The ways into a session; what succeeded is remembered. */
export class StartActions {
  readonly #debugging: Debugging;
  readonly #recent: RecentStore;

  constructor(debugging: Debugging, recent: RecentStore) {
    this.#debugging = debugging;
    this.#recent = recent;
  }

  async remote(
    connection: string,
    password: string | undefined,
    backslashes: 'strip' | 'refuse',
  ): Promise<void> {
    const request = { connection, password: password || undefined };
    await this.#debugging.connectRemote(request, backslashes);
    this.#remember('remote', withoutPassword(connection, backslashes));
  }

  /** The connection as it may be shown; as it is, less anything after `password=`, when it cannot be read. */
  shown(connection: string): string {
    try {
      return withoutPassword(connection, 'strip');
    } catch {
      return connection.replace(/,?\s*password\s*=.*$/is, '');
    }
  }

  async local(start: LocalStart): Promise<void> {
    await this.#debugging.openLocal(start);
    const { target } = start;
    if (target.kind === 'core') this.#remember('core', target.core);
    if (target.kind === 'launch') this.#remember('executable', target.program, joinArguments(target.args));
  }

  executable(program: string, args: string, cwd: string | undefined): Promise<void> {
    const target = { kind: 'launch', program, args: splitArguments(args), ...(cwd && { cwd }) } as const;
    return this.local({ target, options: defaultStart });
  }

  attach(pid: number, noninvasive: boolean): Promise<void> {
    return this.local({
      target: { kind: 'attach', pid, noninvasive, noBreak: false },
      options: defaultStart,
    });
  }

  core(core: string, program: string | undefined): Promise<void> {
    return this.local({ target: { kind: 'core', core, ...(program && { program }) }, options: defaultStart });
  }

  recent(entry: RecentEntry): Promise<void> {
    return entry.kind === 'core'
      ? this.core(entry.text, undefined)
      : this.executable(entry.text, entry.args, undefined);
  }

  #remember(kind: RecentEntry['kind'], text: string, args = ''): void {
    this.#recent.add({ kind, text, args, lastUsed: Date.now() });
  }
}
