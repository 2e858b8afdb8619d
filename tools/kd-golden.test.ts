import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { testKernel } from '../engine/kernel/testing/kernel.ts';
import { startMachine } from '../engine/kernel/testing/qemu.ts';
import { runConsole } from './testing/console-process.ts';
import { normaliseKernel } from './testing/normalise-kernel.ts';

const GOLDEN = join(import.meta.dirname, 'golden/kd.txt');

/** Only what is the same every time: processor 0 alone comes by `leaf`, and counts `ticks`. */
const LINES = [
  ...['bp leaf', 'bp nosuch', 'bl', 'g', 'r cr3', 'k 2', '~', '~5', 'bc *'],
  ...['ba w8 ticks', 'bl', 'g', 'k 3', '.lastevent', 'bc *', 'p', 't'],
  ...['x kernel!count_*', 'ln kernel!count_tick', 'lm1m', 'lm', '|', '||'],
  ...['dt task', 'dt task init_task pid name', 'dt task pid', '? kernel!banner - kernel!banner + 5'],
  ...['da banner', 'dc banner L4', 'dd log_next L1', 'dq page_map L1', 'db ffffffff`80000000 L4'],
  ...['eb log_buffer+8 41 42 43', 'da log_buffer+8 L3', 'ed log_buffer+8 11223344; dd log_buffer+8 L1'],
  ...['eq log_buffer+8 1122334455667788; dq log_buffer+8 L1', 'eza log_buffer+8 "written"; da log_buffer+8'],
  ...["f log_buffer+8 L6 'x' 79; db log_buffer+8 L7", 'eb ffffffff`80000000 1', 'f log_buffer'],
  ...['!eb log_buffer+8-ffffffff`80000000 41 42 43', 'da log_buffer+8 L3'],
  ...['!ed log_buffer+8-ffffffff`80000000 64636261', '!dc log_buffer+8-ffffffff`80000000 L1'],
  ...['fp log_buffer+8-ffffffff`80000000 L4 30; !db log_buffer+8-ffffffff`80000000 L5'],
  ...['!pte ffff8880`00100000', '!pte ffffffff`80200000', '!pte ffffffff`80000000', '!pte dead000000'],
  ...['!vtop 0 ffff8880`00234567', '.crash', '.kill', '.attach 1', '!nosuch'],
  'q',
];

it('a session of kd on the small kernel, word by word', { timeout: 240_000 }, async () => {
  const machine = await startMachine();
  onTestFinished(() => machine.end());
  const { image, source } = testKernel();
  const { stdout, stderr, status } = await runConsole(
    ['kd', '-k', `gdb:server=127.0.0.1,port=${machine.port}`, '-i', image],
    LINES,
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  // Where the break-in met it is another place every time.
  const text = stdout
    .replaceAll(dirname(image), 'IMAGE')
    .replace(/(first chance\)\n)[\s\S]*?(?=\d: kd> )/, '$1');
  const actual = normaliseKernel(text, dirname(source));
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, actual);
  expect(existsSync(GOLDEN), 'golden/kd.txt is missing; UPDATE_GOLDEN=1 writes it').toBe(true);
  expect(actual).toBe(readFileSync(GOLDEN, 'utf8'));
});
