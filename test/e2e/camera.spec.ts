/** A camera is watched: its picture goes the way of every video, and the head says what it makes of it at once. */
import type { Page } from '@playwright/test';
import { browserFlags, findBrowser } from '../../src/cli/browser.ts';
import { expect, makeFiles, open, row, test, violations } from './weaklens.ts';

test.use({
  launchOptions: {
    executablePath: findBrowser() ?? undefined,
    args: [...browserFlags, '--use-fake-device-for-media-stream'],
  },
});

const cameraButton = (page: Page) => page.getByRole('button', { name: 'Camera' });
const liveView = (page: Page) => page.getByRole('region', { name: 'Live' });
const notices = (page: Page) => page.getByRole('status', { name: 'Notices' });

/** Videos with labels and features, and a head that was trained on them. */
async function train(page: Page, head: string, steps: number): Promise<string> {
  const [{ name }] = await makeFiles(page, 5, { train: 4, test: 0, seconds: 3, framesPerSecond: 10 });
  await page.evaluate(
    async ({ head, steps }) => {
      const script = globalThis.weaklens!;
      const { made } = globalThis as unknown as { made: File[] };
      const { added } = await script.addVideos(made);
      for (const [i, name] of added.entries()) await script.label(name, i % 2 === 0 ? 'normal' : 'anomalous');
      await script.extract();
      await script.train({ head, steps });
    },
    { head, steps },
  );
  return name;
}

/** Notes every camera that the page is given. */
async function noteStreams(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const given: MediaStreamTrack[] = [];
    const { mediaDevices } = navigator;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wish) => {
      const stream = await ask(wish);
      given.push(...stream.getTracks());
      return stream;
    };
    Object.assign(globalThis, { given });
  });
  return () =>
    page.evaluate(() =>
      (globalThis as unknown as { given: MediaStreamTrack[] }).given.map(({ readyState }) => readyState),
    );
}

test('the camera is scored as it goes, and given back', async ({ page, house, context }) => {
  const address = await house.serve();
  await context.grantPermissions(['camera'], { origin: new URL(address).origin });
  const streams = await noteStreams(page);
  await open(page, address);
  const live = liveView(page);

  // Without a head there is a picture and a magnitude, and a word of what is missing.
  await cameraButton(page).click();
  await expect(live).toContainText('No head has been trained yet', { timeout: 30_000 });
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/, { timeout: 30_000 });
  await expect(live.getByTestId('live-score')).toHaveText('–');
  await live.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  expect(await streams()).toEqual(['ended']);

  const name = await train(page, 'sultani', 3);
  await cameraButton(page).evaluate((button: HTMLElement) => {
    button.click();
    button.click(); // who is quick has one camera, not two
  });
  await expect(live.getByTestId('live-score')).toHaveText(/^[01]\.\d{3}$/, { timeout: 30_000 });
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/);
  await expect(live).toContainText(/\d\d\.\d frames\/s/);
  expect(await streams()).toEqual(['ended', 'live']);
  await live.getByText('As a table').click();
  await expect(live.getByRole('row')).not.toHaveCount(1);

  // The threshold decides what is an alarm.
  await live.getByRole('slider', { name: 'Alarm threshold' }).fill('0');
  await expect(live.locator('.alarm')).toBeVisible();

  // The same pictures are looked at while videos are: with a backbone of their own.
  const extracted = await page.evaluate(async () => {
    const { client, videos } = globalThis.weaklens!;
    const { made } = globalThis as unknown as { made: File[] };
    const request = {
      file: made[0],
      name: videos()[0].name,
      hash: 'as good as any',
      backend: 'auto' as const,
    };
    const settings = { backbone: 'random-a0', framesPerSecond: 0, maps: false };
    return (await client.extractFiles({ ...request, ...settings }, () => {}).result).notes.backbone;
  });
  expect(extracted).toBe('random-a0');
  const rows = await live.getByRole('row').count();
  await expect.poll(() => live.getByRole('row').count()).toBeGreaterThan(Math.min(rows, 20));

  // A video that is put on stage takes the camera's place.
  await row(page, name).getByRole('button').first().click();
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  expect(await streams()).toEqual(['ended', 'ended']);
  expect(await page.evaluate(() => globalThis.weaklens!.videos().length)).toBe(4);
});

test('a head that reads maps says why it cannot score a camera', async ({ page, house, context }) => {
  const address = await house.serve();
  await context.grantPermissions(['camera'], { origin: new URL(address).origin });
  await open(page, address);
  await train(page, 'sultani', 1);
  await page.evaluate(async () => {
    const script = globalThis.weaklens!;
    await script.train({ head: 'gig', steps: 0 }).catch(() => {}); // a head that reads maps has them extracted
    await script.extract();
    await script.train({ head: 'gig', steps: 1 });
  });
  await cameraButton(page).click();
  await expect(liveView(page)).toContainText(/reads feature maps/, { timeout: 30_000 });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong with a camera, ${colorScheme}${colorScheme === 'dark' ? ' @long' : ''}`, async ({
    page,
    house,
    context,
  }) => {
    const address = await house.serve();
    await context.grantPermissions(['camera'], { origin: new URL(address).origin });
    await page.emulateMedia({ colorScheme });
    await open(page, address);
    await train(page, 'sultani', 1);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await page.keyboard.press('c');
    const live = liveView(page);
    await expect(live.getByTestId('live-score')).toHaveText(/^[01]\.\d{3}$/, { timeout: 30_000 });
    await live.getByRole('slider', { name: 'Alarm threshold' }).fill('0');
    await live.getByText('As a table').click();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await page.keyboard.press('c');
    await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  });
}

test('a camera that is pulled out, or a worker that dies, ends the watching with a word', async ({
  page,
  house,
  context,
}) => {
  const address = await house.serve();
  await context.grantPermissions(['camera'], { origin: new URL(address).origin });
  const streams = await noteStreams(page);
  await open(page, address);
  const live = liveView(page);
  await cameraButton(page).click();
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/, { timeout: 30_000 });
  await page.evaluate(() =>
    (globalThis as unknown as { given: MediaStreamTrack[] }).given[0].dispatchEvent(new Event('ended')),
  );
  await expect(notices(page)).toContainText('The camera was disconnected.');
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();

  await cameraButton(page).click();
  await expect(live.getByTestId('live-latency')).toHaveText(/^\d+ ms$/, { timeout: 30_000 });
  await page.evaluate(() => globalThis.weaklens!.client.endWorker('extract'));
  await expect(notices(page)).toContainText(/The extraction worker (was ended|stopped)/);
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
  expect(await streams()).toEqual(['ended', 'ended']);
});

test('a camera that is refused or not there costs nothing', async ({ page, house }) => {
  await open(page, await house.serve());
  await cameraButton(page).click();
  await expect(notices(page)).toContainText('The camera was not allowed.');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
  });
  await cameraButton(page).click();
  await expect(notices(page)).toContainText('There is no camera.');
  await expect(page.getByRole('region', { name: 'Stage' })).toBeVisible();
});
