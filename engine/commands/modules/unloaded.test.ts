import { describe, expect, it } from 'vitest';
import { UnloadedModules } from './unloaded.ts';

describe('modules that have gone', () => {
  it('are known by where they were, until they are there again', () => {
    const modules = new UnloadedModules();
    modules.seen('/lib/a.so', 0x1000n, 0x2000n);
    modules.left('/lib/a.so');
    modules.left('/lib/never.so');
    expect(modules.all).toEqual([{ path: '/lib/a.so', start: 0x1000n, end: 0x2000n }]);
    modules.seen('/lib/a.so', 0x5000n, 0x6000n);
    expect(modules.all).toHaveLength(1);
    modules.seen('/lib/a.so', 0x1000n, 0x2000n);
    expect(modules.all).toEqual([]);
  });

  it('are forgotten after 64', () => {
    const modules = new UnloadedModules();
    for (let at = 0; at < 70; at++) {
      modules.seen(`/lib/${at}.so`, BigInt(at), BigInt(at + 1));
      modules.left(`/lib/${at}.so`);
    }
    expect(modules.all.map(({ path }) => path).at(0)).toBe('/lib/6.so');
    expect(modules.all).toHaveLength(64);
  });
});
