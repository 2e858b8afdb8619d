import { expect, test } from 'vitest';
import { ConsoleProgram } from './console-program.ts';

interface Ran {
  readonly program: ConsoleProgram;
  text: string;
  readonly ended: Promise<number | string | null>;
}

async function run(script: string): Promise<Ran> {
  let end: (how: number | string | null) => void = () => {};
  const ended = new Promise<number | string | null>((resolve) => {
    end = resolve;
  });
  const ran = { text: '', ended } as { -readonly [N in keyof Ran]: Ran[N] };
  ran.program = await ConsoleProgram.start({
    file: '/bin/sh',
    args: ['-c', script],
    env: process.env,
    folder: '/',
    size: { cols: 80, rows: 25 },
    output: (bytes) => {
      ran.text += bytes;
    },
    ended: (status, signal) => end(signal ?? status),
  });
  return ran;
}

test('its last words come whole, however much nobody had room for when it ended', async () => {
  // Less than a read takes, more than that and less than a stream keeps, and more than both.
  for (const lines of [1, 40, 180, 800]) {
    const ran = await run(
      `read -r go; for i in $(seq ${lines}); do echo "line $i of the last words"; done; exit 7`,
    );
    ran.program.pause();
    ran.program.type('go\r');
    // The kernel keeps some of it; what it does not the program waits with.
    await new Promise((later) => setTimeout(later, 100));
    ran.program.resume();
    expect(await ran.ended).toBe(7);
    const wanted = Array.from({ length: lines }, (_, at) => `line ${at + 1} of the last words\r\n`).join('');
    expect(ran.text).toBe(`go\r\n${wanted}`);
  }
});

test('another program that keeps its terminal does not keep it from ending', async () => {
  const ran = await run('trap "" HUP; sleep 60 & echo $!; exec true');
  expect(await ran.ended).toBe(0);
  process.kill(Number(ran.text));
});

test('it takes a break-in before what it does not read, and says by which signal it ended', async () => {
  const ran = await run('echo ready; exec sleep 60');
  await expect.poll(() => ran.text).toBe('ready\r\n');
  ran.program.type('x'.repeat(500_000));
  ran.program.interrupt();
  expect(await ran.ended).toBe('SIGINT');
});
