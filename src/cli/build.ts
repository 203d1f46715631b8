/** Builds `dist/` when sources are newer than it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const dist = join(root, 'dist');

const SOURCES = ['src', 'public', 'package-lock.json', 'vite.config.ts'];

/** Rebuilds only what changed; says so on stderr. */
export function buildIfStale(): void {
  const built = join(dist, 'index.html');
  if (
    existsSync(built) &&
    Math.max(...SOURCES.map((path) => newest(join(root, path)))) < statSync(built).mtimeMs
  )
    return;
  console.error('building ...');
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce(
    (latest, name) => Math.max(latest, newest(join(path, name))),
    stats.mtimeMs,
  );
}
