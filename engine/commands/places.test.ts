import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { withLibrarySymbols } from '../gdb/testing/library-symbols.ts';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

withLibrarySymbols();

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };

async function started(...args: string[]): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args });
  console.take();
  return console;
}

const value = async (console: Console, text: string): Promise<string> =>
  (await console.run(`? ${text}`)).split(' = ')[1]?.trim() ?? '';

describe('places of breakpoints', () => {
  it('are read by the evaluator that .expr has set, and found again after .restart', LONG, async () => {
    const console = await started('3');
    await console.run('.expr /s c++; bp helper; bp @@masm(loop!work+4); ba w4 &g_count + 1');
    await console.run('bp `loop.c:LINE`'.replace('LINE', String(program.line('/* bottom */'))));
    expect(await console.run('bp nosuch')).toContain("Bp expression 'nosuch' could not be resolved");
    expect(await console.run('bp helper(')).toContain('Syntax error');
    await console.run('.expr /s masm; bp @@c++((char *)recurse + 1)');
    const listed = await console.run('bl');
    for (const place of ['helper', 'work+0x4', 'g_mask', 'recurse+0xb', 'recurse+0x1'])
      expect(listed, place).toMatch(new RegExp(`loop!${place.replace('+', '\\+')}$`, 'm'));
    const commands = await console.run('.bpcmds');
    expect(commands).toMatch(/^ba2 w4 0x\S+ ;$/m);
    await console.run('.restart');
    expect(await console.run('bl')).toBe(listed);
    expect(await console.run('?? @@masm(4) + 1')).toContain('5');
    expect(await console.run('g @@c++(&helper)')).toContain('loop!work+0x4');
  });

  it('that cannot be are an error of g, and the target stays where it is', LONG, async () => {
    const console = await started('3');
    const before = await value(console, '@rip');
    for (const line of ['g loop!nosuch', 'g nosuch', 'ga nosuch!init', 'g `nosuch.c:1`', 'gh loop!nosuch+4'])
      expect(await console.run(line), line).toMatch(/Couldn't resolve error at '/);
    expect(await value(console, '@rip')).toBe(before);
  });

  it('of hardware are told their sizes', LONG, async () => {
    const console = await started('3');
    expect(await console.run('ba w3 loop!g_count')).toContain('r or w with 1, 2, 4 or 8');
    expect(await console.run('ba e4 loop!work')).toContain('has the size 1');
    expect(await console.run('ba w4 loop!g_count+1')).toContain('no multiple of the size 4');
    expect(await console.run('.bpsync')).toContain('Other threads are held');
    expect(await console.run('.bpsync 0')).toContain('.bpsync 0 is not available');
  });
});

describe('pseudo-registers of events', () => {
  it('say where it stood before, where it reaches, and what tb found', LONG, async () => {
    const console = await started('3');
    await console.run('g loop!work');
    const work = await value(console, '@$ip');
    await console.run('p; p');
    expect(await value(console, '@$previp')).not.toBe(work);
    await console.run('t 20');
    const address = await value(console, '@$previp');
    expect(address).not.toBe(await value(console, '@$ip'));
    expect(await console.run('? @$relip')).toContain('error');
    expect(await console.run('tb')).toContain('->');
    expect(await console.run('ln @$relip')).toContain('loop!');
    const shown = await console.run('.restart; g loop!work; p 4');
    expect(await value(console, '@$ea')).toBe(/:([0-9a-f`]{17})=[0-9a-f]+\n$/.exec(shown)?.[1]);
    expect(await console.run('? @$ea2')).toContain("Bad register error at '$ea2'");
    expect(await value(console, '@$peb')).toBe(await value(console, 'ld_linux_x86_64_so!_r_debug'));
    expect(await value(console, '@$proc')).toBe(await value(console, '@$peb'));
  });
});

describe('the initial break', () => {
  it('is an event with commands, and can be left out', LONG, async () => {
    const console = await started('3');
    await console.run('sxe -c ".echo begun; g loop!work" ibp');
    expect(await console.run('.restart')).toMatch(/begun\n[\s\S]*loop!work /);
    await console.run('sx- -c "" ibp; sxi ibp; bp loop!helper');
    const text = await console.run('.restart');
    expect(text).not.toContain('80000003');
    expect(text).toContain('Breakpoint 0 hit');
  });

  it('obeys what the command line says, and a script comes again with .restart', LONG, async () => {
    const console = new Console();
    await console.start(
      { kind: 'launch', program: program.path, args: ['3'] },
      { early: ['sxi ibp', 'sxe nosuch'], restartCommands: '.echo again' },
    );
    const text = console.take();
    expect(text).toContain("There is no event 'nosuch'");
    expect(text).toContain('Exit process');
    expect(await console.run('sxe ibp; .restart')).toMatch(/80000003[\s\S]*again\n$/);
  });
});

describe('threads', () => {
  it('are shown with where they began and how they are scheduled', LONG, async () => {
    const console = await started('3', 'threads');
    await console.run(`g \`loop.c:${program.line('/* threads */')}\``);
    const all = await console.run('~*');
    expect(all).toMatch(/^ {6}Start: loop!_start \([0-9a-f`]+\)$/m);
    expect(all).toMatch(
      /^ {6}Start: loop!thread_main \([0-9a-f`]+\)\n {6}Priority: -?\d+ {2}Priority class: SCHED_OTHER {2}Affinity: [0-9a-f]+$/m,
    );
    expect(await console.run('~')).not.toContain('Start:');
    expect(await console.run('~1n')).toMatch(
      /^ {3}1 {2}Id: \S+ Suspend: 2 [^\n]*\n {6}Start: loop!thread_main \(\S+\)\n$/,
    );
  });
});

describe('.detach', () => {
  it.each([
    ['/n', true],
    ['/h', false],
    ['', true],
  ])('%s: what becomes of a signal that was reported', LONG, async (option, dies) => {
    const child = spawn(program.path, ['1', 'spin'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise<string | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const console = new Console();
    const { pid = 0 } = child;
    await console.start({ kind: 'attach', pid, noninvasive: false, noBreak: false });
    child.kill('SIGUSR1');
    expect(await console.run('sxe SIGUSR1; g')).toContain('Signal SIGUSR1');
    expect(await console.run(`.detach ${option}`)).toBe('Detached\n');
    if (!dies) child.kill('SIGTERM');
    expect(await ended).toBe(dies ? 'SIGUSR1' : 'SIGTERM');
  });
});
