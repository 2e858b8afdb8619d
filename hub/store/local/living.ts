import type { Presence, Signals } from '../store.ts';

type Watcher = (key: string, value: string | undefined) => void;

/** Presence where one hub is all there are: what it holds is what there is. Kept by the first two parts of the keys, which is what is asked for. */
export class LocalPresence implements Presence {
  readonly lifetime = 1000;
  readonly #groups = new Map<string, Map<string, { readonly value: string }>>();
  readonly #watchers = new Set<Watcher>();

  async hold(key: string, value: string): Promise<{ release(): Promise<void> }> {
    const mine = { value };
    const group = this.#groups.get(groupOf(key)) ?? new Map();
    this.#groups.set(groupOf(key), group);
    group.set(key, mine);
    this.#tell(key, value);
    return {
      release: async () => {
        if (group.get(key) !== mine) return;
        group.delete(key);
        if (group.size === 0 && this.#groups.get(groupOf(key)) === group) this.#groups.delete(groupOf(key));
        this.#tell(key, undefined);
      },
    };
  }

  async list(prefix: string): Promise<readonly (readonly [string, string])[]> {
    const found: [string, string][] = [];
    const whole = prefix.split('.').length > 2;
    const groups = whole ? [this.#groups.get(groupOf(prefix))] : this.#groups.values();
    for (const group of groups)
      for (const [key, { value }] of group ?? []) if (key.startsWith(prefix)) found.push([key, value]);
    return found;
  }

  async watch(prefix: string, listener: Watcher): Promise<() => void> {
    const watcher: Watcher = (key, value) => {
      if (key.startsWith(prefix)) listener(key, value);
    };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  #tell(key: string, value: string | undefined): void {
    for (const watcher of [...this.#watchers]) watcher(key, value);
  }
}

/** The first two parts of a key. */
export function groupOf(key: string): string {
  return key.split('.', 2).join('.');
}

type Listener = (message: unknown) => boolean | Promise<boolean>;

/** Signals where one hub is all there are. */
export class LocalSignals implements Signals {
  readonly #listeners = new Map<string, Set<Listener>>();

  async send(subject: string, message: unknown, wait: number): Promise<boolean> {
    const listeners = [...(this.#listeners.get(subject) ?? [])];
    if (listeners.length === 0) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), wait);
    });
    // What crosses between hubs is JSON; the same here, so that nothing is shared by accident.
    const text = JSON.stringify(message);
    const answers = listeners.map((listener) => taken(listener, JSON.parse(text)));
    const some = new Promise<boolean>((resolve) => {
      for (const answer of answers) void answer.then((took) => took && resolve(true));
      void Promise.all(answers).then(() => resolve(false));
    });
    const took = await Promise.race([some, late]);
    clearTimeout(timer);
    return took;
  }

  async listen(subject: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(subject) === listeners) this.#listeners.delete(subject);
    };
  }
}

async function taken(listener: Listener, message: unknown): Promise<boolean> {
  try {
    return (await listener(message)) === true;
  } catch {
    return false;
  }
}
