export type SourceOption = 't' | 'l' | 's' | 'o';

/** In the order of their bits. */
export const SOURCE_OPTIONS: readonly (readonly [SourceOption, string])[] = [
  ['t', 'Step/trace by source line'],
  ['l', 'List source line at prompt'],
  ['s', 'List source code at prompt'],
  ['o', 'Only show source code at prompt'],
];

/** What `l+` and `l-` set. */
export class SourceOptions {
  readonly #on = new Set<SourceOption>();

  has(option: SourceOption): boolean {
    return this.#on.has(option);
  }

  set(option: SourceOption, on: boolean): void {
    if (on) this.#on.add(option);
    else this.#on.delete(option);
  }

  /** `Source options are 5:` and a line for each that is on. */
  lines(): string[] {
    const on = SOURCE_OPTIONS.map(([option, what], bit) => ({ option, what, bit: 1 << bit })).filter(
      ({ option }) => this.has(option),
    );
    const sum = on.reduce((total, { bit }) => total + bit, 0);
    const rows = on.map(({ option, what, bit }) => `${bit.toString(16).padStart(6)}/${option} - ${what}`);
    return [`Source options are ${sum.toString(16)}:`, ...(rows.length > 0 ? rows : ['    None'])];
  }
}
