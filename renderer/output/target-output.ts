import type { SessionEvent } from '../../engine/protocol/session.ts';
import { createStore } from '../lib/store.ts';
import { OutputDocument } from './document.ts';
import { clock } from './output.ts';
import { Pump } from './pump.ts';
import { MAX_LINES } from './scrollback.ts';
import { TerminalLines } from './terminal-lines.ts';

/** Kept of what was written while nobody looked, characters. */
const MOST_UNSEEN = 4 * 1024 * 1024;

/** What the program being debugged has written, apart from the debugger's own text: put into lines once its window is on screen. */
class TargetOutput {
  readonly any = createStore(false);
  #document: OutputDocument | null = null;
  #pump: Pump | null = null;
  #looking = false;
  #unseen: string[] = [];
  #size = 0;
  #lost = false;

  get document(): OutputDocument {
    if (!this.#document) {
      const made = new OutputDocument('Target output');
      made.limit = MAX_LINES;
      this.#pump = new Pump(
        { append: (batch) => made.append(batch), idle: () => {} },
        clock,
        new TerminalLines(),
      );
      this.#document = made;
    }
    return this.#document;
  }

  take(event: SessionEvent): void {
    if (event.type !== 'output' || event.kind !== 'debuggee') return;
    this.any.set(true);
    if (this.#looking) this.#show(event.text);
    else this.#keep(event.text);
  }

  /** Whether the window is on screen. */
  set looking(on: boolean) {
    this.#looking = on;
    if (!on) return;
    if (this.#lost) this.#show('[older output was left out: the window was not open]\n');
    for (const text of this.#unseen) this.#show(text);
    this.#unseen = [];
    this.#size = 0;
    this.#lost = false;
  }

  clear(): void {
    this.any.set(false);
    this.#unseen = [];
    this.#size = 0;
    this.#lost = false;
    this.#pump?.clear();
    this.#document?.clear();
  }

  #keep(text: string): void {
    this.#unseen.push(text);
    this.#size += text.length;
    while (this.#size > MOST_UNSEEN && this.#unseen.length > 1) {
      this.#size -= this.#unseen.shift()?.length ?? 0;
      this.#lost = true;
    }
  }

  #show(text: string): void {
    void this.document;
    this.#pump?.push({ piece: { kind: 'normal', text, whole: false }, taken: null });
  }
}

export const targetOutput = new TargetOutput();
