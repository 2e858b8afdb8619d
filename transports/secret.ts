/**
 * A password on its way to where it is proved. Nothing that prints, serialises or inspects it shows it:
 * only `reveal()` does.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '*';
  }

  toJSON(): string {
    return '*';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Secret(*)';
  }
}
