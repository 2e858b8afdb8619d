import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** What the tests make and keep; never committed. */
export const work = join(root, '.cache', 'e2e');

/** Pictures of every state, to be looked at. */
export const screens = join(root, 'test-results', 'screens');

export const hawser = join(root, 'tools', 'hawser');
