import { defineConfig } from 'playwright/test';

// Servers of tests are in nobody's list; tests of the directory take a port of their own.
process.env.HAWSER_DIRECTORY_PORT = 'off';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e/results',
  // Each has a screen of its own (e2e/support/test.ts); most of a test is the start of a program, which leaves a core idle.
  workers: 2,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.HAWSER_PLAYWRIGHT_JSON
    ? [['list'], ['json', { outputFile: process.env.HAWSER_PLAYWRIGHT_JSON }]]
    : [['list']],
});
