/**
 * Lint rules, the import law of the house first: engine <- workers <- ui.
 */
import svelte from 'eslint-plugin-svelte';
import { dirname } from 'node:path';
import ts from 'typescript-eslint';

const root = dirname(import.meta.dirname);

/** Modules of the engine that hold no tfjs and that the page may therefore load. */
const TFJS_FREE =
  'types|failure|experiments/[\\w-]+|evaluation/[\\w-]+|heads/[\\w-]+\\.fields|features/segments|datasets/report';

const wall = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

const tfjs = {
  group: ['@tensorflow/*'],
  message: 'The page never loads tfjs: ask a worker through src/workers/client.ts.',
};

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'test/scratch/**', 'lab/**', 'test-results/**'] },
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    languageOptions: { parserOptions: { tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    files: ['src/engine/**/*.ts'],
    rules: {
      ...wall(
        {
          group: ['**/workers/**', '**/ui/**', '**/cli/**'],
          message: 'The engine knows nothing of workers, page or command line.',
        },
        {
          group: ['svelte', 'svelte/*', 'idb', 'comlink'],
          message: 'The engine has no page, no storage and no messages.',
        },
      ),
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'The engine is given bytes.' },
        { name: 'indexedDB', message: 'The engine has no storage.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes from the run’s seed (random.ts).' },
        { object: 'Date', property: 'now', message: 'The clock is an argument.' },
        { object: 'performance', property: 'now', message: 'The clock is an argument.' },
      ],
    },
  },
  {
    files: ['src/workers/**/*.ts'],
    rules: wall({
      group: ['**/ui/**', '**/cli/**', 'svelte', 'svelte/*'],
      message: 'Workers know nothing of page or command line.',
    }),
  },
  {
    files: ['src/ui/**/*.ts', 'src/ui/**/*.svelte'],
    rules: {
      ...wall(
        tfjs,
        { group: ['**/cli/**'], message: 'The page knows nothing of the command line.' },
        {
          regex: '/workers/(?!client(\\.ts)?$)',
          allowTypeImports: true,
          message: 'The page talks to src/workers/client.ts.',
        },
        {
          regex: `/engine/(?!(${TFJS_FREE})(\\.ts)?$)`,
          allowTypeImports: true,
          message: 'The page loads only the modules of the engine that hold no tfjs; types are free.',
        },
      ),
      'svelte/no-at-html-tags': 'error',
      // Maps and sets of the page's state stand in `$state.raw` and are replaced, never changed.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['src/cli/**/*.ts'],
    rules: {
      ...wall(
        tfjs,
        { group: ['**/ui/**'], message: 'The command line drives the page from outside.' },
        {
          group: ['**/workers/**'],
          allowTypeImports: true,
          message: 'The command line takes types only from the workers.',
        },
      ),
      'no-console': 'off',
    },
  },
  { files: ['test/**/*.ts', 'vite.config.ts'], rules: { 'no-console': 'off' } },
);
