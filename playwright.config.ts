import { defineConfig } from 'playwright/test';

// Servers of tests are in nobody's list; tests of the directory take a port of their own.
process.env.HAWSER_DIRECTORY_PORT = 'off';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '.cache/e2e/results',
  // One Electron program at a time: keyboard focus belongs to the display, and two cores are soon busy.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.HAWSER_PLAYWRIGHT_JSON
    ? [['list'], ['json', { outputFile: process.env.HAWSER_PLAYWRIGHT_JSON }]]
    : [['list']],
});
