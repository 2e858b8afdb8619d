import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { MiConnection } from './connection.ts';

const open: MiConnection[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close(50)));
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
  folders.push(folder);
  return folder;
}

/** A program of ours in GDB's place. */
async function fake(script: string) {
  const path = join(newFolder(), 'gdb');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return start(path);
}

async function start(gdb: string, cwd?: string) {
  const died: string[] = [];
  const texts: string[] = [];
  const connection = await MiConnection.open(
    { gdb, env: process.env, ...(cwd === undefined ? {} : { cwd }) },
    {
      async: () => {},
      stream: (kind, text) => texts.push(`${kind} ${text}`),
      died: (detail) => died.push(detail),
    },
  );
  open.push(connection);
  return { connection, died, texts };
}

const answer = `while read line; do token=\${line%%-*}; echo "$token^done,line=\\"$line\\""; case $line in *-gdb-exit) exit; esac; done`;

test('answers come to whom they belong, in any number at once', async () => {
  const { connection, died } = await fake(answer);
  const answers = await Promise.all(
    Array.from({ length: 3000 }, (_, at) => connection.send(`-do ${'x'.repeat(at % 100)} ${at}`)),
  );
  expect(answers.every((one, at) => String(one.values.line).endsWith(` ${at}`))).toBe(true);
  await connection.close();
  expect(died).toEqual([]);
});

test('what is no record is passed on as output', async () => {
  const { connection, texts } = await fake(`echo 'plain text'; echo '~"unfinished'; ${answer}`);
  await connection.send('-x');
  expect(texts).toEqual(['target plain text\n', 'target ~"unfinished\n']);
});

test('an end without being asked for rejects what is under way, with the last words', async () => {
  const { connection, died } = await fake('read line; echo "oh no" >&2; exit 3');
  const request = connection.send('-x');
  await expect(request).rejects.toMatchObject({ code: 'ENGINE_DIED' });
  expect(died).toEqual(['Its exit status was 3. oh no']);
  await expect(connection.send('-y')).rejects.toMatchObject({ code: 'ENGINE_DIED' });
});

test('one that ignores everything is ended all the same', async () => {
  const { connection, died } = await fake("trap '' TERM INT; while :; do read line || sleep 0.05; done");
  await connection.close(50);
  expect(connection.alive).toBe(false);
  expect(died).toEqual([]);
});

test('one that has agreed to end is given the time, and no signal', async () => {
  const folder = newFolder();
  const answers = (result: string) => `read line; token=\${line%%-*}; echo "$token^${result}"`;
  const ends = `sleep 3; touch ${folder}/ended`;
  const { connection } = await fake(
    `trap 'touch ${folder}/signal' TERM; ${answers('done')}; ${answers('exit')}; ${ends}`,
  );
  await connection.send('-x');
  await connection.close(2000);
  expect(readdirSync(folder)).toEqual(['ended']);
});

test('a command that GDB says runs, and takes back, tells so', async () => {
  const { connection } = await fake(
    `read line; token=\${line%%-*}; echo "\${token}^running"; echo "\${token}^error,msg=\\"no\\""; ${answer}`,
  );
  const { name, failed } = await connection.send('-exec-continue');
  expect(name).toBe('running');
  expect(await failed).toMatchObject({ code: 'GDB', message: 'no', data: { command: '-exec-continue' } });
});

test("a defect of GDB's own is named, and leaves no core file", async () => {
  const cwd = newFolder();
  const { connection, died } = await start('gdb', cwd);
  // What it only warns of does not end it.
  await connection.send('-interpreter-exec console "maintenance internal-warning small"');
  const request = connection.send('-interpreter-exec console "maintenance internal-error of a test"');
  await expect(request).rejects.toMatchObject({ code: 'ENGINE_DIED' });
  expect(died).toHaveLength(1);
  expect(died[0]).toMatch(/internal-error: of a test$/);
  expect(readdirSync(cwd)).toEqual([]);
});

test('what only looks is given up at once, and what is asked next waits until GDB is free', async () => {
  const free = join(newFolder(), 'free');
  const slow = `while [ ! -e ${free} ]; do sleep 0.02; done`;
  const { connection } = await fake(
    `while read line; do case "$line" in *stacks*) ${slow};; esac; token=\${line%%-*}; echo "$token^done,line=\\"\${line##*-}\\""; done`,
  );
  const looked = connection.send('-hawser stacks {}');
  connection.cancel(false);
  await expect(looked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(connection.busy).toBe(true);
  const next = connection.send('-next');
  // Not what only looks: it is left alone, and so is what stands with it.
  const looks = connection.send('-hawser stacks {}');
  connection.cancel(false);
  writeFileSync(free, '');
  expect((await next).values.line).toBe('next');
  expect((await looks).values.line).toBe('hawser stacks {}');
});
