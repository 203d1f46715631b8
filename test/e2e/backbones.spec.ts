/** Networks of one's own: taken in when they are sound, refused with the reason when they are not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/cli/build.ts';
import { A0_STREAM, randomWeights } from '../../src/engine/backbone/movinet.ts';
import { Random } from '../../src/engine/random.ts';
import { writeSafetensors } from '../../src/engine/formats/safetensors.ts';
import { expect, makeFiles, open, ready, test, dropFiles } from './weaklens.ts';

const weights = randomWeights(A0_STREAM, new Random(7));
const file = (name: string, bytes: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});
const sound = writeSafetensors(weights, { licence: 'CC0-1.0' });

test('a backbone of one’s own is kept, used and removed; a wrong file loses nothing', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  await page.getByText('Backbone:').click();
  const input = page.getByLabel('Backbone file');
  const choice = page.getByRole('combobox', { name: 'Backbone', exact: true });
  const own = page.getByRole('listitem').filter({ hasText: 'eyes.safetensors' });

  await input.setInputFiles(file('eyes.safetensors', sound));
  await expect(page.getByText(/eyes.safetensors is kept in this browser/)).toBeVisible();
  await expect(own).toContainText('in use');
  await expect(own).toContainText('CC0-1.0');
  const chosen = await choice.inputValue();
  expect(chosen).toMatch(/^own-[0-9a-f]{8}$/);

  const without = new Map(weights);
  without.delete('head.bias');
  const wrong: [string, Uint8Array, RegExp][] = [
    ['short.safetensors', writeSafetensors(without), /"head.bias" is missing/],
    ['cut.safetensors', sound.slice(0, 100_000), /cut short/],
    [
      'other.safetensors',
      writeSafetensors(new Map([['fc.weight', weights.get('head.bias')!]])),
      /another network/,
    ],
    ['picture.tflite', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), /not a file of weights/],
    ['empty.pt', new Uint8Array(0), /not a file of weights/],
  ];
  for (const [name, bytes, reason] of wrong) {
    await input.setInputFiles(file(name, bytes));
    const refusal = page.getByRole('status', { name: 'Notices' });
    await expect(refusal).toContainText(reason);
    await expect(refusal).toContainText(name);
    await expect(choice).toHaveValue(chosen);
  }

  await makeFiles(page, 3, { train: 2, test: 0, seconds: 2, framesPerSecond: 10 });
  await dropFiles(page);
  await page.getByRole('button', { name: 'Extract features of 2' }).click();
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible({
    timeout: 60_000,
  });

  await page.reload();
  await ready(page);
  await expect(page.getByRole('button', { name: 'All features are cached' })).toBeVisible();
  await page.getByText('Backbone:').click();
  await expect(choice).toHaveValue(chosen);
  await own.getByRole('button', { name: /^Remove/ }).click();
  await expect(own).toHaveCount(0);
  await expect(choice).toHaveValue('auto');
});

const original = join(root, '../shared/weights/movinet-a0-stream');

test('a network with a classifier says what it sees, in words once it is told them', async ({
  page,
  house,
}) => {
  test.skip(!existsSync(original), '../shared is absent');
  await open(page, await house.serve());
  await page.getByText('Backbone:').click();
  await page.getByLabel('Backbone file').setInputFiles(join(original, 'movinet_a0_stream_int8.tflite'));
  const item = page.getByRole('listitem').filter({ hasText: 'by 600 classes' });
  await expect(item).toContainText('in use');

  await page.getByTestId('files').setInputFiles(join(original, 'carving_ice.mp4'));
  await page.getByRole('button', { name: 'Extract features of 1' }).click();
  const line = page.getByRole('paragraph').filter({ hasText: 'The backbone sees' });
  await expect(line).toContainText(/class \d+ \d+ %/, { timeout: 60_000 });
  await expect(line).toContainText('can be added under “Backbone”');

  const names = page.getByLabel('Names of classes');
  const notices = page.getByRole('status', { name: 'Notices' });
  const give = async (name: string, buffer: Buffer) => {
    const chooser = page.waitForEvent('filechooser');
    await item.getByRole('button', { name: /(their|other) names/ }).click();
    await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer });
  };
  const wrong: [string, Buffer, RegExp][] = [
    ['short.txt', Buffer.from('run\nwalk\n'), /short.txt.*2 lines.*600 classes/s],
    ['picture.txt', Buffer.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2), /picture.txt.*not a list of names/s],
  ];
  for (const [name, buffer, reason] of wrong) {
    await give(name, buffer);
    await expect(notices).toContainText(reason);
    await expect(line).toContainText(/class \d+/);
  }
  await give('vague.txt', Buffer.from('thing\n'.repeat(600)));
  await expect(line).toContainText(/thing \d+ %, thing \d+ %, thing \d+ %/);
  await give('kinetics600.txt', readFileSync(join(original, 'kinetics600_label_map.txt')));
  await expect(line).not.toContainText(/thing|class|Backbone/);
  await page.keyboard.press('>'); // of the first snippet nobody can tell yet
  await expect(line).toContainText(/carving ice \d\d %/);
  await expect(names).toBeHidden();

  // The same network without its classifier, and the file once more, take nothing away.
  for (const name of ['backbone.safetensors', 'movinet_a0_stream_int8.tflite']) {
    await page.getByRole('combobox', { name: 'Backbone', exact: true }).selectOption('weaklens-a0');
    await expect(item).not.toContainText('in use');
    await page.getByLabel('Backbone file').setInputFiles(join(original, name));
    await expect(item).toContainText('in use');
    await expect(line).toContainText(/carving ice \d\d %/);
  }

  await line.getByRole('checkbox').uncheck();
  await expect(line).not.toContainText('carving ice');
  await page.reload();
  await ready(page);
  await expect(line.getByRole('checkbox')).not.toBeChecked();
  await line.getByRole('checkbox').check();
  await page.keyboard.press('>');
  await expect(line).toContainText('carving ice');
});
