import { z } from 'zod';

z.config({ jitless: true });

export const themes = ['system', 'light', 'dark', 'classic', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** A family's name, or several; '' for the program's own. No more than a style sheet takes as one value. */
const font = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N} ,'"_-]*$/u, 'it is no name of a font');
const searchPath = z
  .string()
  .max(4096)
  .refine((path) => !/[\p{Cc}]/u.test(path), 'it has a control character in it');

/** Keys as `electron/ipc/actions.ts` writes them. */
const keys = z
  .string()
  .max(40)
  .regex(/^(?:(?:Ctrl|Alt|Shift|Super)\+)*[^\s+]+$/, 'they are no keys');
const shortcut = z.array(keys).max(4);

/**
 * What a person sets, key by key: one that is wrong in the file is reported and left there, and its place is taken by
 * the default; the others hold.
 */
export const preferences = {
  /** Colours. */
  theme: z.enum(themes).default('system'),
  /** Of everything, 1 is 100 %. */
  zoom: z.number().min(0.5).max(3).default(1),
  monoFont: font.default(''),
  /** Of code and output, in pixels at a zoom of 1. */
  monoSize: z.number().int().min(8).max(32).default(13),
  uiFont: font.default(''),
  /** `system`: as the desktop asks. */
  motion: z.enum(['system', 'reduced']).default('system'),
  /** That the Command window keeps. */
  scrollbackLines: z.number().int().min(10_000).max(5_000_000).default(1_000_000),
  wrapLines: z.boolean().default(false),
  /** Folders for sessions that begin from now on, between semicolons. */
  symbolPath: searchPath.default(''),
  sourcePath: searchPath.default(''),
  toolbar: z.boolean().default(true),
  statusBar: z.boolean().default(true),
  /** Arrangements of windows are kept as they are left. */
  keepLayout: z.boolean().default(true),
  /** What the Command window shows is read out, a few lines at a time. */
  speakOutput: z.boolean().default(true),
  /** By action; what is not in it has the keys that the program comes with. */
  shortcuts: z.record(z.string().max(60), shortcut).default({}),
} as const;

export type PreferenceName = keyof typeof preferences;
export type Preferences = { readonly [N in PreferenceName]: z.infer<(typeof preferences)[N]> };

const optional = Object.fromEntries(
  Object.entries(preferences).map(([name, schema]) => [name, schema.unwrap().exactOptional()]),
) as { [N in PreferenceName]: z.ZodExactOptional<ReturnType<(typeof preferences)[N]['unwrap']>> };

/** A change of some. */
export const preferenceChange = z.strictObject(optional);
export type PreferenceChange = z.infer<typeof preferenceChange>;

/** Something in a file of settings that cannot be used. */
export interface SettingProblem {
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

export interface SettingsState {
  readonly values: Preferences;
  readonly defaults: Preferences;
  readonly problems: readonly SettingProblem[];
  /** Where they are kept. */
  readonly file: string;
}

/** How pages look; the main window and those of hosted sessions alike. */
export type Look = Pick<Preferences, 'theme' | 'monoFont' | 'monoSize' | 'uiFont' | 'motion'>;
