import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** What set-up and tests keep between runs in this checkout; never committed. */
export const workDir = join(root, '.cache');

/** What all checkouts of one user share. */
export const userCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hawser');

/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);
