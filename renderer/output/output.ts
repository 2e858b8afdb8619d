import { scrollbackLines, speakOutput, wrapLines } from '../state/settings.ts';
import { Announcer } from './announcer.ts';
import { OutputDocument } from './document.ts';
import type { Piece } from './event-lines.ts';
import type { LineKind } from './line-kinds.ts';
import { type FrameClock, Pump } from './pump.ts';

/** A page that is not painted gets no frames; its output goes on all the same, in larger steps. */
const UNPAINTED_MS = 250;

export const clock: FrameClock = {
  now: () => performance.now(),
  frame(callback) {
    let done = false;
    const once = () => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      callback();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, UNPAINTED_MS);
  },
};

/** The one Command window's text; it outlives the session that filled it, so that it stays readable. */
export const output = new OutputDocument();
export const announcer = new Announcer();

let whenIdle: () => void = () => {};

const pump = new Pump(
  {
    append(batch) {
      output.append(batch);
      if (speakOutput.get()) announcer.add(batch.parts.slice(1));
    },
    idle: () => whenIdle(),
  },
  clock,
);

output.limit = scrollbackLines.get();
output.wrap = wrapLines.get();
scrollbackLines.subscribe(() => {
  output.limit = scrollbackLines.get();
});
wrapLines.subscribe(() => {
  output.wrap = wrapLines.get();
});

/** @param taken called when it is in the document */
export function show(piece: Piece | null, taken: () => void): void {
  pump.push({ piece, taken });
}

/** A line of this window's own. */
export function say(kind: LineKind, text: string): void {
  pump.push({ piece: { kind, text, whole: true }, taken: null });
}

export function clearOutput(): void {
  pump.clear();
  output.clear();
}

export function onIdle(callback: () => void): void {
  whenIdle = callback;
}
