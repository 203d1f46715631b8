import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { browserFlags, findBrowser } from './src/cli/browser.ts';
import { contentSecurityPolicy, headers, headersFile } from './src/cli/headers.ts';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

export default defineConfig({
  root: 'src/ui',
  publicDir: '../../public',
  base: './',
  define: { __WEAKLENS_VERSION__: JSON.stringify(version) },
  plugins: [svelte(), hosting(), wasmThreads()],
  worker: { format: 'es', plugins: () => [wasmThreads()] },
  build: {
    outDir: '../../dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 2500, // a worker holds the tensor backends; the page does not
  },
  server: { headers: { ...headers, 'Content-Security-Policy': '' } },
  test: {
    root: '.',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          root: '.',
          environment: 'node',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
        },
      },
      {
        extends: true,
        plugins: [shared()],
        optimizeDeps: {
          include: [
            '@tensorflow/tfjs-core',
            '@tensorflow/tfjs-core/dist/register_all_gradients',
            '@tensorflow/tfjs-backend-cpu',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgl',
            '@tensorflow/tfjs-backend-webgpu',
            '@noble/hashes/sha2.js',
            '@noble/hashes/utils.js',
            'fflate',
            'h5wasm',
            'mediabunny',
            'comlink',
            'idb',
            'three',
            'three/addons/utils/BufferGeometryUtils.js',
          ],
        },
        test: {
          name: 'browser',
          root: '.',
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          fileParallelism: false, // two cores, one software GPU
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findBrowser() ?? undefined, args: browserFlags },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});

/** Writes what a static host needs: `_headers`, and the same policy in the page for hosts that ignore that file. */
function hosting(): Plugin {
  return {
    name: 'weaklens-hosting',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy('meta') },
        injectTo: 'head-prepend',
      },
    ],
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() });
    },
  };
}

/**
 * Threads of the wasm backend in a minified build. Its glue code starts a thread by turning its own factory function
 * into text, which after minification refers to names that no longer exist, and by running blobs as scripts, which
 * the security policy forbids. Here a thread is a file of our own origin: the untouched factory and the thread's code.
 */
function wasmThreads(): Plugin {
  const glue = createRequire(import.meta.url).resolve(
    '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js',
  );
  const text = glue.replace(/\.js$/, '.worker.js'); // the thread's code, as a module that exports a string
  const thread = join(root, 'node_modules/.cache/weaklens/wasm-thread.js');
  return {
    name: 'weaklens-wasm-threads',
    apply: 'build',
    buildStart() {
      const source = readFileSync(glue, 'utf8');
      const end = source.indexOf("if (typeof exports === 'object'");
      const contents = /wasmWorkerContents = `([\s\S]*)`;/.exec(readFileSync(text, 'utf8'))?.[1];
      if (end < 0 || contents === undefined)
        throw new Error(`${glue} no longer has the form that is patched here`);
      mkdirSync(dirname(thread), { recursive: true });
      const own = '// The factory is above: there is no script to import.\nself.importScripts = () => {};\n';
      writeFileSync(thread, source.slice(0, end) + own + contents);
    },
    transform(code, id) {
      const patch = (pattern: RegExp, replacement: string): string => {
        if (!pattern.test(code)) throw new Error(`${id} no longer has the form that is patched here`);
        return code.replace(pattern, replacement);
      };
      if (id.endsWith('wasm-out/tfjs-backend-wasm-threaded-simd.js')) {
        // It starts eight threads and uses half the cores, whatever is asked for; `device.ts` says how many it shall be.
        code = patch(/pthreadPoolSize=8/, 'pthreadPoolSize=self.weaklensThreads');
        return { code: patch(/navigator\["hardwareConcurrency"\]/, '(2*self.weaklensThreads)'), map: null };
      }
      if (!id.includes('tfjs-backend-wasm/dist/backend_wasm.js')) return null;
      code = patch(
        /const response = wasmWorkerContents[\s\S]*?return URL\.createObjectURL\(blob\);/,
        'return weaklensThreadUrl;',
      );
      return { code: `import weaklensThreadUrl from '${thread}?url';\n${code}`, map: null };
    },
  };
}

/** Serves `../shared` to browser tests as `/shared/`, where it is there. */
function shared(): Plugin {
  const folder = resolve(root, '../shared');
  return {
    name: 'weaklens-shared',
    configureServer(server) {
      server.middlewares.use('/shared/', (request, response) => {
        try {
          const path = join(
            folder,
            decodeURIComponent(new URL(request.url ?? '', 'http://localhost').pathname),
          );
          response.end(path.startsWith(folder) ? readFileSync(path) : '');
        } catch {
          response.statusCode = 404;
          response.end();
        }
      });
    },
  };
}
