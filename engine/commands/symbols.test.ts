import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGdbBackend } from '../gdb/backend.ts';
import { compile } from '../gdb/testing/programs.ts';
import { systemDebug } from '../images/local-files.ts';
import { serveFolder, type TestServer } from '../images/testing/symbol-server.ts';
import { Console } from './testing/console.ts';

const TIMEOUT = { timeout: 60_000 };
const folder = mkdtempSync(join(tmpdir(), 'hawser-symbols-'));
let server: TestServer;
let buildId = '';

const SOURCE = `
int g_secret = 42;
static int hidden(int n) { return n * 2; } /* hidden */
int shown(int n) { return hidden(n) + g_secret; }
int main(void) { return shown(3); }
`;

/** Program `split` without debug information, which is `split.debug`; each test puts that where it wants it. */
beforeAll(async () => {
  const program = compile('split.c', SOURCE, ['-g', '-O0', '-rdynamic', '-Wl,--build-id=sha1']);
  copyFileSync(program.path, join(folder, 'whole'));
  const run = (...words: string[]) =>
    execFileSync(words[0] ?? '', words.slice(1), { cwd: folder, encoding: 'utf8' });
  run('objcopy', '--only-keep-debug', 'whole', 'split.debug');
  run('objcopy', '--strip-all', '--add-gnu-debuglink=split.debug', 'whole', 'split');
  run('objcopy', '--strip-all', 'whole', 'bare');
  buildId = /Build ID: ([0-9a-f]+)/.exec(run('readelf', '-n', 'whole'))?.[1] ?? '';
  mkdirSync(join(folder, 'aside'));
  renameSync(join(folder, 'split.debug'), join(folder, 'aside', 'split.debug'));
  server = await serveFolder(join(folder, 'served'));
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  for (const each of ['symbols', 'served', '.debug', 'cache'])
    rmSync(join(folder, each), { recursive: true, force: true });
});

function put(...path: string[]): void {
  mkdirSync(dirname(join(folder, ...path)), { recursive: true });
  copyFileSync(join(folder, 'aside', 'split.debug'), join(folder, ...path));
}

async function started(name: string): Promise<Console> {
  const env = { ...process.env, DEBUGINFOD_URLS: '', XDG_CACHE_HOME: join(folder, 'cache') };
  const console = new Console({ createBackend: (stub, file) => createGdbBackend({ stub, file, env }) });
  await console.start({ kind: 'launch', program: join(folder, name), args: [] });
  return console;
}

const tree = () => [`.build-id`, buildId.slice(0, 2), `${buildId.slice(2)}.debug`];

describe('a module without debug information', () => {
  it('has its exports, and it is said where the rest was looked for', TIMEOUT, async () => {
    const console = await started('bare');
    expect(await console.run('x bare!shown')).toMatch(/ bare!shown \(<no parameter info>\)\n$/);
    expect(await console.run('x bare!hidden')).toBe('');
    expect(await console.run('lm m bare')).toContain('(export symbols)');
    const symbols = join(folder, 'symbols');
    await console.run(`.sympath ${symbols}`);
    const said = await console.run('ld bare');
    expect(said).toMatch(/^\*\*\* ERROR: Symbols could not be loaded for bare\n/);
    expect(said).toContain(`build id ${buildId}`);
    expect(said).toContain(`${join(symbols, ...tree())} - file not found\n`);
    expect(said).toContain(`${join(systemDebug(), ...tree())} - file not found\n`);
    expect(await console.run('lmv m bare')).toContain(`${join(symbols, ...tree())} - file not found\n`);
  });

  it('gets it by build id from a folder that was named later', TIMEOUT, async () => {
    const console = await started('bare');
    put('symbols', ...tree());
    await console.run(`.sympath ${join(folder, 'symbols')}`);
    await console.run('!sym noisy');
    expect(await console.run('.reload')).toContain(
      `DBGHELP: bare - private symbols: ${join(folder, 'symbols')}`,
    );
    expect(await console.run('x bare!hidden')).toMatch(/ bare!hidden \(int\)\n$/);
    expect(await console.run('lm m bare')).toContain('DWARF Private Symbols');
  });

  it('gets it by .gnu_debuglink, if the checksum is right', TIMEOUT, async () => {
    const console = await started('split');
    mkdirSync(join(folder, '.debug'));
    writeFileSync(join(folder, '.debug', 'split.debug'), 'something else');
    expect(await console.run('ld split')).toContain(
      `${join(folder, '.debug/split.debug')} - mismatched checksum\n`,
    );
    put('.debug', 'split.debug');
    expect(await console.run('ld split')).toBe('Symbols loaded for split\n');
    expect(await console.run('x split!g_secret')).toMatch(/ split!g_secret = 0n42\n$/);
  });

  it('gets it from a debuginfod server, when it is asked for', TIMEOUT, async () => {
    const console = await started('bare');
    put('served', 'buildid', buildId, 'debuginfo');
    await console.run(`.sympath DebugInfoD*${server.url}`);
    expect(await console.run('.reload')).toBe('');
    expect(server.asked).toEqual([]);
    expect(await console.run('.reload /f bare')).toMatch(/^Fetching symbols of bare from 127\.0\.0\.1/);
    expect(server.asked.map(({ path }) => path)).toEqual([`/buildid/${buildId}/debuginfo`]);
    expect(await console.run('x bare!hidden')).toMatch(/ bare!hidden \(int\)\n$/);
    expect(await console.run('bp bare!hidden; g; dv /t')).toMatch(/\nint n = 0n-?\d+\n$/);
  });

  it('is missed where no server has it, and that is said', TIMEOUT, async () => {
    const console = await started('bare');
    await console.run(`.sympath DebugInfoD*${server.url}`);
    await console.run('!sym noisy');
    const said = await console.run('ld bare');
    expect(said).toContain(`DBGHELP: ${server.url}/buildid/${buildId}/debuginfo - not known there\n`);
    expect(said).toContain('*** ERROR: Symbols could not be loaded for bare\n');
  });
});

describe('source files', () => {
  it('are found where they lie here', TIMEOUT, async () => {
    const moved = compile('moved.c', `${SOURCE}/* moved */`, ['-g', '-O0', '-ffile-prefix-map=/=/nowhere/']);
    const console = new Console();
    await console.start({ kind: 'launch', program: moved.path, args: [] });
    await console.run('g main');
    expect(await console.run('lsa .')).toContain('cannot be read');
    expect(await console.run('!addsourcemap * /here')).toContain('Syntax error');
    await console.run(`!addsourcemap * ${dirname(moved.source)}/* /nowhere${dirname(moved.source)}/*`);
    expect(await console.run('lsa ., -1, 3')).toMatch(/^ {5}4: int shown.*\n> {4}5: int main.*\n {5}6: /);
    await console.run('!removesourcemaps');
    expect(await console.run('lsa .')).toContain('cannot be read');
    await console.run(`.srcpath ${dirname(moved.source)}`);
    expect(await console.run('lsa ., 0, 1')).toMatch(/^> {4}5: int main/);
  });
});

describe('symbols of the C library', () => {
  it('come in pieces, and no more is read than is taken', TIMEOUT, async () => {
    const backend = await createGdbBackend();
    try {
      await backend.launch({ program: join(folder, 'bare'), args: [] });
      const sizes: number[] = [];
      for await (const some of backend.symbols('libc_so', '*')) {
        sizes.push(some.length);
        if (sizes.length === 3) break;
      }
      expect(sizes).toEqual([500, 500, 500]);
    } finally {
      await backend.dispose();
    }
  });

  it('are those of nm', TIMEOUT, async () => {
    const console = await started('bare');
    const path = '/lib/x86_64-linux-gnu/libc.so.6';
    const [row = ''] = (await console.run('lm m libc_so')).split('\n').slice(1);
    const base = BigInt(`0x${row.slice(0, 17).replace('`', '')}`);
    const end = BigInt(`0x${row.slice(18, 35).replace('`', '')}`);
    const headers = execFileSync('readelf', ['-lW', path], { encoding: 'utf8' });
    const last = [...headers.matchAll(/^ +LOAD +\S+ (0x\S+) \S+ \S+ (0x\S+)/gm)].at(-1);
    const size = BigInt(last?.[1] ?? 0) + BigInt(last?.[2] ?? 0);
    // Of what is zero at first the mapping of the file has the beginning only.
    expect(end - base).toBeGreaterThan(size - 0x10000n);
    expect(end - base).toBeLessThanOrEqual(((size + 0xfffn) >> 12n) << 12n);
    const ours = new Map(
      [...(await console.run('x /2 libc_so!*')).matchAll(/^(\S+) libc_so!(\S+)$/gm)].map(
        ([, at = '', name = '']) => [name, BigInt(`0x${at.replace('`', '')}`) - base],
      ),
    );
    const exported = [
      ...execFileSync('nm', ['-D', '--defined-only', '--without-symbol-versions', path], {
        encoding: 'utf8',
      }).matchAll(/^([0-9a-f]+) [TW] (\w+)$/gm),
    ];
    expect(exported.length).toBeGreaterThan(1000);
    const missing = exported.filter(([, at = '', name = '']) => ours.get(name) !== BigInt(`0x${at}`));
    // Of several versions of a name, the default one is the other's.
    expect(missing.length).toBeLessThan(exported.length / 50);
  });
});

/** Without the stubs of the PLT and the numbers of static ones; parts that stand apart have no name in debug information. */
function ownNames(found: readonly (readonly string[])[]): Set<string> {
  const names = found.map(([, name = '']) => name.replace(/\.\d+$/, ''));
  return new Set(names.filter((name) => !/@|\.cold$|\.part$/.test(name)));
}

/** GDB's own list of functions or variables by pattern: those with debug information, and those without. */
function listedByGdb(program: string, what: 'functions' | 'variables', pattern: string): Set<string> {
  const text = execFileSync(
    'gdb',
    ['--nx', '--batch', '-ex', 'set width 0', '-ex', `info ${what} ${pattern}`, program],
    { encoding: 'utf8' },
  );
  const [debugging = '', plain = ''] = text.split('Non-debugging symbols:');
  const declared = [...debugging.matchAll(/^\d+:\t.*?(\w+)(?:\(.*\)|(?:\[\d*\])*);$/gm)];
  const named = [...plain.matchAll(/^0x[0-9a-f]+ {2}(\S+)$/gm)];
  return ownNames([...declared, ...named]);
}

describe("x against GDB's own lists", () => {
  const names = (text: string) => ownNames([...text.matchAll(/ \w+!(\S+?)(?= \(| =)/g)]);

  it(
    'has the functions and variables of a program, with and without debug information',
    TIMEOUT,
    async () => {
      for (const name of ['whole', 'bare']) {
        const console = await started(name);
        const program = join(folder, name);
        expect(names(await console.run(`x /f ${name}!*`))).toEqual(listedByGdb(program, 'functions', '.'));
        expect(names(await console.run(`x /d ${name}!*`))).toEqual(listedByGdb(program, 'variables', '.'));
      }
    },
  );

  it('has the functions of the C library, and no others', TIMEOUT, async () => {
    const console = await started('bare');
    const library = '/lib/x86_64-linux-gnu/libc.so.6';
    const ours = names(await console.run('x /f libc_so!getc*'));
    // GDB leaves out those in assembler: their lines are known, their types are not.
    const theirs = listedByGdb(library, 'functions', '^getc');
    const listed = execFileSync('nm', ['-D', '--defined-only', '--without-symbol-versions', library], {
      encoding: 'utf8',
    });
    const exported = [...listed.matchAll(/ [TW] (getc\w*)$/gm)].map(([, name = '']) => name);
    expect(exported.length).toBeGreaterThan(3);
    for (const name of exported) expect(ours, name).toContain(name);
    const known = new Set([...theirs, ...exported]);
    for (const name of ours) expect(known, name).toContain(name);
  });
});
