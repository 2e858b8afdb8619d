import type { EventStops, Stop } from '../backend/types.ts';
import { list, text } from './mi/values.ts';
import type { Engine } from './parts.ts';
import type { RawStop } from './stops.ts';

type Catch = 'fork' | 'vfork' | 'exec' | 'exit' | 'throw';

const COMMANDS: Readonly<Record<Catch, string>> = {
  fork: 'catch fork',
  vfork: 'catch vfork',
  exec: 'catch exec',
  exit: 'catch syscall exit_group',
  throw: 'catch throw',
};

const NONE: EventStops = {
  forks: false,
  execs: false,
  exits: false,
  throws: false,
  modules: false,
  silentSignals: [],
};

/** What GDB stops for beside breakpoints and signals. */
export class GdbEventStops {
  readonly #engine: Engine;
  /** GDB's numbers. */
  readonly #placed = new Map<Catch, number>();
  #wanted: EventStops = NONE;
  #silent: readonly string[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The target is to stop when modules come and go. */
  get modules(): boolean {
    return this.#wanted.modules;
  }

  async set(wanted: EventStops): Promise<void> {
    this.#wanted = wanted;
    await this.#place('fork', wanted.forks);
    await this.#place('vfork', wanted.forks);
    await this.#place('exec', wanted.execs);
    await this.#place('exit', wanted.exits);
    await this.#place('throw', wanted.throws);
    const { silentSignals } = wanted;
    for (const name of this.#silent.filter((each) => !silentSignals.includes(each)))
      await this.#engine.console(`handle ${name} stop print`);
    for (const name of silentSignals.filter((each) => !this.#silent.includes(each)))
      await this.#engine.console(`handle ${name} nostop noprint`);
    this.#silent = silentSignals;
  }

  async #place(what: Catch, wanted: boolean): Promise<void> {
    const placed = this.#placed.get(what);
    if (wanted === (placed !== undefined)) return;
    if (placed !== undefined) {
      this.#placed.delete(what);
      await this.#engine.send(`-break-delete ${placed}`);
      return;
    }
    this.#placed.set(
      what,
      await this.#engine.helper.call<number>('add_catchpoint', { command: COMMANDS[what] }),
    );
  }

  /** What a stop is where one of these made it; null: something else did. */
  describe(raw: RawStop): Pick<Stop, 'reason' | 'event'> | null {
    const { values } = raw;
    if (raw.reason === 'fork' || raw.reason === 'vfork') {
      const pid = Number(text(values, 'newpid'));
      return { reason: 'forked', event: { pid, shares: raw.reason === 'vfork' } };
    }
    if (raw.reason === 'exec') return { reason: 'exec', event: { path: text(values, 'new-exec') } };
    if (raw.reason === 'solib-event') {
      const paths = (name: string): readonly string[] =>
        list(values, name).flatMap((each) =>
          typeof each === 'string' ? [each] : Object.values(each).map(String),
        );
      return { reason: 'modules', event: { loaded: paths('added'), unloaded: paths('removed') } };
    }
    const number = Number(text(values, 'bkptno') || Number.NaN);
    if (number === this.#placed.get('exit')) return { reason: 'exiting', event: {} };
    if (number === this.#placed.get('throw')) return { reason: 'thrown', event: {} };
    return null;
  }
}
