import { ESLint } from 'eslint';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, headersFile } from '../../src/cli/headers.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the import law is a lint rule that catches a violation', () => {
  const eslint = new ESLint({ cwd: root, overrideConfigFile: join(root, 'test/eslint.config.js') });
  const complaints = async (path: string, code: string) => {
    const [result] = await eslint.lintText(code, { filePath: join(root, path) });
    return result.messages.map(({ ruleId }) => ruleId);
  };
  const wall = '@typescript-eslint/no-restricted-imports';

  test.each([
    ['src/engine/x.ts', "import { Store } from '../workers/store.ts';\nexport default Store;\n"],
    ['src/engine/x.ts', "import { openDB } from 'idb';\nexport default openDB;\n"],
    ['src/workers/x.ts', "import Page from '../ui/Page.svelte';\nexport default Page;\n"],
    ['src/ui/x.ts', "import * as tf from '@tensorflow/tfjs-core';\nexport default tf;\n"],
    ['src/ui/x.ts', "import { sultani } from '../engine/heads/sultani.ts';\nexport default sultani;\n"],
    ['src/ui/state/x.ts', "import { Store } from '../../workers/store.ts';\nexport default Store;\n"],
    ['src/cli/x.ts', "import { Client } from '../workers/client.ts';\nexport default Client;\n"],
  ])('%s: %s', { timeout: 30_000 }, async (path, code) => {
    expect(await complaints(path, code)).toContain(wall);
  });

  test.each([
    ['src/ui/x.ts', "import { Client } from '../workers/client.ts';\nexport default Client;\n"],
    ['src/ui/x.ts', "import { rocAuc } from '../engine/evaluation/ranking.ts';\nexport default rocAuc;\n"],
    [
      'src/ui/x.ts',
      "import { sultaniCard } from '../engine/heads/sultani.fields.ts';\nexport default sultaniCard;\n",
    ],
    ['src/ui/x.ts', "import type { Head } from '../engine/heads/head.ts';\nexport type X = Head;\n"],
    ['src/cli/x.ts', "import type { Client } from '../workers/client.ts';\nexport type X = Client;\n"],
    ['src/workers/x.ts', "import { Random } from '../engine/random.ts';\nexport default Random;\n"],
  ])('%s may: %s', { timeout: 30_000 }, async (path, code) => {
    expect(await complaints(path, code)).toEqual([]);
  });

  test.each([['Math.random()'], ['Date.now()'], ["fetch('x')"]])('the engine is pure: %s', async (call) => {
    expect((await complaints('src/engine/x.ts', `export default ${call};\n`)).length).toBe(1);
  });
});

describe('names', () => {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
    );
  const files = walk(join(root, 'src')).map((path) => path.slice(root.length + 1));

  test('no utils, helpers, common, misc and no barrels', () => {
    expect(
      files.filter((path) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.)|\/index\.ts$/i.test(path)),
    ).toEqual([]);
  });

  test('no file has outgrown what one can read', () => {
    const long = files
      .filter((path) => /\.(ts|svelte)$/.test(path))
      .map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n').length] as const)
      .filter(([, lines]) => lines > 500);
    expect(long).toEqual([]);
  });
});

test('the security policy allows no other origin and no inline script', () => {
  for (const policy of [contentSecurityPolicy('header'), contentSecurityPolicy('meta'), headersFile()]) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|unsafe-inline|'unsafe-eval'|\*(?!\n)/);
  }
  expect(contentSecurityPolicy('meta')).not.toContain('frame-ancestors');
});

describe.skipIf(!existsSync(join(root, 'dist/index.html')))('the built page', () => {
  test('its first chunk holds no tfjs', () => {
    const page = readFileSync(join(root, 'dist/index.html'), 'utf8');
    const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path);
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) {
      const code = readFileSync(join(root, 'dist', path), 'utf8');
      expect(code).not.toMatch(/registerKernel|BatchMatMul|WebGPUBackend/);
    }
  });

  test('it can be published under a sub-path', () => {
    const page = readFileSync(join(root, 'dist/index.html'), 'utf8');
    expect(page).not.toMatch(/(?:src|href)="\//);
    expect(existsSync(join(root, 'dist/_headers'))).toBe(true);
  });
});
