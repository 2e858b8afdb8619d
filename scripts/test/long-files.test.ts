import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leftOut, longFiles } from './long-files.mjs';

describe('files of tests that take long', () => {
  it('are there, and run where they are named or everything runs', () => {
    const all = Object.keys(longFiles);
    expect(all.filter((file) => !existsSync(file))).toEqual([]);
    expect(leftOut(['run'], {})).toEqual(all);
    expect(leftOut(['run', 'tools/soak.test.ts'], {})).not.toContain('tools/soak.test.ts');
    expect(leftOut([], { HAWSER_FULL: '1' })).toEqual([]);
  });

  it.for(leftOut([], process.env))('%s', (_file, context) =>
    context.skip('takes long: npm run test:full, or named'),
  );
});
