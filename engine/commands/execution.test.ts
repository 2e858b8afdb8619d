import { describe, expect, it, onTestFinished } from 'vitest';
import { librarySymbolsOnce } from '../gdb/testing/library-symbols.ts';
import { compile } from '../gdb/testing/programs.ts';
import { Console, REMOTE } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const program = compile('loop.c', loopSource, ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none']);
const LONG = { timeout: 120_000 };

async function started(...args: string[]): Promise<Console> {
  const console = new Console();
  await console.start({ kind: 'launch', program: program.path, args });
  console.take();
  return console;
}

/** Breaks in once the target has run for a moment. */
async function breakInto(console: Console, line: string): Promise<string> {
  const running = console.run(line);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await console.language.breakIn();
  return running;
}

describe('running', () => {
  it('tells the fronts when it runs and when it has stopped', LONG, async () => {
    const console = await started('3');
    expect(console.language.state).toMatchObject({ run: 'stopped', prompt: '0:000> ', kind: 'live' });
    console.changes.length = 0;
    await console.run('g');
    expect(console.changes).toContain('state running');
    expect(console.language.state).toMatchObject({
      run: 'noTarget',
      prompt: 'NoTarget> ',
      kind: 'none',
      process: null,
    });
    expect(console.debuggee).toBe('work 6\r\nrecurse 51\r\n');
  });

  it('runs what comes after g when the target has stopped', LONG, async () => {
    const console = await started('3');
    expect(await console.run('bp loop!work; g; .echo here; r rip')).toMatch(/here\nrip=\w+\n$/);
  });

  it('says which breakpoint it cannot run with, and goes on once that is gone', LONG, async () => {
    const console = await started('3');
    expect(await console.run('g 5')).toContain(
      'A breakpoint for this run cannot be set at 00000000`00000005: no memory that can be written is there.',
    );
    expect(await console.run('bp7 12345')).toBe(
      'WARNING: There is no memory at 00000000`00012345; the target cannot go on while breakpoint 7 is enabled there.\n',
    );
    for (const line of ['g', 't', 't 30', 'p', 'g loop!work']) {
      expect(await console.run(line), line).toMatch(
        /^Breakpoint 7 cannot be set at 00000000`00012345: .*\nThe target has not moved. bc 7 clears/,
      );
    }
    expect(console.language.state).toMatchObject({ run: 'stopped', kind: 'live' });
    expect(await console.run('bd 7; g loop!work')).toContain('loop!work');
  });

  it('takes as many hardware breakpoints as the CPU has, at addresses that it can watch', LONG, async () => {
    const console = await started('3');
    await console.run('g loop!work');
    for (const size of [2, 4, 8]) {
      expect(await console.run(`ba w${size} loop!g_count+1`)).toMatch(/is no multiple of the size/);
    }
    for (const offset of [0, 4, 8, 10]) {
      expect(await console.run(`ba w1 loop!g_count+${offset}`)).toBe('');
    }
    expect(await console.run('ba r1 loop!g_count+20')).toMatch(
      /^The CPU has room for 4 hardware breakpoints, and 4 are enabled \(0 1 2 3\)\./,
    );
    expect(await console.run('bd 2; ba r1 loop!g_count+20; bl')).toMatch(/^ 4 e .* r 1 /m);
    expect(await console.run('be 2')).toContain('The CPU has room for 4');
    expect(await console.run('bc *; g')).toContain('Exit process');
  });

  it('breaks in while it runs, and stays usable', LONG, async () => {
    const console = await started('3', 'spin');
    expect(await breakInto(console, 'g')).toContain(
      'Break instruction exception - code 80000003 (first chance)',
    );
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('k 1')).toContain('loop!main');
  });

  it.each(['p 100000', 't 100000'])('cancels %s', LONG, async (line) => {
    const console = await started('3', 'spin');
    await breakInto(console, 'g');
    const before = Date.now();
    await breakInto(console, line);
    expect(Date.now() - before).toBeLessThan(5000);
    expect(console.language.state.run).toBe('stopped');
    expect(await console.run('r rip')).toMatch(/^rip=/);
  });

  it('shows each of many steps, as stepping one by one would', LONG, async () => {
    const strip = (text: string) => text.replace(/(=\?+|(?<=`[0-9a-f]{8})=[0-9a-f]+)$/gm, '');
    const [one, many] = [await started('3'), await started('3')];
    for (const console of [one, many]) await console.run('g loop!work');
    let single = '';
    for (let step = 0; step < 0x30; step++) single += await one.run('t');
    expect(strip(await many.run('t 30'))).toBe(strip(single));
  });

  it('ends a recording at a breakpoint', LONG, async () => {
    const console = await started('3');
    await console.run('g loop!work; bp loop!helper');
    const text = await console.run('t 1000');
    expect(text).toContain('Breakpoint 0 hit');
    expect(await console.run('ln @rip')).toContain('Exact matches:\n    loop!helper');
  });

  it('steps to calls and returns in a program with threads, which run meanwhile', LONG, async () => {
    const console = await started('3', 'threads');
    await console.run('g loop!work');
    expect(await console.run('tc 2')).toMatch(/(call +loop!helper [\s\S]*){2}/);
    // The other thread has to come to the barrier while the call is stepped over.
    await console.run(`g \`loop.c:${program.line('pthread_create(')}\``);
    const text = await console.run('pc 3');
    expect(text).toMatch(/call +loop!pthread_barrier_wait[\s\S]*call +loop!helper/);
  });

  it.each(['pct 100000', 'tt', 'th 1000000', 'ta 12345', 'pa 12345', 'wt 12345'])(
    'cancels %s',
    LONG,
    async (line) => {
      const console = await started('3', 'spin');
      await breakInto(console, 'g');
      const text = await breakInto(console, line);
      expect(console.language.state.run).toBe('stopped');
      expect(text.slice(-1000)).toMatch(/Break instruction exception|cancelled by a break-in/);
      expect(await console.run('r rip')).toMatch(/^rip=/);
    },
  );

  it('traces what a function calls in libraries, and says what it leaves out', LONG, async () => {
    const console = await started('3');
    await console.run('g loop!work; gu; pc');
    const traced = await console.run('wt');
    expect(traced).toMatch(/^ +\d+ +\d+ \[ {2}1\] {3}libc_so!\S*printf$/m);
    expect(traced).toMatch(/^\d+ instructions were executed in \d+ events \(0 from other threads\)$/m);
    expect(traced).toMatch(/^Calls {2}System Call$/m);
    await console.run('.restart; g loop!work; gu; pc');
    const own = await console.run('wt -m loop -ni -ns');
    expect(own).toContain('loop!main');
    expect(own).not.toMatch(/\[ .*libc_so!/);
    await console.run('.restart; g loop!work; gu; pc');
    expect(await console.run('wt -l 1 -oR')).toMatch(/\[ {2}1\] {3}libc_so!\S*printf (?:int 0n7|rax = 7)$/m);
  });

  it('counts as single steps would', LONG, async () => {
    const console = await started('3');
    await console.run('g loop!recurse');
    const back = (await console.run('? @$ra')).split(' = ')[1]?.trim();
    let steps = 0;
    for (let ip = ''; ip !== back; steps++) {
      await console.run('t');
      ip = (await console.run('? @rip')).split(' = ')[1]?.trim() ?? '';
    }
    await console.run('.restart; g loop!recurse');
    expect(await console.run('wt')).toContain(`\n${steps} instructions were executed in ${steps - 1} events`);
  });

  it(
    'runs to a name of a library that is not there yet, to hardware stops, and the way it came',
    LONG,
    async () => {
      const console = await started('3');
      expect(await console.run('g nosuch!init')).toContain('Exit process');
      await console.run('.restart; bp loop!helper; g');
      expect(await console.run('gn')).toMatch(/^ +\^ The target stands at a breakpoint/);
      expect(await console.run('gN')).toContain('Breakpoint 0 hit');
      await console.run('p');
      expect(await console.run('gc')).toMatch(/loop!helper\+0x\w+ /);
      await console.run('g');
      await console.run('bc *');
      expect(await console.run('gc')).toContain('Exit process');
    },
  );

  it('keeps other threads still for ~.t', LONG, async () => {
    const console = await started('3', 'threads');
    await console.run(`g \`loop.c:${program.line('/* threads */')}\``);
    const other = await console.run('~1r rip');
    await console.run('~.t 3');
    expect(await console.run('~1r rip')).toBe(other);
    expect(console.language.state.thread?.index).toBe(0);
  });
});

describe('~e', () => {
  it('runs a line for each thread, past errors, and moves none', LONG, async () => {
    const console = await started('3', 'threads');
    await console.run(`g \`loop.c:${program.line('/* threads */')}\``);
    const text = await console.run('~*e .printf "%d;", @$dtid; ? poi(0); .echo never');
    expect(text).toMatch(/^0;.*\n[\s\S]*1;/);
    expect(text).not.toContain('never');
    expect(await console.run('~1e r $t0 = @$dtid; g')).toContain(
      'g runs the target, which commands behind ~e cannot',
    );
    expect(await console.run('? @$t0')).toContain(' 1 = ');
    expect(console.language.state.thread?.index).toBe(0);
  });
});

describe('frozen and suspended threads', () => {
  it('are listed, stay where they are, and are told of', LONG, async () => {
    onTestFinished(librarySymbolsOnce());
    const console = await started('3', 'threads');
    const line = `\`loop.c:${program.line('/* threads */')}\``;
    await console.run(`g ${line}`);
    expect(await console.run('~1f; ~1n; ~1n; ~1m')).toMatch(/Suspend: 3 [^\n]*\n +Start: \S+ \S+\n$/);
    expect(await console.run('~')).toMatch(/^ {3}1 {2}Id: \S+ Suspend: 2 Teb: \S+ Frozen "loop"$/m);
    expect(await console.run('~1u; ~')).toMatch(/Suspend: 2 Teb: \S+ Unfrozen/);
    expect(await console.run('~1s; t')).toContain('Thread 1 is frozen or suspended.');
    expect(await console.run('~1g')).toContain('~1m takes one from its suspend count');
    expect(await console.run('~*f; g')).toContain('No thread can run');
    expect(console.language.state.run).toBe('stopped');
    await console.run('~*u; ~1m; ~0s; ~1f');
    const other = await console.run('~1r rip');
    await console.run('p; gu');
    expect(await console.run('~1r rip')).toBe(other);
    expect(await console.run('bc *; g')).toContain('Exit process');
  });
});

describe('breakpoints on a library that comes and goes', () => {
  const library = compile('plugin.c', 'int plugged(int x) { return x + 1; }', ['-g', '-shared', '-fPIC']);
  const loader = compile(
    'twice.c',
    `#include <dlfcn.h>
static int once(const char *path) { void *h = dlopen(path, RTLD_NOW); int (*f)(int) = dlsym(h, "plugged"); int r = f(4); dlclose(h); return r; }
void between(void) {}
int main(int c, char **v) { int r = once(v[1]); between(); return r + once(v[1]); }`,
  );

  it('stay where they are names, and go where they are addresses', LONG, async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: loader.path, args: [library.path] });
    await console.run('bu plugin!plugged; bp twice!between');
    expect(await console.run('bl 0')).toMatch(/^ 0 eu .* \(plugin!plugged\)$/m);
    expect(await console.run('g')).toMatch(/^ModLoad: .*plugin\.so|Breakpoint 0 hit/m);
    await console.run('bp plugin!plugged+4');
    expect(await console.run('bl')).toMatch(/plugin!plugged\n[\s\S]*plugin!plugged\+0x4\n/);
    expect(await console.run('g')).toContain('Breakpoint 2 hit');
    expect(await console.run('g')).toContain('Breakpoint 1 hit');
    expect(await console.run('bl')).toMatch(/^ 0 eu .*\(plugin!plugged\)\n 1 e [^\n]*\n$/);
    expect(await console.run('g')).toContain('Breakpoint 0 hit');
    const last = await console.run('g');
    expect(last).toContain('Exit process');
    expect(last).not.toContain('warning');
  });
});

describe("breakpoints' commands", () => {
  it('run at every hit, and one that resumes ends them', LONG, async () => {
    const console = await started('5');
    await console.run('bp loop!helper "r rdi; g; .echo never"');
    const text = await console.run('g');
    expect(text).toMatch(/^(rdi=000000000000000[0-4]\n){5}/);
    expect(text).not.toContain('never');
    expect(text).toContain('has exited with code 3');
  });

  it('are not run by steps', LONG, async () => {
    const console = await started('1');
    await console.run('g loop!helper; bp loop!helper+1 ".echo ran"');
    const text = await console.run('p');
    expect(text).toContain('Breakpoint 0 hit');
    expect(text).not.toContain('ran');
  });

  it('stay stopped when one fails, and say where', LONG, async () => {
    const console = await started('3');
    await console.run('bp loop!helper ".echo a; foo; g"');
    expect(await console.run('g')).toMatch(/^a\n\.echo a; foo; g\n {9}\^ Unknown command 'foo'/);
    expect(console.language.state.run).toBe('stopped');
  });

  it('have the rights of who set them', LONG, async () => {
    const console = await started('3');
    await console.run('bp loop!helper ".gdb echo owned"', REMOTE);
    expect(await console.run('g')).toContain('.gdb is for the owner');
  });

  it('can resume ten thousand times', { timeout: 120_000 }, async () => {
    const console = await started('0n2000'.slice(2));
    await console.run('bp loop!helper "r $t0 = @$t0 + 1; g"');
    await console.run('g');
    expect(await console.run('r $t0')).toBe('$t0=00000000000007d0\n');
  });

  it('stop at a pass, one-shot, and come back after .restart', LONG, async () => {
    const console = await started('5');
    await console.run('bp loop!helper 3; bp /1 loop!recurse');
    await console.run('g');
    expect(await console.run('r rdi')).toBe('rdi=0000000000000002\n');
    await console.run('bc 0; g');
    expect(await console.run('bl')).toBe('');
    await console.run('bp loop!recurse');
    await console.run('.restart');
    expect(await console.run('g')).toContain('Breakpoint 0 hit');
  });
});

describe('ends', () => {
  it('ends the session at exit with -G', LONG, async () => {
    const console = new Console();
    await console.start(
      { kind: 'launch', program: program.path, args: ['1'] },
      { ignoreInitialBreak: true, ignoreFinalBreak: true },
    );
    expect(console.ended).toBe('quit');
  });

  it('rejects a start that cannot be', LONG, async () => {
    const console = new Console();
    await expect(
      console.start({ kind: 'launch', program: `${program.path}.nosuch`, args: [] }),
    ).rejects.toMatchObject({
      code: 'PROGRAM_NOT_FOUND',
    });
    expect(console.language.state.run).toBe('noTarget');
  });

  it('lets a running target go', LONG, async () => {
    const console = await started('3', 'spin');
    const { pid } = console.language.state.process ?? { pid: 0 };
    const running = console.run('g');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await console.language.dispose('detach');
    await running;
    expect(() => process.kill(pid, 0)).not.toThrow();
    process.kill(pid, 'SIGKILL');
  });
});

describe('a thread that runs alone and ends', () => {
  const ends = compile(
    'ends.c',
    `#include <pthread.h>
static void *worker(void *p) { return p; }
void never(void) {}
int main(int argc, char **argv) {
  pthread_t t;
  pthread_create(&t, 0, worker, 0);
  pthread_join(t, 0);
  if (argc > 1) never();
  return 3;
}
`,
    ['-g', '-O0', '-pthread', '-no-pie', '-fcf-protection=none'],
  );

  it.each(['~. g', '~. t 0n100000', '~. p 0n100000', '~. pct 0n100000', 'wt ends!never'])(
    '%s stops in another one, and all go on from there',
    LONG,
    async (line) => {
      const console = new Console();
      await console.start({ kind: 'launch', program: ends.path, args: [] });
      await console.run('bp ends!worker; g');
      const text = await console.run(line);
      expect(text).toContain('Exit thread 1\n');
      expect(text).toContain('Only that thread ran, and the others stand; g lets all go on.');
      expect(await console.run('~')).toMatch(/^\. {2}0 {2}Id: [^\n]*\n$/);
      expect(await console.run('k')).toContain('ends!main');
      expect(await console.run('.lastevent')).toContain('Exit thread 1\n');
      expect(await console.run('g')).toContain('code 3');
    },
  );
});
