import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
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
  plugins: [svelte(), hosting(), wasmThreads(), offline(), shellSize()],
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
          isolate: false, // the tensor library is loaded once a worker, not once a file: half of the time
          maxWorkers: 2,
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
 * Installable, and usable without a connection. Kept from the first visit on is what the page computes with, our own
 * network included; shipped data and other networks are kept once they were asked for.
 */
function offline() {
  const icon = (src: string, sizes: string, purpose?: 'maskable') => ({
    src,
    sizes,
    type: src.endsWith('.svg') ? 'image/svg+xml' : 'image/png',
    ...(purpose && { purpose }),
  });
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: '../workers',
    filename: 'offline.ts',
    injectRegister: false,
    includeManifestIcons: false,
    injectManifest: {
      globPatterns: [
        'index.html',
        'assets/*',
        'icon*',
        'weights/manifest.json',
        'weights/weaklens-a0.safetensors',
      ],
      dontCacheBustURLsMatching: /-[\w-]{8}\.\w+$/,
      maximumFileSizeToCacheInBytes: 8 << 20,
    },
    manifest: {
      id: './',
      name: 'Weaklens',
      short_name: 'Weaklens',
      description: 'See weak supervision learn: video anomaly detection, trained in your browser.',
      start_url: './',
      scope: './',
      display: 'standalone',
      background_color: '#1d2433',
      theme_color: '#1d2433',
      categories: ['education', 'productivity'],
      icons: [
        icon('icon.svg', 'any'),
        icon('icon-192.png', '192x192'),
        icon('icon-512.png', '512x512'),
        icon('icon-maskable-512.png', '512x512', 'maskable'),
      ],
    },
  });
}

/** Kilobytes that what the first paint needs may have, as they are sent: the page, its script and its style. */
const SHELL_KB = 150;

/** Says how large that is, and fails where it is too large. */
function shellSize(): Plugin {
  return {
    name: 'weaklens-shell-size',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const parts = new Map<string, number>();
        const add = (name: string) => {
          const part = bundle[name];
          if (!part || parts.has(name)) return;
          parts.set(name, gzipSync(part.type === 'chunk' ? part.code : part.source).length / 1000);
          if (part.type !== 'chunk') return;
          part.imports.forEach(add);
          part.viteMetadata?.importedCss.forEach(add);
        };
        for (const part of Object.values(bundle))
          if (part.fileName === 'index.html' || (part.type === 'chunk' && part.isEntry)) add(part.fileName);
        const total = [...parts.values()].reduce((sum, size) => sum + size, 0);
        const list = [...parts].map(([name, size]) => `${basename(name)} ${size.toFixed(1)}`).join(', ');
        const says = `the first paint needs ${total.toFixed(1)} kB gzipped, of ${SHELL_KB} (${list})`;
        if (total > SHELL_KB) this.error(says);
        console.log(`\n${says}`);
      },
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
