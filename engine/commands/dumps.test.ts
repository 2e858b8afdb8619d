import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compile } from '../gdb/testing/programs.ts';
import { Console, REMOTE } from './testing/console.ts';
import { loopSource } from './testing/loop.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumps with blanks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = () => compile('loop.c', loopSource).path;

describe('core files', () => {
  it('are written by .dump, and opened by .opendump beside the process', async () => {
    const console = new Console();
    await console.start({ kind: 'launch', program: program(), args: ['3'] });
    await console.run('g loop!work');
    const core = join(folder, 'loop.core');
    // GDB's own warnings come between.
    const said = (await console.run(`.dump /ma "${core}"`))
      .split('\n')
      .filter((line) => !/^warning: /.test(line));
    expect(said).toEqual([`Creating ${core} - core file`, 'Dump successfully written', '']);
    expect(await console.run(`.dump "${core}"`)).toContain('exists; /o writes over it');
    expect(await console.run(`.dump /o /c "a comment" "${core}"`)).toContain('Dump successfully written');
    expect(await console.run(`.dump /u "${core}"`)).toContain('Dump successfully written');
    expect(readdirSync(folder).filter((name) => name.endsWith('.core'))).toHaveLength(2);
    expect(await console.run(`.dump "${folder}/no/such/x"`)).not.toContain('successfully');
    expect(await console.run(`.dump /o "${core}"`, REMOTE)).toContain('is for the owner');
    expect(await console.run(`.opendump "${core}"`, REMOTE)).toContain('is for the owner');

    await console.run(`.opendump "${core}"`);
    expect(console.language.state).toMatchObject({ kind: 'core', prompt: '||1:0:000> ' });
    expect(await console.run('k 1')).toContain('loop!work');
    expect(await console.run('.echo ${$CurrentDumpFile} in ${$CurrentDumpPath}')).toBe(
      `loop.core in ${folder}\n`,
    );
    expect(await console.run('.dump x')).toContain('this is a core file already');
    expect(await console.run('.ttime')).toContain('only a live process');
    await console.run('.detach');
    expect(console.language.state.kind).toBe('live');
    expect(await console.run('.opendump /nowhere/at/all')).toContain('Cannot open core file');
  });
});

describe('.abandon', () => {
  it('leaves a process standing', async () => {
    const child = spawn(program(), ['3', 'spin'], { stdio: 'ignore' });
    const pid = child.pid ?? 0;
    try {
      const console = new Console();
      await console.start({ kind: 'attach', pid, noninvasive: false, noBreak: false });
      expect(await console.run('.abandon')).toContain(`Process 0n${pid} stands still`);
      expect(console.language.state.kind).toBe('none');
      await expect
        .poll(() => readFileSync(`/proc/${pid}/status`, 'utf8'))
        .toMatch(/^State:\s+T \(stopped\)$/m);
      await console.run(`.attach 0n${pid}`);
      expect(console.language.state.kind).toBe('live');
    } finally {
      child.kill('SIGKILL');
    }
  });
});
