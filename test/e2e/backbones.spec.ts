/** Networks of one's own: taken in when they are sound, refused with the reason when they are not. */
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
    expect(await choice.inputValue()).toBe(chosen);
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
  expect(await choice.inputValue()).toBe(chosen);
  await own.getByRole('button', { name: /^Remove/ }).click();
  await expect(own).toHaveCount(0);
  expect(await choice.inputValue()).toBe('auto');
});
