import { expect, test } from 'vitest';
import type { Piece } from './event-lines.ts';
import type { Batch } from './line-assembler.ts';
import { Pump } from './pump.ts';

function setUp(costPerLine = 0) {
  let time = 0;
  const frames: (() => void)[] = [];
  const log = {
    lines: [] as string[],
    codes: [] as number[],
    batches: [] as number[],
    acks: [] as number[],
    idle: 0,
  };
  const pump = new Pump(
    {
      append({ parts, codes }: Batch) {
        log.lines.push(`${log.lines.pop() ?? ''}${parts[0] ?? ''}`);
        if (log.lines[0] === '' && log.codes.length === 0) log.lines.pop();
        log.lines.push(...parts.slice(1));
        log.codes.push(...codes);
        log.batches.push(codes.length);
        time += codes.length * costPerLine;
      },
      idle: () => log.idle++,
    },
    { now: () => time, frame: (callback) => frames.push(callback) },
  );
  const frame = () => {
    time += 16;
    frames.shift()?.();
  };
  const run = () => {
    while (frames.length > 0) frame();
  };
  const push = (seq: number, piece: Piece | null) => pump.push({ piece, taken: () => log.acks.push(seq) });
  const output = (text: string, seq: number) => push(seq, { kind: 'normal', text, whole: false });
  return { pump, log, frames, frame, run, push, output };
}

test('many events of one moment become one batch in one frame', () => {
  const { log, run, push, output } = setUp();
  output('a\nb', 1);
  output('c\n', 2);
  push(3, null);
  run();
  expect(log).toMatchObject({ lines: ['a', 'bc'], batches: [2], acks: [1, 2, 3], idle: 1 });
});

test('a text larger than a frame is spread over frames, and acknowledged when all of it is in', () => {
  const { log, frames, frame, run, output } = setUp();
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}`);
  output(`${lines.join('\n')}\n`, 1);
  frame();
  expect(log.acks).toEqual([]);
  expect(frames).toHaveLength(1);
  run();
  expect(log.lines).toEqual(lines);
  expect(log.acks).toEqual([1]);
});

test('batches grow while there is time and shrink when there is not', () => {
  const fast = setUp(0.0001);
  fast.output('x\n'.repeat(100_000), 1);
  fast.run();
  expect(Math.max(...fast.log.batches)).toBeGreaterThan(5000);
  const slow = setUp(0.1);
  slow.output('x\n'.repeat(20_000), 1);
  slow.run();
  expect(slow.log.batches.at(-2)).toBe(250);
});

test('a whole piece stands on its own lines', () => {
  const { log, run, push, output } = setUp();
  output('unfinished', 1);
  push(2, { kind: 'command', text: '0:000> k', whole: true });
  output('frame 0', 3);
  run();
  expect(log.lines).toEqual(['unfinished', '0:000> k', 'frame 0']);
});

test("the window's own lines are not acknowledged", () => {
  const { pump, log, run } = setUp();
  pump.push({ piece: { kind: 'error', text: 'no', whole: true }, taken: null });
  run();
  expect(log).toMatchObject({ lines: ['no'], acks: [], idle: 1 });
});

test('after clear nothing that waited appears', () => {
  const { pump, log, run, output } = setUp();
  output('old', 1);
  pump.clear();
  output('new', 2);
  run();
  expect(log).toMatchObject({ lines: ['new'], acks: [1, 2] });
});
