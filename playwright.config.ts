import { defineConfig } from 'playwright/test';

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
