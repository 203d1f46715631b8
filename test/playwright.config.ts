import { defineConfig } from '@playwright/test';
import { browserFlags, findBrowser } from '../src/cli/browser.ts';

const isLong = process.env.VITE_TEST_LONG === '1';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../test-results/e2e',
  workers: isLong ? 1 : 2, // two cores; what lasts also takes the time
  timeout: 120_000,
  expect: { timeout: 15_000 },
  grepInvert: isLong ? undefined : /@long/,
  reporter: [['list'], ['json', { outputFile: '../test-results/stories.json' }]],
  use: {
    viewport: { width: 1280, height: 720 },
    serviceWorkers: 'block', // but for the story that is about it
    // A trace films the page, which costs a quarter of the time here: ask for one with --trace on.
    launchOptions: { executablePath: findBrowser() ?? undefined, args: browserFlags },
  },
});
