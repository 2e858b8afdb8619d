import { join, resolve } from 'node:path';

/** The checkout; this file runs as `dist/bench/bench.js`. */
export const root = resolve(import.meta.dirname, '../..');
export const hawser = join(root, 'tools/hawser');
