import { describe, expect, test } from 'vitest';
import type { EventStops } from '../backend/types.ts';
import { rig } from './testing/backend.ts';
import { compile } from './testing/programs.ts';

const sample = compile(
  'stops.cpp',
  `#include <dlfcn.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int c, char **v) {
  if (c > 1 && !strcmp(v[1], "again")) return 4;
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  void *h = dlopen("libanl.so.1", RTLD_NOW);
  if (h) dlclose(h);
  pid_t p = fork();
  if (!p) _exit(7);
  int s;
  waitpid(p, &s, 0);
  try { throw 5; } catch (int n) { s = n; }
  execl(v[0], v[0], "again", (char *)0);
  return 1;
}
`,
);

const ALL: EventStops = {
  forks: true,
  execs: true,
  exits: true,
  throws: true,
  modules: true,
  silentSignals: ['SIGUSR1'],
};

describe('stops for events', () => {
  test('come in order, each with what is known of it', async () => {
    const { backend, resume } = await rig();
    await backend.launch({ program: sample.path, args: [] });
    await backend.setEventStops(ALL);
    const seen: string[] = [];
    for (let stop = await resume(); stop.thread !== null; stop = await resume()) {
      seen.push(stop.reason);
      if (stop.reason === 'forked') expect(stop.event?.pid).toBeGreaterThan(1);
      if (stop.reason === 'exec') {
        expect(stop.event?.path).toMatch(/\/stops$/);
        expect((await backend.process())?.executable).toBe(sample.path);
      }
      if (stop.reason === 'modules') {
        const { loaded = [], unloaded = [] } = stop.event ?? {};
        seen.push([...loaded, ...unloaded].filter((path) => path.includes('libanl')).length > 0 ? 'anl' : '');
      }
    }
    const told = seen.filter((each) => each !== 'modules' && each !== '');
    expect(told).toEqual(['anl', 'anl', 'forked', 'thrown', 'exec', 'exiting']);
  });

  test('are none when they are not wanted any more', async () => {
    const { backend, resume } = await rig();
    await backend.launch({ program: sample.path, args: [] });
    await backend.setEventStops(ALL);
    const none = { forks: false, execs: false, exits: false, throws: false, modules: false };
    await backend.setEventStops({ ...none, silentSignals: [] });
    expect(await resume()).toMatchObject({ reason: 'signal', signal: { name: 'SIGUSR1' } });
    expect(await resume()).toMatchObject({ reason: 'exited', exitCode: 4 });
  });
});
