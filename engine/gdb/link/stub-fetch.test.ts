import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createImageStore } from '../../images/image-store.ts';
import { buildIdOf, debugOf } from '../../images/testing/elf.ts';
import {
  buildHidden,
  type HiddenOptions,
  type HiddenProgram,
  noHiddenFiles,
  startHidden,
} from '../../images/testing/hidden.ts';
import { sendFile, serveFolder } from '../../images/testing/symbol-server.ts';
import { LocalMachine } from '../../machine/local.ts';
import type { Transfer } from '../../protocol/session.ts';
import { type Rig, rig, waitFor } from '../testing/backend.ts';
import { testStub } from '../testing/stub.ts';

const missing = noHiddenFiles();
if (missing) console.warn(`Files fetched from a target are not tested: ${missing}.`);

/** This machine, with what was read of it noted, and held back while wanted. */
class WatchedMachine extends LocalMachine {
  readonly reads: string[] = [];
  held: Promise<void> | null = null;

  override readFile(path: string, pid: number | null, offset: number): Readable {
    this.reads.push(path);
    const stream = super.readFile(path, pid, offset);
    const { held } = this;
    if (!held) return stream;
    const out = new Transform({
      transform: (chunk, _encoding, done) => void held.then(() => done(null, chunk)),
    });
    stream.on('error', (error) => out.destroy(error));
    return stream.pipe(out);
  }
}

let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hawser-fetch-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

/** Ends after the back ends of its test. */
async function hidden(options: HiddenOptions = {}): Promise<HiddenProgram> {
  const program = await startHidden(options);
  onTestFinished(() => program.end());
  return program;
}

async function attached(program: HiddenProgram, machine = new WatchedMachine(), env: NodeJS.ProcessEnv = {}) {
  const images = createImageStore({ folder: join(home, 'images'), env: { HOME: home, ...env } });
  const made = await rig({ stub: { ...testStub(), machine }, images });
  const stop = await made.backend.attach({ pid: program.pid });
  return { ...made, machine, stop };
}

/** The latest of each transfer. */
function transfers({ events }: Pick<Rig, 'events'>): readonly Transfer[] {
  const latest = new Map<number, Transfer>();
  for (const event of events) if (event.type === 'transfer') latest.set(event.transfer.id, event.transfer);
  return [...latest.values()];
}

const loaded = ({ events }: Pick<Rig, 'events'>) =>
  events.flatMap((event) => (event.type === 'symbolsLoaded' ? event.modules : []));

async function stack({ backend }: Pick<Rig, 'backend'>): Promise<string[]> {
  const frames = await backend.frames(0, 20);
  return frames.map(({ symbol }) => (symbol ? `${symbol.module}!${symbol.name}` : '?'));
}

describe.skipIf(missing !== null)('files that only the target has', () => {
  it('are fetched in the background, and their symbols come after the stop', async () => {
    const program = await hidden();
    const made = await attached(program);
    expect(made.stop.reason).toBe('initial');
    await waitFor(() => loaded(made).length === 2);
    expect([...loaded(made)].sort()).toEqual(['libhidden', 'waiter']);
    expect(transfers(made).map(({ what, state, done, total }) => [what, state, done === total])).toEqual([
      ['waiter from birch', 'done', true],
      ['libhidden.so from birch', 'done', true],
    ]);
    expect([...made.machine.reads].sort()).toEqual([program.program, program.library].sort());
    const frames = await stack(made);
    expect(frames).toContain('libhidden!hidden_wait');
    expect(frames).toContain('waiter!main');
    expect((await made.backend.modules()).find(({ name }) => name === 'libhidden')).toMatchObject({
      path: program.library,
      symbols: 'dwarf',
    });
  });

  it('are fetched once: a second connection has all symbols at its stop', async () => {
    const program = await hidden();
    const first = await attached(program);
    await waitFor(() => loaded(first).length === 2);
    await first.backend.detach();
    await first.backend.dispose();
    const second = await attached(program);
    const frames = await stack(second);
    expect(frames).toContain('libhidden!hidden_wait');
    expect(frames).toContain('waiter!main');
    expect(transfers(second)).toEqual([]);
    expect(second.machine.reads).toEqual([]);
  });

  it('are fetched once even without a build id', async () => {
    const program = await hidden({ buildId: false });
    const first = await attached(program);
    await waitFor(() => loaded(first).length === 2);
    expect(await stack(first)).toContain('libhidden!hidden_wait');
    await first.backend.detach();
    await first.backend.dispose();
    const second = await attached(program);
    expect(await stack(second)).toContain('libhidden!hidden_wait');
    expect(second.machine.reads).toEqual([]);
  });

  it('delay neither the stop nor a command, and can be cancelled', async () => {
    const program = await hidden({ kilobytes: 512 });
    const machine = new WatchedMachine();
    let release = () => {};
    machine.held = new Promise((resolve) => {
      release = resolve;
    });
    const made = await attached(program, machine);
    expect(made.stop.reason).toBe('initial');
    expect((await made.backend.registers({ thread: 0, frame: 0 }, ['rip'])).size).toBe(1);
    const module = (await made.backend.modules()).find(({ name }) => name === 'libhidden');
    expect(module?.symbols).toBe('deferred');
    const running = transfers(made).find(({ what }) => what.startsWith('libhidden'));
    expect(running?.state).toBe('running');
    made.backend.cancelTransfer(running?.id ?? 0);
    await waitFor(() => transfers(made).some(({ state }) => state === 'cancelled'));
    release();
    await waitFor(() => loaded(made).includes('waiter'));
    expect(loaded(made)).toEqual(['waiter']);
    expect((await made.backend.modules()).find(({ name }) => name === 'libhidden')?.symbols).toBe('none');
  });

  it('get their debug information from debuginfod, without a stop having waited for it', async () => {
    const { library } = buildHidden({});
    const id = await buildIdOf(library);
    mkdirSync(join(home, 'server/buildid', id), { recursive: true });
    copyFileSync(debugOf(library), join(home, 'server/buildid', id, 'debuginfo'));
    const server = await serveFolder(join(home, 'server'));
    onTestFinished(() => server.close());
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The images are to come from the target.
    server.answer = (request, response) => {
      const path = join(home, 'server', request.url ?? '');
      if (path.endsWith('executable')) response.writeHead(404).end();
      else void released.then(() => sendFile(path, response));
    };
    const program = await hidden({ stripped: true });
    const env = { DEBUGINFOD_URLS: server.url };
    const made = await attached(program, new WatchedMachine(), env);
    const symbols = async () =>
      (await made.backend.modules()).find(({ name }) => name === 'libhidden')?.symbols;
    await waitFor(() => loaded(made).includes('libhidden'));
    expect(await symbols()).toBe('exports');
    release();
    while ((await symbols()) !== 'dwarf') await new Promise((resolve) => setTimeout(resolve, 50));
    expect(transfers(made).map(({ what, state }) => [what, state])).toContainEqual([
      `symbols of libhidden.so from ${server.host}`,
      'done',
    ]);
    const [frame] = (await made.backend.frames(0, 20)).filter(({ symbol }) => symbol?.name === 'hidden_wait');
    expect(frame?.source?.line).toBe(2);
    await made.backend.detach();
    await made.backend.dispose();
    const asked = server.asked.length;
    const second = await attached(program, new WatchedMachine(), env);
    expect((await second.backend.modules()).find(({ name }) => name === 'libhidden')?.symbols).toBe('dwarf');
    expect(transfers(second)).toEqual([]);
    expect(server.asked.slice(asked).filter(({ path }) => path.includes(id))).toEqual([]);
  });

  it('run nothing on this machine, whatever scripts they bring', async () => {
    const trace = join(home, 'was-here');
    const script = `\\004gdb.inlined-script\\nopen('${trace}', 'w').close()\\n\\000`;
    const program = await hidden({
      library: `#include <unistd.h>
asm(".pushsection \\".debug_gdb_scripts\\", \\"MS\\",@progbits,1\\n.ascii \\"${script.replaceAll('\\', '\\\\')}\\"\\n.popsection");
int hidden_wait(int n) { for (;;) { n++; usleep(1000); } return n; }
`,
    });
    const made = await attached(program);
    await waitFor(() => loaded(made).includes('libhidden'));
    expect(await stack(made)).toContain('libhidden!hidden_wait');
    expect(existsSync(trace)).toBe(false);
  });
});
