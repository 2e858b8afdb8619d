/** In characters, of one answer and of all. */
const [LONGEST, MOST] = [256 * 1024, 8 * 1024 * 1024];

/** Answers of GDB's that are good for as long as nothing has changed. */
export class Answers {
  readonly #changes: () => number;
  readonly #known = new Map<string, Promise<string>>();
  #size = 0;
  #valid = -1;

  /** @param changes a count that grows with everything after which answers may differ */
  constructor(changes: () => number) {
    this.#changes = changes;
  }

  /** The answer to a question, asked where it is not known. */
  get(question: string, ask: () => Promise<string>): Promise<string> {
    if (this.#valid !== this.#changes() || this.#size > MOST) this.#forget();
    const known = this.#known.get(question);
    if (known) return known;
    const answer = ask();
    this.#known.set(question, answer);
    const drop = () => {
      if (this.#known.get(question) === answer) this.#known.delete(question);
    };
    answer.then((text) => {
      if (text.length > LONGEST) drop();
      else this.#size += text.length + question.length;
    }, drop);
    return answer;
  }

  #forget(): void {
    this.#known.clear();
    this.#size = 0;
    this.#valid = this.#changes();
  }
}
