import { configDefaults, defineConfig } from 'vitest/config';
import { leftOut } from './scripts/test/long-files.mjs';

export default defineConfig({
  test: {
    include: ['{transports,engine,hub,electron,renderer,tools,scripts}/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...leftOut(process.argv.slice(2), process.env)],
    // No process outlives its test file.
    globalSetup: ['scripts/test/whole-run.mjs'],
    setupFiles: ['scripts/test/each-file.mjs'],
    // Real debuggers, sockets and child processes: separate processes, and two at a time leave each its core.
    pool: 'forks',
    maxWorkers: 2,
    // For a machine with a lot else to do: no test is to fail for its slowness.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // A test that is left waiting for a debugger must not keep the run from ending.
    teardownTimeout: 10_000,
    // Servers of tests are in nobody's list; tests of the directory take a port of their own.
    // GDB takes longer over the C library's debug symbols than over all else: who needs them says so (withLibrarySymbols).
    env: {
      HAWSER_DIRECTORY_PORT: 'off',
      HAWSER_DEBUG_DIRECTORY: process.env.HAWSER_FULL ? '' : '/nonexistent',
    },
    passWithNoTests: true,
    reporters: process.env.HAWSER_VITEST_JSON
      ? ['default', './scripts/test/vitest-reporter.mjs']
      : ['default'],
  },
});
