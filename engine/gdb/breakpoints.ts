import type { HawserError } from '../../transports/errors/error.ts';
import type { BackendEvent, BreakpointInfo, BreakpointSpec } from '../backend/types.ts';
import { engineErrors } from '../errors.ts';
import type { MiTuple, MiValue } from './mi/parser.ts';
import { quote } from './mi/quote.ts';
import { address, asTuple, list, text, tuple } from './mi/values.ts';
import type { Engine } from './parts.ts';
import type { RawStop } from './stops.ts';
import type { Modules } from './symbols/modules.ts';

interface Entry {
  readonly number: number;
  readonly spec: BreakpointSpec;
  /** GDB's number; null while Hawser's helper waits for the module. */
  gdb: number | null;
  info: BreakpointInfo;
  enabled: boolean;
}

/** GDB's own breakpoints, as for the end of a function, have numbers of 0 or less. */
const NOT_INSERTED = /(?:Cannot|Could not) insert (?:hardware )?(?:breakpoint|watchpoint) (-?\d+)/g;
const TOO_MANY_HARDWARE = /too many hardware|Could not insert hardware|Cannot insert hardware/i;

const SIZES: Readonly<Record<number, string>> = {
  1: 'unsigned char',
  2: 'unsigned short',
  4: 'unsigned int',
  8: 'unsigned long long',
};

export interface BreakpointsHost {
  emit(event: BackendEvent): void;
  /** Does what changes GDB's breakpoints. */
  change<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Breakpoints under numbers of our own: one on a symbol of a module not loaded yet has none in GDB, because
 * GDB's own pending ones would stop behind the function's prologue.
 */
export class Breakpoints {
  readonly #engine: Engine;
  readonly #modules: Modules;
  readonly #host: BreakpointsHost;
  readonly #entries = new Map<number, Entry>();
  /** Breakpoints that the helper is about to insert, by address. */
  readonly #resolved = new Map<bigint, number[]>();
  #next = 1;

  constructor(engine: Engine, modules: Modules, host: BreakpointsHost) {
    this.#engine = engine;
    this.#modules = modules;
    this.#host = host;
  }

  all(): readonly BreakpointInfo[] {
    return [...this.#entries.values()].map((entry) => entry.info);
  }

  /** Some watch memory: GDB may have to look after every step. */
  get watching(): boolean {
    return [...this.#entries.values()].some(({ spec }) => spec.where.kind === 'data');
  }

  /** Some wait for modules that are not there yet. */
  get waiting(): boolean {
    return [...this.#entries.values()].some(({ gdb, enabled }) => gdb === null && enabled);
  }

  insert(spec: BreakpointSpec): Promise<BreakpointInfo> {
    return this.#host.change(() => this.#insert(spec));
  }

  async #insert(spec: BreakpointSpec): Promise<BreakpointInfo> {
    const number = this.#next;
    const entry = (await this.#insertNow(number, spec)) ?? this.#waitingEntry(number, spec);
    await this.#follow(entry);
    this.#next += 1;
    this.#entries.set(number, entry);
    return entry.info;
  }

  delete(number: number): Promise<void> {
    return this.#host.change(() => this.#delete(number));
  }

  async #delete(number: number): Promise<void> {
    const entry = this.#entry(number);
    await this.#takeOut(entry);
    this.#entries.delete(number);
  }

  enable(number: number, enabled: boolean): Promise<void> {
    return this.#host.change(() => this.#enable(number, enabled));
  }

  async #enable(number: number, enabled: boolean): Promise<void> {
    const entry = this.#entry(number);
    entry.enabled = enabled;
    if (entry.gdb !== null) await this.#engine.send(`-break-${enabled ? 'enable' : 'disable'} ${entry.gdb}`);
    if (enabled) await this.#follow(entry);
    else await this.#unfollow(entry);
  }

  async #takeOut(entry: Entry): Promise<void> {
    await this.#unfollow(entry);
    if (entry.gdb !== null) await this.#engine.send(`-break-delete ${entry.gdb}`);
  }

  /** GDB's half puts one on a symbol where its module comes, and takes it out where that goes. */
  async #follow({ number, spec, gdb, info }: Entry): Promise<void> {
    if (spec.where.kind !== 'symbol' || !spec.pending) return;
    const thread = spec.thread === undefined ? null : this.#engine.gdbThread(spec.thread);
    const address = info.address?.toString(16) ?? null;
    await this.#engine.helper.call('follow_symbol', {
      ...symbolParameters(number, spec, thread),
      gdb,
      address,
    });
  }

  async #unfollow({ number, spec }: Entry): Promise<void> {
    if (spec.where.kind === 'symbol') await this.#engine.helper.call('unfollow_symbol', { number });
  }

  /**
   * Takes all out of GDB but not out of the list, before another target comes: GDB would fail on addresses
   * in libraries that are not mapped yet.
   */
  withdraw(): Promise<void> {
    return this.#host.change(() => this.#withdraw());
  }

  async #withdraw(): Promise<void> {
    for (const entry of this.#entries.values()) {
      await this.#takeOut(entry);
      entry.gdb = null;
    }
  }

  /** Puts back what {@link withdraw} took, where the new target has it; symbols not there are waited for. */
  restore(): Promise<void> {
    return this.#host.change(() => this.#restore());
  }

  async #restore(): Promise<void> {
    for (const entry of this.#entries.values()) {
      const again = await this.#insertNow(entry.number, entry.spec).catch(() => null);
      if (again) {
        entry.gdb = again.gdb;
        entry.info = again.info;
        if (!entry.enabled) await this.#engine.send(`-break-disable ${entry.gdb}`);
      }
      if (entry.enabled) await this.#follow(entry);
    }
  }

  /**
   * The error of what GDB says when it cannot resume because breakpoints cannot be put in; null: it says none of
   * that. Its data names them by our numbers, none where GDB set it by itself.
   */
  notInserted(said: string): HawserError | null {
    const named = [...said.matchAll(NOT_INSERTED)].map((match) => Number(match[1]));
    if (named.length === 0) return null;
    const entries = [...this.#entries.values()].filter(({ gdb }) => gdb !== null && named.includes(gdb));
    const hardware = TOO_MANY_HARDWARE.test(said) || entries.some(({ spec }) => isHardware(spec));
    const unreadable = /Cannot access memory at address 0x([0-9a-f]+)/i.exec(said)?.[1];
    const address = entries[0]?.info.address ?? (unreadable === undefined ? null : BigInt(`0x${unreadable}`));
    const numbers = entries.map(({ number }) => number);
    return engineErrors.breakpointNotInserted(
      hardware ? 'A hardware breakpoint cannot be set.' : 'A breakpoint cannot be set.',
      'Clear or disable it, then go on.',
      { numbers, hardware, ...(address === null ? {} : { address: `0x${address.toString(16)}` }) },
    );
  }

  /** Our numbers of what a stop names; one-shot ones are gone after it. */
  async hit(raw: RawStop): Promise<readonly number[]> {
    const watch = ['wpt', 'hw-rwpt', 'hw-awpt'].map((name) => text(tuple(raw.values, name), 'number'));
    const named = [text(raw.values, 'bkptno'), ...watch].filter((number) => number !== '');
    const found: number[] = [];
    for (const entry of [...this.#entries.values()]) {
      if (entry.gdb === null || !named.includes(String(entry.gdb))) continue;
      found.push(entry.number);
      if (entry.spec.oneShot) await this.#spent(entry);
    }
    return found;
  }

  /** `=breakpoint-created`, `-modified`, `-deleted`. */
  onNotify(name: string, values: MiTuple): void {
    const bkpt = tuple(values, 'bkpt');
    const number = Number(text(bkpt, 'number'));
    if (name === 'breakpoint-created') this.#created(number, bkpt);
    if (name !== 'breakpoint-modified' && name !== 'breakpoint-created') return;
    const entry = [...this.#entries.values()].find((one) => one.gdb === number);
    if (!entry) return;
    entry.info = describe(entry.number, bkpt, values);
    this.#host.emit({ type: 'breakpointChanged', breakpoint: entry.info });
  }

  /** The helper resolves a pending one; GDB's own number follows in `=breakpoint-created`. */
  onResolved(number: number, at: bigint): void {
    this.#resolved.set(at, [...(this.#resolved.get(at) ?? []), number]);
  }

  /** Its module is being unloaded: it waits for that again. */
  onLost(number: number): void {
    const entry = this.#entries.get(number);
    if (!entry) return;
    entry.gdb = null;
    entry.info = { ...entry.info, address: null, locations: [], source: null };
    this.#host.emit({ type: 'breakpointChanged', breakpoint: entry.info });
  }

  #created(gdb: number, bkpt: MiTuple): void {
    const at = address(bkpt, 'addr');
    const number = at === null ? undefined : this.#resolved.get(at)?.shift();
    const entry = number === undefined ? undefined : this.#entries.get(number);
    if (entry) entry.gdb = gdb;
  }

  async #spent(entry: Entry): Promise<void> {
    this.#entries.delete(entry.number);
    // GDB has deleted its temporary breakpoints by itself; watchpoints cannot be temporary.
    if (entry.spec.where.kind === 'data') await this.#engine.send(`-break-delete ${entry.gdb}`);
  }

  async #insertNow(number: number, spec: BreakpointSpec): Promise<Entry | null> {
    const { where } = spec;
    if (where.kind === 'data') return this.#insertData(number, spec, where);
    const at = await this.#location(spec);
    if (at === null) return null;
    const { values } = await this.#engine.send(`-break-insert ${this.#options(spec)} ${at}`);
    const bkpt = tuple(values, 'bkpt');
    const gdb = Number(text(bkpt, 'number'));
    await this.#restrict(gdb, spec);
    return {
      number,
      spec,
      gdb,
      info: describe(number, bkpt, values),
      enabled: true,
    };
  }

  /** Its condition; one that GDB does not take leaves no breakpoint behind. */
  async #restrict(gdb: number, spec: BreakpointSpec): Promise<void> {
    const condition = conditionOf(spec);
    if (condition === '') return;
    try {
      await this.#engine.helper.call('set_condition', { gdb_number: gdb, condition });
    } catch (error) {
      await this.#engine.send(`-break-delete ${gdb}`);
      throw error;
    }
  }

  async #location({ where, condition }: BreakpointSpec): Promise<string | null> {
    if (where.kind === 'line') return `-f --source ${quote(where.file)} --line ${where.line}`;
    const at =
      where.kind === 'symbol' ? await this.#modules.addressOf(where.module, where.name) : where.address;
    if (at === null) return null;
    const address = (where.kind === 'symbol' ? at + where.offset : at).toString(16);
    const place =
      condition === undefined
        ? address
        : await this.#engine.helper.call<string>('behind_prologue', { address });
    return `*0x${place}`;
  }

  #options(spec: BreakpointSpec): string {
    const options: string[] = [];
    if (spec.oneShot) options.push('-t');
    if (spec.where.kind === 'hardwareExecute') options.push('-h');
    if (spec.thread !== undefined) options.push(`-p ${this.#engine.gdbThread(spec.thread)}`);
    if (spec.ignoreCount) options.push(`-i ${spec.ignoreCount}`);
    return options.join(' ');
  }

  async #insertData(
    number: number,
    spec: BreakpointSpec,
    where: { address: bigint; size: number; access: 'w' | 'r' | 'rw' },
  ): Promise<Entry> {
    const type = SIZES[where.size];
    if (!type)
      throw engineErrors.unsupported('A data breakpoint of this size', 'it watches 1, 2, 4 or 8 bytes');
    const command = { w: 'watch', r: 'rwatch', rw: 'awatch' }[where.access];
    const thread = spec.thread === undefined ? null : this.#engine.gdbThread(spec.thread);
    const expression = `*(${type} *) 0x${where.address.toString(16)}`;
    const gdb = await this.#engine.helper.call<number>('add_watch', { command, expression, thread });
    if (spec.ignoreCount) await this.#engine.send(`-break-after ${gdb} ${spec.ignoreCount}`);
    await this.#restrict(gdb, spec);
    const info = { number, address: where.address, locations: [where.address], source: null, hits: 0 };
    return { number, spec, gdb, info, enabled: true };
  }

  #waitingEntry(number: number, spec: BreakpointSpec): Entry {
    const { where } = spec;
    if (where.kind !== 'symbol' || !spec.pending) {
      const name = where.kind === 'symbol' ? where.name : '';
      throw engineErrors.unresolved(name, 0);
    }
    const info = { number, address: null, locations: [], source: null, hits: 0 };
    return { number, spec, gdb: null, info, enabled: true };
  }

  #entry(number: number): Entry {
    const entry = this.#entries.get(number);
    if (!entry) throw engineErrors.badArgument(`There is no breakpoint ${number}`, 0);
    return entry;
  }
}

function isHardware({ where }: BreakpointSpec): boolean {
  return where.kind === 'data' || where.kind === 'hardwareExecute';
}

function symbolParameters(
  number: number,
  spec: BreakpointSpec,
  thread: number | null,
): Record<string, unknown> {
  const { where } = spec;
  if (where.kind !== 'symbol') return { number };
  return {
    number,
    module: where.module,
    name: where.name,
    offset: Number(where.offset),
    one_shot: spec.oneShot ?? false,
    ignore: spec.ignoreCount ?? 0,
    condition: conditionOf(spec),
    behind: spec.condition !== undefined,
    thread,
  };
}

/** In GDB's language; '' for none. */
function conditionOf({ condition, depthBelow = 0, depthAbove = 0 }: BreakpointSpec): string {
  const depth = depthBelow || depthAbove ? [`$_hawser_depth(${depthBelow}, ${depthAbove})`] : [];
  return [...depth, ...(condition === undefined ? [] : [`(${condition})`])].join(' && ');
}

/** `bkpt={…}`, with the locations of a breakpoint that has several in it or beside it. */
function describe(number: number, bkpt: MiTuple, around: MiTuple): BreakpointInfo {
  const beside = Object.keys(around).filter((name) => /^\d+$/.test(name));
  const several: MiValue[] = [...list(bkpt, 'locations'), ...beside.map((name) => around[name] ?? '')];
  const places = several.length > 0 ? several.map(asTuple) : [bkpt];
  const found = places.filter((place) => address(place, 'addr') !== null);
  const first = found[0];
  const line = Number(first ? text(first, 'line') : '');
  return {
    number,
    address: first ? address(first, 'addr') : null,
    locations: found.map((place) => address(place, 'addr') ?? 0n),
    source: first && line > 0 ? { file: text(first, 'fullname') || text(first, 'file'), line } : null,
    hits: Number(text(bkpt, 'times')) || 0,
  };
}
