import { defineConfig } from 'playwright/test';

// Servers of tests are in nobody's list; tests of the directory take a port of their own.
process.env.HAWSER_DIRECTORY_PORT = 'off';
// GDB takes longer over the C library's debug symbols than over the rest of a small program.
if (!process.env.HAWSER_FULL) process.env.HAWSER_DEBUG_DIRECTORY = '/nonexistent';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e/results',
  // Each has a screen of its own (e2e/support/test.ts); half of a test is waiting for what others do.
  workers: 3,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.HAWSER_PLAYWRIGHT_JSON
    ? [['list'], ['json', { outputFile: process.env.HAWSER_PLAYWRIGHT_JSON }]]
    : [['list']],
});
