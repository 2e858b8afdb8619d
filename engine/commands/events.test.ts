import { describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console } from './testing/console.ts';

const LONG = { timeout: 120_000 };

const program = compile(
  'events.c',
  `#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
volatile int got;
static void handler(int n) { got++; }
volatile int gate = 2;
static void *worker(void *p) { while (gate < 1) usleep(1000); return p; }
int main(int c, char **v) {
  const char *what = v[1];
  if (!strcmp(what, "storm")) { signal(SIGUSR1, handler); for (int i = 0; i < 20; i++) raise(SIGUSR1); }
  if (!strcmp(what, "die")) raise(SIGUSR2);
  if (!strcmp(what, "int")) raise(SIGINT);
  if (!strcmp(what, "segv")) { signal(SIGSEGV, SIG_DFL); *(volatile int *)0x10 = 1; }
  if (!strcmp(what, "fork")) { pid_t p = fork(); if (!p) _exit(7); int s; waitpid(p, &s, 0); return WEXITSTATUS(s); }
  if (!strcmp(what, "vfork")) { pid_t p = vfork(); if (!p) _exit(7); int s; waitpid(p, &s, 0); return WEXITSTATUS(s); }
  if (!strcmp(what, "exec")) execl(v[0], v[0], "other", (char *)0);
  if (!strcmp(what, "threads")) { pthread_t t; pthread_create(&t, 0, worker, 0); pthread_join(t, 0); while (gate < 2) usleep(1000); }
  if (!strcmp(what, "load")) { void *h = dlopen("libm.so.6", RTLD_NOW); dlclose(h); }
  if (!strcmp(what, "print")) { printf("one\\ntwo\\n"); fflush(stdout); usleep(200000); }
  return got;
}
`,
  ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none'],
);

const throwing = compile(
  'throwing.cpp',
  `#include <stdexcept>
int g;
static void thrower(int n) { if (n) throw std::runtime_error("no"); }
int main(int c, char **) { try { thrower(1); } catch (std::exception &) { g = 5; } if (c > 1) thrower(2); return g; }
`,
);

const spawning = compile(
  'spawning.c',
  '#include <stdlib.h>\nint after(int status) { return status >> 8; }\nint main(void) { return after(system("exit 9")); }\n',
);

async function started(...args: string[]): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args });
  console.take();
  return console;
}

const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

describe('signals', () => {
  it('that have no entry are told at the first chance and stop at the second', LONG, async () => {
    const storm = await started('storm');
    const text = await storm.run('g');
    expect(count(text, /Signal SIGUSR1 \(10\) - code 0000000a \(first chance\)/g)).toBe(20);
    expect(text).toContain('code 14');
    const dies = await started('die');
    expect(await dies.run('g')).toMatch(/first chance\)\n.*second chance/);
    expect(dies.language.state.run).toBe('stopped');
    expect(await dies.run('g')).toContain('was ended by SIGUSR2');
  });

  it.each([
    ['sxi SIGUSR1', 0],
    ['sxi 0n10', 0],
    ['sxn a', 20],
    ['sxi *', 0],
  ])('are told as %s says', LONG, async (line, times) => {
    const console = await started('storm');
    expect(await console.run(line)).toBe('');
    const text = await console.run('g');
    expect(count(text, /Signal SIGUSR1/g)).toBe(times);
    expect(text).toContain('code 14');
  });

  it('stop, are handled by the debugger or the program, and run commands', LONG, async () => {
    const console = await started('storm');
    await console.run('sxe -c ".echo came" usr1; sxe -h usr1');
    expect(await console.run('g')).toMatch(/first chance\)\n[\s\S]*came\n[\s\S]*rip=/);
    expect(await console.run('sx')).toMatch(/^SIGUSR1 - .* - break - handled\n {7}Command: ".echo came"$/m);
    await console.run('sxd -h usr1; sxi usr1; sx- -c "r $t1 = @$t1 + 1" usr1');
    expect(await console.run('g')).toContain('code 14');
    expect(await console.run('? @$t1')).toContain(' 19 ');
  });

  it('run commands of the second chance, and -1 tells of the last', LONG, async () => {
    const console = await started('segv');
    await console.run('sxd -c2 ".echo nobody" av');
    expect(await console.run('g')).toMatch(/first chance\)\n.*second chance !!!\)\nnobody\n/);
    expect(await console.run('.exr -1')).toMatch(
      /^ExceptionAddress: 0000000000\w+ \(events!main\+0x\w{16}\)\n {3}ExceptionCode: c0000005 \(Access violation\)\n[\s\S]*Parameter\[1\]: 0000000000000010\nAttempt/,
    );
    expect(await console.run('.ecxr')).toMatch(/^rax=[\s\S]*events!main\+/);
    expect(await console.run('.eventlog')).toMatch(
      /first chance\)\n.*second chance !!!\)\nLast event: .*second/,
    );
    expect(await console.run('.exr 1000')).toContain('no exception records');
  });

  it('keep what is done about them in the next start of the program', LONG, async () => {
    const console = await started('fork');
    await console.run('sxe -c ".echo made" cpr; g; .restart');
    expect(await console.run('g')).toMatch(/\(forked\)\n[\s\S]*made\n/);
  });

  it('of Control-C reach the program, unless sx says that they are handled', LONG, async () => {
    for (const [handled, code] of [
      ['', 'was ended by SIGINT (2)'],
      ['sxe -h cce; ', 'has exited with code 0'],
    ] as const) {
      const console = await started('int');
      expect(await console.run(`${handled}g`)).toContain(
        'Control-C exception - code 40010005 (first chance)',
      );
      expect(await console.run('g')).toContain(code);
    }
  });

  it('and there is nothing to show before the first', LONG, async () => {
    const console = await started('die');
    expect(await console.run('.exr -1')).toContain('no signal has stopped the target yet');
    expect(await console.run('.ecxr')).toContain('no signal has stopped the target yet');
  });

  it('do not end steps that nobody stops for', LONG, async () => {
    const console = await started('storm');
    const end = `\`events.c:${program.line('"die"')}\``;
    await console.run('g events!main');
    const text = await console.run(`pa ${end}`);
    expect(count(text, /Signal SIGUSR1/g)).toBe(20);
    expect(await console.run('? @rip')).toBe(await console.run(`? ${end}`));
  });
});

describe('processes', () => {
  it('stop at a fork, and before they are gone', LONG, async () => {
    const console = await started('fork');
    await console.run('sxe cpr; sxe epr');
    expect(await console.run('g')).toMatch(/Create process [0-9a-f]+ \(forked\)\n/);
    expect(await console.run('g')).toContain('Exit process: the program is about to exit');
    expect(await console.run('r rdi')).toBe('rdi=0000000000000007\n');
    expect(await console.run('k')).toContain('exit');
    expect(await console.run('g')).toContain('code 7');
  });

  it('stop when another program runs in them', LONG, async () => {
    const console = await started('exec');
    await console.run('sxe cpr; bp events!main');
    await console.run('g');
    expect(await console.run('g')).toMatch(/Create process \(exec .*\/events\)/);
    expect(await console.run('|')).toContain('name: events');
    expect(await console.run('g')).toContain('Breakpoint 0 hit');
    expect(await console.run('bc *; sxi cpr; g')).toContain('code 0');
  });
});

describe('.childdbg', () => {
  it('debugs what a fork makes as a system of its own', LONG, async () => {
    const console = await started('fork');
    expect(await console.run('.childdbg 1')).toBe('Processes that the target makes are debugged.\n');
    const text = await console.run('g');
    expect(text).toMatch(/^Child process \d+ \(0x[0-9a-f]+\): .*\/events$/m);
    expect(console.language.state.prompt).toBe('||1:0:000> ');
    expect(await console.run('||')).toMatch(
      /^#? {3}0 Live user mode: .* events\n\. {2}1 Live user mode: .* events\n$/m,
    );
    expect(await console.run('|')).toContain('child   name: events');
    expect(await console.run('k')).toContain('events!main');
    const ended = await console.run('sxe epr; g');
    expect(ended).toContain('Exit process: the program is about to exit');
    expect(await console.run('r rdi')).toBe('rdi=0000000000000007\n');
    expect(await console.run('g')).toMatch(/code 7; system 1 has ended\.|code 7/);
    await console.run('sxi epr');
    expect(await console.run('g')).toContain('code 7');
    expect(console.language.state.run).toBe('noTarget');
  });

  it('is off at first, and says what it does not do', LONG, async () => {
    const console = await started('fork');
    expect(await console.run('.childdbg')).toBe('Processes that the target makes are not debugged.\n');
    expect(await console.run('.childdbg 2')).toContain('Syntax error');
    expect(await console.run('g')).toContain('code 7');
  });

  it('debugs what a program that was made by vfork runs, from its first instruction', LONG, async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: spawning.path, args: [] });
    await console.run('bp spawning!main; .childdbg 1; g');
    const text = await console.run('g');
    expect(text).toMatch(/^Child process \d+ \(0x[0-9a-f]+\): .*\/(ba|da)?sh$/m);
    expect(console.language.state.prompt).toBe('||1:0:000> ');
    // The number of its arguments is all that is on its stack.
    expect(await console.run('? dwo(@$csp)')).toMatch(/^Evaluate expression: [34] = /);
    await console.run('.childdbg 0; ||0s; bp spawning!after; ||1s');
    // The parent's own breakpoints are in again, and nobody else's are left in its memory. It may be hit before the end of the
    // child has stopped all, or after.
    let said = '';
    for (let runs = 0; runs < 3 && !said.includes('Breakpoint 1 hit'); runs += 1)
      said += await console.run('g');
    expect(said).toContain('code 9; system 1');
    expect(said).toContain('Breakpoint 1 hit');
    expect(await console.run('g')).toContain('code 9');
    expect(console.language.state.run).toBe('noTarget');
  });

  it('says of one that ended before it ran anything', LONG, async () => {
    const console = await started('vfork');
    const text = await console.run('.childdbg 1; g');
    expect(text).toMatch(/Process \d+ was made by vfork and has ended without running a program\./);
    expect(text).toContain('code 7');
  });

  it('lets children go on where nobody wants to see an initial break', LONG, async () => {
    const console = await started('fork');
    const text = await console.run('.childdbg 1; sxi ibp; bp events!main; g');
    expect(text).toContain('Breakpoint 0 hit');
    const ended = await console.run('g');
    expect(ended).toMatch(/^Child process \d+/m);
    expect(ended).toMatch(/code 7/);
    expect(ended).not.toContain('Break instruction');
    await console.run('g');
    expect(console.language.state.run).toBe('noTarget');
  });

  it('runs the commands of the initial break at a child', LONG, async () => {
    const console = await started('fork');
    const text = await console.run('.childdbg 1; sxe -c ".echo here; g" ibp; g');
    expect(text).toMatch(/^Child process \d+[\s\S]*^here$[\s\S]*code 7/m);
  });
});

describe('threads and output', () => {
  it('stop the target a moment later', LONG, async () => {
    const console = await started('threads');
    await console.run('sxe ct; sxe et; ed events!gate 0');
    expect(await console.run('g')).toMatch(/Create thread 1(:[0-9a-f]+)?\n/);
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('ed events!gate 1; g')).toMatch(/Exit thread 1/);
    expect(await console.run('ed events!gate 2; g')).toContain('Exit process');
  });

  it('are told', LONG, async () => {
    const console = await started('threads');
    await console.run('sxn ct; sxn et');
    expect(await console.run('g')).toMatch(/^Create thread 1\n[\s\S]*Exit thread 1\n[\s\S]*Exit process/);
  });

  it('stop at a word', LONG, async () => {
    const console = await started('print');
    await console.run('sxe out:*two*');
    expect(await console.run('g')).toContain('Debuggee output');
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('sxi out; g')).toContain('Exit process');
  });
});

describe('modules', () => {
  it('stop where they come and go, by name', LONG, async () => {
    const console = await started('load');
    await console.run('sxe ld:libm; sxe ud:libm*');
    const loaded = await console.run('g');
    expect(loaded).toMatch(/^ModLoad: .*libm\.so\.6$/m);
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('lm1m')).toContain('libm_so');
    expect(await console.run('.lastevent')).toContain('Load module');
    expect(await console.run('g')).toMatch(/^Unload module .*libm\.so\.6$/m);
    expect(await console.run('g')).toContain('Exit process');
  });

  it('are passed by where the name is another, and left out where nobody wants to know', LONG, async () => {
    const console = await started('load');
    await console.run('sxe ld:nosuch*; sxi ud');
    const text = await console.run('g');
    expect(text).toMatch(/ModLoad: .*libm/);
    expect(text).not.toContain('Unload module');
    expect(text).toContain('Exit process');
  });
});

describe('C++ exceptions', () => {
  async function thrown(...args: string[]): Promise<Console> {
    const console = new Console();
    await console.start({ kind: 'launch', program: throwing.path, args });
    console.take();
    return console;
  }

  it('stop where they are thrown, when that is asked for', LONG, async () => {
    const console = await thrown();
    await console.run('sxe eh');
    expect(await console.run('g')).toContain('C++ EH exception - code e06d7363 (first chance)');
    expect(await console.run('k')).toMatch(/thrower/);
    expect(await console.run('g')).toContain('code 5');
  });

  it('end in an abort where nobody catches them', LONG, async () => {
    const console = await thrown('more');
    expect(await console.run('g')).toContain('Assertion failure');
  });
});

describe('sx', () => {
  it('lists events, and says what is none', LONG, async () => {
    const console = new Console();
    const listed = await console.run('sx');
    expect(listed).toMatch(/^ {2}ld - Load module - output$/m);
    expect(listed).toMatch(/^ {2}av - Access violation - break - not handled$/m);
    expect(listed).toMatch(
      /^ bpe - Break instruction exception - break\nbpec - Break instruction exception continue - handled$/m,
    );
    expect(listed).toMatch(/\n\n {3}\* - Other exception - second-chance break - not handled\n$/);
    expect(await console.run('sxe nosuch')).toContain("There is no event 'nosuch'");
    expect(await console.run('sxe ch')).toMatch(/^The event ch is not available/);
    expect(await console.run('sxe -h ld')).toContain('is no exception');
    expect(await console.run('sxe av x')).toContain('Syntax error');
    expect(await console.run('sxe')).toContain('Syntax error');
    await console.run('sxd c0000005; sxe -c "k" -c2 "r" dz; sxe ld:plug*');
    const changed = await console.run('sx');
    expect(changed).toMatch(/^ {2}av - Access violation - second-chance break/m);
    expect(changed).toMatch(/Command: "k"\n {7}Second command: "r"\n/);
    expect(changed).toMatch(/^ {2}ld - Load module - break\n {7}\(only for plug\*\)$/m);
    await console.run('sxr');
    expect(await console.run('sx')).toBe(listed);
  });
});
