import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processServerStub } from '../../gdb/testing/process-server.ts';
import { compile } from '../../gdb/testing/programs.ts';
import type { Stub } from '../../stub/stub.ts';
import { gdbserver } from '../../stub/testing/stubs.ts';
import { Console } from '../testing/console.ts';
import { C_FLAGS, crashSource } from '../testing/crashes/c.ts';
import { coreOf } from '../testing/crashes/core.ts';
import { FACTS_FLAGS, factsSource } from '../testing/crashes/facts.ts';

const PATIENCE = { timeout: 120_000 };
const program = compile('facts.c', factsSource, FACTS_FLAGS);

/** A program that stands where all it has is there: of this machine, behind a process server, behind a gdbserver. */
const WAYS: Readonly<Record<string, (console: Console) => Promise<unknown>>> = {
  'of this machine': (console) =>
    console.start({ kind: 'launch', program: program.path, args: ['one', 'two'] }),
  'behind a process server': async (console) => {
    const stub: Stub = await processServerStub();
    return console.start({ kind: 'launch', program: program.path, args: ['one', 'two'], stub });
  },
  'behind a gdbserver': async (console) => {
    const { port } = await gdbserver(program.path, 'one', 'two');
    return console.run(`.attach -premote gdb:server=127.0.0.1,port=${port}`);
  },
};

describe.each(Object.entries(WAYS))('what a process is made of, %s', (way, begin) => {
  it('is told by !peb, !handle, !runaway, !gle and !uptime', PATIENCE, async () => {
    const console = new Console();
    await begin(console);
    await console.run('g facts!ready');
    const pid = (await console.language.backend?.process())?.pid ?? 0;
    const peb = await console.run('!peb');
    expect(peb).toContain(`    ImageFile:                '${program.path}'\n`);
    expect(peb).toContain(`    CommandLine:              '${program.path} one two'\n`);
    expect(peb).toContain(`    CurrentDirectory:         '${readlinkSync(`/proc/${pid}/cwd`)}'\n`);
    expect(peb).toContain('        HAWSER_LATE=set by the program\n');
    expect(peb).toMatch(/^ {8}AT_PAGESZ {13}0{12}1000$/m);

    const truth = readdirSync(`/proc/${pid}/fd`).map(Number);
    const handles = await console.run('!handle 0 f');
    const numbers = [...handles.matchAll(/^Handle ([0-9a-f]+)$/gm)].map(([, number]) =>
      Number(`0x${number}`),
    );
    expect(numbers).toEqual(truth.sort((a, b) => a - b));
    for (const [, number, name] of handles.matchAll(/^Handle ([0-9a-f]+)$[\s\S]*?^ {2}Name {10}(.*)$/gm))
      expect(name).toBe(readlinkSync(join(`/proc/${pid}/fd`, String(Number(`0x${number}`)))));
    const port = /0n(\d+)/.exec(await console.run('?? port'))?.[1];
    expect(handles).toMatch(
      new RegExp(`Protocol TCP\\n {4}Local {4}127\\.0\\.0\\.1:${port}\\n {4}State {4}LISTEN`),
    );
    expect(handles).toMatch(new RegExp(`Remote {3}127\\.0\\.0\\.1:${port}\\n {4}State {4}ESTABLISHED`));
    expect(handles).toMatch(/Same pipe as [0-9a-f]+/);
    expect(handles).toMatch(/Type {10}Epoll\n[\s\S]*tfd: \d+ events: +1/);
    expect(handles).toMatch(/Type {10}Event\n[\s\S]*eventfd-count: 7/);
    expect(handles).toMatch(
      new RegExp(`^${truth.length} Handles\\nType            Count\\n[\\s\\S]*^Epoll           1$`, 'm'),
    );
    expect(await console.run('!handle 3 3')).toMatch(
      /^Handle 3\n {2}Type {10}File\n {2}GrantedAccess 0x[0-9a-f]+:\n {9}Read,CloseOnExec\n$/,
    );
    expect(await console.run('!handle 777')).toContain('There is no descriptor 777');

    // The one that counted comes first, although it is the second.
    expect(await console.run('!runaway 3')).toMatch(
      /^ User Mode Time\n {2}Thread {7}Time\n {4}1:[0-9a-f]+ +0 days 0:00:0\d\.[\s\S]*\n {4}0:[0-9a-f]+ +0 days[\s\S]*Kernel Mode Time\n/,
    );
    expect(await console.run('!gle')).toBe(
      'LastErrorValue: (errno) 0x2 (2) - No such file or directory (ENOENT)\n',
    );
    expect(await console.run('!gle -all')).toMatch(
      /thread 0:\n.*ENOENT\)\n\nLast error for thread 1:\n.*Bad file descriptor \(EBADF\)\n\n$/,
    );
    expect(await console.run('~1 !gle')).toContain('EBADF');
    expect(await console.run('~1 !teb')).toMatch(/LastErrorValue: +0x9 \(9\)/);
    expect(await console.run('!uptime')).toMatch(
      /^System Uptime: \d+ days .*\nProcess Uptime: 0 days 0:0\d:/,
    );
    expect(way).toBeTruthy();
  });
});

describe('of a core file', () => {
  it('what is there is told, and what is not is named', PATIENCE, async () => {
    const path = compile('crash.c', crashSource, C_FLAGS).path;
    const core = coreOf(path, ['null_write']);
    if (core === null) {
      // A skip would hide what the rest of the test shows elsewhere.
      process.stdout.write('skipped: this system leaves no core file where a program runs (core_pattern)\n');
      return;
    }
    const console = new Console();
    await console.start({ kind: 'core', core });
    const peb = await console.run('!peb');
    expect(peb).toContain(`CommandLine:              '${path} null_write'`);
    expect(peb).toMatch(/^ {8}PATH=/m);
    expect(peb).toContain('CurrentDirectory:         (not kept in a core file)');
    expect(await console.run('!gle')).toContain('No error');
    expect(await console.run('!runaway')).toMatch(
      /^ User Mode Time\n {2}Thread {7}Time\n {4}0:[0-9a-f]+ +0 days/,
    );
    expect(await console.run('!runaway 4')).toContain('(not kept in this core file)');
    expect(await console.run('!handle')).toContain('a core file holds memory and registers');
    expect(await console.run('!uptime')).toContain('a core file holds memory and registers');
  });
});
