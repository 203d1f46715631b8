/** A camera is watched: its picture goes the way of every video, and the head says what it makes of it at once. */
import { browserFlags, findBrowser } from '../../src/cli/browser.ts';
import { expect, makeFiles, open, row, test } from './weaklens.ts';

test.use({
  launchOptions: {
    executablePath: findBrowser() ?? undefined,
    args: [...browserFlags, '--use-fake-device-for-media-stream'],
  },
});

test('the camera is scored as it goes, and given back', async ({ page, house, context }) => {
  const address = await house.serve();
  await context.grantPermissions(['camera'], { origin: new URL(address).origin });
  await open(page, address);
  const camera = page.getByRole('button', { name: 'Camera' });
  const live = page.getByRole('region', { name: 'Live' });

  // Without a head there is a picture and a magnitude, and a word of what is missing.
  await camera.click();
  await expect(live).toContainText('No head has been trained yet', { timeout: 30_000 });
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/, { timeout: 30_000 });
  await expect(live.getByTestId('live-score')).toHaveText('–');
  await live.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();

  const made = await makeFiles(page, 5, { train: 4, test: 0, seconds: 3, framesPerSecond: 10 });
  await page.evaluate(async () => {
    const script = globalThis.weaklens!;
    const { made } = globalThis as unknown as { made: File[] };
    const { added } = await script.addVideos(made);
    for (const [i, name] of added.entries()) await script.label(name, i % 2 === 0 ? 'normal' : 'anomalous');
    await script.extract();
    await script.train({ head: 'sultani', steps: 3 });
  });
  await camera.click();
  await expect(live.getByTestId('live-score')).toHaveText(/^[01]\.\d{3}$/, { timeout: 30_000 });
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/);
  await expect(live.getByText('As a table')).toBeVisible();
  const tracks = () =>
    page.evaluate(() => {
      const { srcObject } = document.querySelector('video')!;
      return (srcObject as MediaStream).getTracks().map(({ readyState }) => readyState);
    });
  expect(await tracks()).toEqual(['live']);

  // The threshold decides what is an alarm.
  await live.getByRole('slider', { name: 'Alarm threshold' }).fill('0');
  await expect(live.locator('.alarm')).toBeVisible();

  // A video that is put on stage takes the camera's place.
  await row(page, made[1].name).getByRole('button').first().click();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  expect(await page.evaluate(() => globalThis.weaklens!.videos().length)).toBe(4);
});

test('a head that reads maps says why it cannot score a camera', async ({ page, house, context }) => {
  const address = await house.serve();
  await context.grantPermissions(['camera'], { origin: new URL(address).origin });
  await open(page, address);
  await makeFiles(page, 5, { train: 2, test: 0, seconds: 3, framesPerSecond: 10 });
  await page.evaluate(async () => {
    const script = globalThis.weaklens!;
    const { made } = globalThis as unknown as { made: File[] };
    const { added } = await script.addVideos(made);
    for (const [i, name] of added.entries()) await script.label(name, i % 2 === 0 ? 'normal' : 'anomalous');
    await script.train({ head: 'gig', steps: 0 }).catch(() => {}); // a head that reads maps has them extracted
    await script.extract();
    await script.train({ head: 'gig', steps: 1 });
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  const live = page.getByRole('region', { name: 'Live' });
  await expect(live).toContainText(/reads feature maps/, { timeout: 30_000 });
});

test('a camera that is refused costs nothing', async ({ page, house }) => {
  await open(page, await house.serve());
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByRole('status', { name: 'Notices' })).toContainText('The camera was not allowed.');
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
});
