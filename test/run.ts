/**
 * `npm test`: build, lint, types, unit and browser tests, stories; `--long` adds all that lasts (every fixture on
 * webgpu, the whole of `../shared/media`, stories on real videos). The last line is `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOrInstallBrowser } from '../src/cli/browser.ts';
import { buildIfStale, root } from '../src/cli/build.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const results = join(root, 'test-results');
const isLong = process.argv.includes('--long');

/**
 * Runs a script of `node_modules/.bin`; its output goes where ours goes.
 * @param atOnce what it says is said when it ends, as others run beside it
 */
function run(command: string, args: string[], atOnce = false): Promise<boolean> {
  const environment = {
    ...process.env,
    VITE_TEST_LONG: isLong ? '1' : '',
    FORCE_COLOR: process.env.FORCE_COLOR ?? '0',
  };
  const child = spawn('npx', ['--no-install', command, ...args], {
    cwd: root,
    stdio: atOnce ? 'pipe' : 'inherit',
    env: environment,
    shell: process.platform === 'win32',
  });
  const said: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => said.push(part));
  child.stderr?.on('data', (part: Buffer) => said.push(part));
  return new Promise((resolve) =>
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    }),
  );
}

/** A step without tests of its own counts as one. */
async function check(...commands: [string, ...string[]][]): Promise<Count> {
  let isFine = true;
  for (const [command, ...args] of commands) isFine = (await run(command, args, true)) && isFine;
  return { passed: Number(isFine), failed: Number(!isFine), skipped: 0 };
}

/** A test runner that writes its counts as JSON; one that ends without them has failed. */
async function count(file: string, isFine: boolean, read: (json: never) => Count): Promise<Count> {
  try {
    const counted = read(JSON.parse(readFileSync(join(results, file), 'utf8')) as never);
    if (counted.failed === 0 && !isFine) counted.failed = 1; // an error outside of any test
    return counted;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function vitest(project: string): Promise<Count> {
  const file = `${project}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${join(results, file)}`];
  const isFine = await run('vitest', ['run', '--project', project, ...reporters]);
  return count(
    file,
    isFine,
    (json: { numPassedTests: number; numFailedTests: number; numPendingTests: number }) => ({
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests,
    }),
  );
}

async function stories(): Promise<Count> {
  const isFine = await run('playwright', ['test', '-c', 'test/playwright.config.ts']);
  return count(
    'stories.json',
    isFine,
    ({ stats }: { stats: { expected: number; unexpected: number; flaky: number; skipped: number } }) => ({
      passed: stats.expected + stats.flaky,
      failed: stats.unexpected,
      skipped: stats.skipped,
    }),
  );
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
process.env.CHROME_PATH ??= findOrInstallBrowser();
buildIfStale();

const lint = () =>
  check(
    ['eslint', '-c', 'test/eslint.config.js', '--max-warnings', '0', '.'],
    ['prettier', '--check', '--log-level', 'warn', '.'],
  );
const types = () =>
  check(
    ['tsc', '-b', 'src/cli', 'test'],
    ['svelte-check', '--tsconfig', 'src/ui/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  );

/** One after the other; those of one line at once, as each of them keeps one core busy. */
const steps: Record<string, () => Promise<Count>>[] = [
  { lint, types },
  { unit: () => vitest('unit') },
  { browser: () => vitest('browser') },
  { stories },
];

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const table: string[] = [];
for (const step of steps) {
  console.log(`\n# ${Object.keys(step).join(', ')}`);
  const started = Date.now();
  const line = async ([name, run]: [string, () => Promise<Count>]) => {
    const { passed, failed, skipped } = await run();
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    return `${name.padEnd(8)} ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`;
  };
  table.push(...(await Promise.all(Object.entries(step).map(line))));
}
console.log(`\n${table.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
