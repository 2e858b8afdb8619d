import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'playwright/test';
import { startDisplay } from '../../scripts/lib/display.mjs';
import {
  Child,
  type Served,
  type ServerOptions,
  startGdbserver,
  startProcessServer,
  startServer,
} from './child.ts';
import { Gui } from './gui.ts';
import { keepCommandWindowOnly } from './layouts.ts';
import { compiled } from './programs.ts';

interface Fixtures {
  /** Which windows are open at first: the Command window alone, or as the program comes. */
  windows: 'command' | 'default';
  /** A user's folder, fresh for each test. */
  profile: string;
  /** Opens the program; closed at the end of the test. */
  openGui: (env?: NodeJS.ProcessEnv) => Promise<Gui>;
  /** The program, dormant. */
  gui: Gui;
  /** Starts a `hawser` tool; ended at the end of the test. */
  tool: (args: readonly string[], env?: NodeJS.ProcessEnv) => Child;
  serve: (program: readonly string[], options?: ServerOptions) => Promise<Served>;
  /** A process server. */
  serveProcesses: (options?: ServerOptions) => Promise<Served>;
  /** A bare stub. */
  gdbserver: (args: readonly string[]) => Promise<Served>;
  /** A program that runs until it is stopped. */
  wheel: string;
}

interface WorkerFixtures {
  /** A screen of the worker's own: its tests need the keyboard to themselves. */
  display: undefined;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
    async ({}, use) => {
      const display = await startDisplay();
      Object.assign(process.env, display.env);
      await use(undefined);
      await display.stop();
    },
    { scope: 'worker', auto: true },
  ],

  windows: ['command', { option: true }],

  profile: async ({ windows }, use) => {
    const profile = mkdtempSync(join(tmpdir(), 'hawser-e2e-'));
    if (windows === 'command') keepCommandWindowOnly(profile);
    await use(profile);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  },

  openGui: async ({ profile }, use) => {
    const opened: Gui[] = [];
    await use(async (env = {}) => {
      const gui = await Gui.open({ profile, env });
      opened.push(gui);
      return gui;
    });
    for (const gui of opened) await gui.close();
  },

  gui: async ({ openGui }, use) => use(await openGui()),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  tool: async ({}, use) => {
    const started: Child[] = [];
    await use((args, env) => {
      const child = new Child(args, env);
      started.push(child);
      return child;
    });
    await Promise.all(started.map((child) => child.end()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  serve: async ({}, use) => {
    const started: Child[] = [];
    await use(async (program, options) => {
      const server = await startServer(program, options);
      started.push(server.child);
      return server;
    });
    await Promise.all(started.map((child) => child.end()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  serveProcesses: async ({}, use) => {
    const started: Child[] = [];
    await use(async (options) => {
      const server = await startProcessServer(options);
      started.push(server.child);
      return server;
    });
    await Promise.all(started.map((child) => child.end()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  gdbserver: async ({}, use) => {
    const started: Child[] = [];
    await use(async (args) => {
      const server = await startGdbserver(args);
      started.push(server.child);
      return server;
    });
    await Promise.all(started.map((child) => child.end()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
  wheel: async ({}, use) => use(compiled('wheel')),
});

export { expect } from 'playwright/test';
