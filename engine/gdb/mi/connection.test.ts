import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { MiConnection } from './connection.ts';

const open: MiConnection[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close(50)));
});

/** A program of ours in GDB's place. */
async function fake(script: string) {
  const path = join(mkdtempSync(join(tmpdir(), 'hawser-test-')), 'gdb');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const died: string[] = [];
  const texts: string[] = [];
  const connection = await MiConnection.open(
    { gdb: path, env: process.env },
    {
      async: () => {},
      stream: (kind, text) => texts.push(`${kind} ${text}`),
      died: (detail) => died.push(detail),
    },
  );
  open.push(connection);
  return { connection, died, texts };
}

const answer = `while read line; do token=\${line%%-*}; echo "$token^done,line=\\"$line\\""; done`;

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

test('a command that GDB says runs, and takes back, tells so', async () => {
  const { connection } = await fake(
    `read line; token=\${line%%-*}; echo "\${token}^running"; echo "\${token}^error,msg=\\"no\\""; ${answer}`,
  );
  const { name, failed } = await connection.send('-exec-continue');
  expect(name).toBe('running');
  expect(await failed).toMatchObject({ code: 'GDB', message: 'no', data: { command: '-exec-continue' } });
});
