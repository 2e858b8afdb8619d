import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type PreferenceChange,
  type Preferences,
  preferences,
  type SettingProblem,
  type SettingsState,
} from '../../ipc/settings.ts';
import { JsonFile, type StoreLog } from './json-file.ts';
import { type Settings, settingShapes } from './schemas.ts';

type Raw = Record<string, unknown>;
const rawSchema: z.ZodType<Raw> = z.record(z.string(), z.unknown());

const shapes: Readonly<Record<string, z.ZodType>> = settingShapes;

const shortText = (value: unknown) => (JSON.stringify(value) ?? '').slice(0, 100);
const firstIssue = (error: z.ZodError) => error.issues[0]?.message ?? 'it is not understood';

const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shortcuts of a file, each by itself: one that is wrong leaves the others. */
function shortcutsOf(value: unknown, problems: SettingProblem[]): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([id, keys]) => {
      const checked = preferences.shortcuts.safeParse({ [id]: keys });
      if (!checked.success)
        problems.push({ name: `shortcuts.${id}`, value: shortText(keys), why: firstIssue(checked.error) });
      return checked.success;
    }),
  );
}

/** Each setting by itself: what cannot be used is told, and has its default. */
export function readSettings(raw: Raw): { values: Settings; problems: SettingProblem[] } {
  const problems: SettingProblem[] = [];
  const values = Object.entries(shapes).map(([name, shape]) => {
    const given = name === 'shortcuts' ? shortcutsOf(raw[name], problems) : raw[name];
    const checked = shape.safeParse(given);
    if (checked.success) return [name, checked.data];
    problems.push({ name, value: shortText(given), why: firstIssue(checked.error) });
    return [name, shape.parse(undefined)];
  });
  return { values: Object.fromEntries(values) as Settings, problems };
}

const preferenceNames = Object.keys(preferences) as (keyof Preferences)[];
const onlyPreferences = (values: Settings): Preferences =>
  Object.fromEntries(preferenceNames.map((name) => [name, values[name]])) as unknown as Preferences;

/**
 * The settings, in a file that a person can read and change. What is in it and cannot be used, or is of a later version, stays in it until
 * it is set anew.
 */
export class SettingsStore {
  readonly #file: JsonFile<Raw>;
  readonly #log: StoreLog;
  readonly #changed = new EventEmitter();
  #raw: Raw;
  #values: Settings;
  #problems: readonly SettingProblem[];

  constructor(path: string, log: StoreLog) {
    this.#file = new JsonFile(path, rawSchema, () => ({}), log, { readable: true });
    this.#log = log;
    this.#raw = this.#file.read();
    const { values, problems } = readSettings(this.#raw);
    this.#values = values;
    this.#problems = problems;
    for (const { name, value, why } of problems) log.warn(`${path}: ${name} cannot be ${value}: ${why}`);
  }

  get value(): Settings {
    return this.#values;
  }

  get state(): SettingsState {
    return {
      values: onlyPreferences(this.#values),
      defaults: onlyPreferences(readSettings({}).values),
      problems: this.#problems,
      file: this.#file.path,
    };
  }

  onChanged(listener: () => void): void {
    this.#changed.on('changed', listener);
  }

  set(change: Partial<Settings>): void {
    this.#take({ ...this.#raw, ...change });
  }

  /** All preferences as the program comes. */
  reset(): void {
    const kept = Object.entries(this.#raw).filter(([name]) => !Object.hasOwn(preferences, name));
    this.#take(Object.fromEntries(kept));
  }

  /** What a person has set, to be taken to another machine. @throws what writing throws */
  exportTo(path: string): void {
    const own = onlyPreferences(this.#values);
    const file = new JsonFile(path, rawSchema, () => ({}), this.#log, { readable: true });
    file.mustWrite({ ...own });
  }

  /**
   * Preferences out of a file; what cannot be used is told and left out.
   * @throws when it cannot be read, or holds no settings at all
   */
  importFrom(path: string): readonly SettingProblem[] {
    const given = rawSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const { values, problems } = readSettings(given);
    const wrong = new Set(problems.map(({ name }) => name.split('.')[0]));
    const usable = preferenceNames.filter(
      (name) => Object.hasOwn(given, name) && (name === 'shortcuts' || !wrong.has(name)),
    );
    this.set(Object.fromEntries(usable.map((name) => [name, values[name]])) as PreferenceChange);
    return problems;
  }

  #take(raw: Raw): void {
    this.#raw = raw;
    const { values, problems } = readSettings(raw);
    this.#values = values;
    this.#problems = problems;
    this.#file.write(raw);
    this.#changed.emit('changed');
  }
}
