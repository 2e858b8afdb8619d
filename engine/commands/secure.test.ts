import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDebugger } from './debugger.ts';
import type { Caller, CommandHost, DebuggerLanguage } from './host.ts';
import { secureRule } from './secure.ts';
import { commandTable } from './table.ts';

const owner: Caller = { client: null, role: 'owner', local: true };
const remote: Caller = {
  client: { id: 2, host: 'birch', user: 'ann', via: 'tcp 192.0.2.5:1' },
  role: 'controller',
  local: false,
};

function debuggerIn(secure: boolean, servers: readonly unknown[] = []) {
  let said = '';
  const nothing = () => undefined;
  const host = {
    version: '0',
    output: (_kind: string, text: string) => {
      said += text;
    },
    stateChanged: nothing,
    servers: () => servers,
    clients: () => [],
    queued: () => 0,
    inTurn: nothing,
    startServer: () => Promise.reject(new Error('no server here')),
    connectStub: () => Promise.reject(new Error('no stub here')),
  } as unknown as CommandHost;
  const language = createDebugger(host, () => Promise.reject(new Error('no back end here')), { secure });
  const run = async (line: string, caller: Caller = owner) => {
    said = '';
    const { ok } = await language.execute(line, caller);
    return { ok, said };
  };
  return { language, run };
}

/** The example of a command, or its name with something behind it. */
const lineOf = ({ name, example }: (typeof commandTable)[number]) => example ?? `${name} x`;

describe('secure mode', () => {
  test('somebody has decided about every command', () => {
    const open = commandTable.filter((entry) => secureRule(entry) === null).map(({ name }) => name);
    expect(open, "give each a place in secure.ts, or `secure: 'allowed'`").toEqual([]);
  });

  const refused = commandTable.filter((entry) => {
    const rule = secureRule(entry);
    return rule !== 'allowed' && rule !== 'shows only' && !entry.front;
  });
  test('it refuses something', () => expect(refused.length).toBeGreaterThan(8));

  test.each(refused.map((entry) => [entry.name, lineOf(entry)]))('%s, to everybody', async (name, line) => {
    const { run } = debuggerIn(true);
    for (const caller of [owner, remote]) {
      const { ok, said } = await run(line, caller);
      expect(ok).toBe(false);
      expect(said).toContain(`${name} is refused in secure mode`);
    }
  });

  const shows = commandTable.filter((entry) => secureRule(entry) === 'shows only' && !entry.front);
  test.each(shows.map(({ name }) => name))('%s shows, and sets nothing', async (name) => {
    const { run } = debuggerIn(true);
    expect((await run(name)).said).not.toContain('secure mode');
    const { ok, said } = await run(`${name} /tmp`);
    expect([ok, said]).toEqual([false, expect.stringContaining('refused in secure mode')]);
  });

  test('a refused command writes nothing', async () => {
    const { run } = debuggerIn(true);
    const file = join(tmpdir(), `hawser-secure-${process.pid}.log`);
    await run(`.logopen ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  test('not by way of a list of commands either', async () => {
    const { run } = debuggerIn(true);
    expect((await run('.echo a; .gdb shell true; .echo b')).said).toMatch(
      /^a\n[\s\S]*refused in secure mode/,
    );
  });
});

describe('.secure', () => {
  const state = async ({ run }: ReturnType<typeof debuggerIn>) => (await run('.secure')).said.trim();
  const secureOf = (language: DebuggerLanguage) => language.secure;

  test('is set before there is a target, and for good', async () => {
    const made = debuggerIn(false);
    expect(await state(made)).toBe('Secure mode is off.');
    expect((await made.run('.secure 1')).said.trim()).toBe('Secure mode is on.');
    expect(secureOf(made.language)).toBe(true);
    const off = await made.run('.secure 0');
    expect([off.ok, off.said]).toEqual([false, expect.stringContaining('cannot be turned off')]);
    expect(await state(made)).toBe('Secure mode is on.');
    expect((await made.run('.gdb shell true')).said).toContain('refused in secure mode');
  });

  test('is the owner\u2019s, and too late when others can join', async () => {
    expect((await debuggerIn(false).run('.secure 1', remote)).ok).toBe(false);
    const late = await debuggerIn(false, [{}]).run('.secure 1');
    expect([late.ok, late.said]).toEqual([false, expect.stringContaining('cannot be turned on any more')]);
  });
});
