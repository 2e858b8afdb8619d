import { expect, test } from 'vitest';
import type { Helper } from '../helper.ts';
import { Modules } from './modules.ts';

test('modules that come while they are read are in the next list', async () => {
  const answers: (() => void)[] = [];
  let mapped = ['/one'];
  const call = () => {
    const now = mapped.map((path, at) => [`${at + 1}000`, `${at + 2}000`, '0', path]);
    const modules = mapped.map((file) => ({ file, id: null, extra: [], dwarf: false }));
    return new Promise((resolve) => {
      answers.push(() => resolve({ main: '/one', modules, mappings: now, vdso: null }));
    });
  };
  const modules = new Modules({ call } as unknown as Helper, {
    realPath: (path) => path,
    mapped: async () => null,
  });
  const answer = async () => {
    await expect.poll(() => answers.length).toBe(1);
    answers.shift()?.();
  };
  const names = async () => (await modules.list()).map(({ info }) => info.path);

  const early = names();
  await expect.poll(() => answers.length).toBe(1);
  mapped = ['/one', '/two'];
  modules.invalidate();
  await answer();
  expect(await early).toEqual(['/one']);
  const late = names();
  await answer();
  expect(await late).toEqual(['/one', '/two']);
  // Kept as long as nothing comes or goes.
  expect(await names()).toEqual(['/one', '/two']);
});
