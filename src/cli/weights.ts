/** `npm run weights -- ID --from FILE|FOLDER`: puts a backbone's weights where the page finds them, once they are right. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackboneEntry } from '../engine/backbone/weights.ts';
import { root } from './build.ts';

/** Where originals can be had. */
const ORIGINS: Record<string, string> = {
  'movinet-a0-stream':
    'The original is MoViNet-A0-Stream (Kinetics-600, int8 TFLite) of the TensorFlow Model Garden: ' +
    'tensorflow/models, official/projects/movinet, or Kaggle Models google/movinet. What is needed here is its ' +
    'float32 backbone as safetensors, with the SHA-256 below.',
};

const folder = join(root, 'public/weights');
const { backbones } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
  backbones: BackboneEntry[];
};

function fail(line: string): never {
  console.error(`weights: ${line}`);
  process.exit(1);
}

const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });
const entry = backbones.find(({ id }) => id === positionals[0]);
if (!entry) fail(`name a backbone: ${backbones.map(({ id }) => id).join(', ')}`);
const installed = join(folder, entry.file!);

if (!values.from) {
  console.log(`${entry.title}, ${entry.licence}. ${entry.source}.`);
  console.log(existsSync(installed) ? `It is installed: ${installed}` : 'It is not installed.');
  console.log(ORIGINS[entry.id] ?? '');
  console.log(`SHA-256 ${entry.sha256}`);
  console.log(`Then: npm run weights -- ${entry.id} --from FILE`);
  process.exit(0);
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const candidates = candidatesIn(values.from);
const found = candidates.find((path) => hashOf(path) === entry.sha256);
if (!found) {
  const seen = candidates.map((path) => `${path} has ${hashOf(path)}`).join('; ');
  fail(`no file there has the SHA-256 ${entry.sha256}${seen ? `: ${seen}` : ''}`);
}
copyFileSync(found, installed);
console.log(`${entry.title} is installed: ${installed}`);

/** The file, or the safetensors files of the folder and of a folder in it that has the backbone's name. */
function candidatesIn(path: string): string[] {
  if (!existsSync(path)) fail(`${path}: there is no such file or folder`);
  if (statSync(path).isFile()) return [path];
  const inside = join(path, entry!.id);
  const folders = [path, ...(existsSync(inside) ? [inside] : [])];
  return folders.flatMap((place) =>
    readdirSync(place)
      .filter((name) => name.endsWith('.safetensors'))
      .map((name) => join(place, name)),
  );
}
