/** For everyone: keys alone, screen readers, small screens, both colour schemes. */
import type { Page } from '@playwright/test';
import { dropFiles, expect, makeFiles, open, row, test, violations } from './weaklens.ts';

/** A project in which everything has something to show. */
async function furnish(page: Page): Promise<void> {
  const videos = await makeFiles(page, 2, { train: 2, test: 2, seconds: 6, framesPerSecond: 15 });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Extract features of 4' })).toBeVisible();
  await page.evaluate(async (videos) => {
    const weaklens = globalThis.weaklens!;
    for (const { name, label, part } of videos) {
      await weaklens.label(name, label);
      await weaklens.split(name, part);
    }
    await weaklens.extract();
    await weaklens.train({ seed: 1, steps: 10 });
  }, videos);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing wrong, ${colorScheme}${colorScheme === 'dark' ? ' @long' : ''}`, async ({
    page,
    house,
  }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, await house.serve());
    expect(await violations(page)).toEqual([]);
    await furnish(page);
    expect(await violations(page)).toEqual([]);
    for (const tab of ['Curve', 'Attention', 'Provenance', 'Space', 'Bag', 'Runs', 'Cost']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await violations(page)).toEqual([]);
    }
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Help' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('every control explains itself', async ({ page, house }) => {
  await open(page, await house.serve());
  await furnish(page);
  const lacking = new Set<string>();
  for (const tab of ['Figures', 'Curve', 'Attention', 'Provenance', 'Space', 'Bag', 'Runs', 'Cost']) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    await expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute('aria-selected', 'true');
    const found = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, input, summary, [role=slider]')]
        .filter((control) => control.checkVisibility() && !/ as a table$/.test(control.textContent.trim()))
        .filter((control) => {
          const described = document.getElementById(control.getAttribute('aria-describedby') ?? '');
          return !control.closest('[title]')?.getAttribute('title') && !described?.textContent.trim();
        })
        .map((control) => control.getAttribute('aria-label') ?? control.textContent.trim()),
    );
    for (const name of found) lacking.add(name);
  }
  expect([...lacking], 'controls without a sentence').toEqual([]);
});

test('the keys do what the help sheet says', async ({ page, house }) => {
  await open(page, await house.serve());
  await furnish(page);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(page.getByLabel('Stage')).toContainText('train-01');
  await page.keyboard.press('j');
  await expect(page.getByLabel('Stage')).toContainText('train-02');
  await page.keyboard.press('n');
  await expect(row(page, 'train-02').getByRole('radio', { name: 'normal' })).toBeChecked();
  await page.keyboard.press('a');
  await expect(row(page, 'train-02').getByRole('radio', { name: 'anomalous' })).toBeChecked();
  const position = page.getByRole('slider', { name: 'Position in the video' });
  await page.keyboard.press('>');
  await expect(position).toHaveAttribute('aria-valuenow', '17');
  await page.keyboard.press('.');
  await page.keyboard.press('.');
  await page.keyboard.press(',');
  await expect(position).toHaveAttribute('aria-valuenow', '18');
  await page.keyboard.press('<');
  await expect(position).toHaveAttribute('aria-valuenow', '1');
  await position.focus();
  await page.keyboard.press('End');
  await expect(position).toHaveAttribute('aria-valuenow', '90');
  await page.keyboard.press('s');
  await expect(page.getByTestId('progress')).toContainText('step 11/');
});

test('the picture on stage is the frame under the cursor, to the frame', async ({ page, house }) => {
  await open(page, await house.serve());
  await furnish(page);
  const element = page.locator('video');
  await expect.poll(() => element.evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThan(1);
  const name = await page.evaluate(() => globalThis.weaklens!.videos()[0].name);
  for (const frame of [1, 2, 17, 44, 88]) {
    await page.getByRole('slider', { name: 'Position in the video' }).focus();
    await page.keyboard.press('Home');
    for (let i = 0; i < Math.floor(frame / 5); i++) await page.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < frame % 5; i++) await page.keyboard.press('ArrowRight');
    await expect
      .poll(() =>
        element.evaluate((video: HTMLVideoElement) =>
          video.seeking ? -1 : Math.floor(video.currentTime * 15),
        ),
      )
      .toBe(frame);
    // Of the decoder's pictures of this frame and its neighbours, the element shows this one.
    const nearest = await element.evaluate(
      async (video: HTMLVideoElement, { name, frame }) => {
        const pixels = (image: CanvasImageSource) => {
          const context = new OffscreenCanvas(256, 192).getContext('2d')!;
          context.drawImage(image, 0, 0, 256, 192);
          return context.getImageData(0, 0, 256, 192).data;
        };
        const shown = pixels(video);
        const differences: number[] = [];
        for (const candidate of [frame - 1, frame, frame + 1]) {
          const image = new Image();
          image.src = (await globalThis.weaklens!.still(name, (candidate + 0.2) / 15, 256))!;
          await image.decode();
          differences.push(pixels(image).reduce((sum, value, i) => sum + Math.abs(value - shown[i]), 0));
        }
        return frame - 1 + differences.indexOf(Math.min(...differences));
      },
      { name, frame },
    );
    expect(nearest).toBe(frame);
  }
});

test('a phone shows everything without scrolling sideways', async ({ page, house }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, await house.serve());
  await furnish(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

  // Notices leave the page in sight, and none is lost.
  await page.evaluate(() => {
    const files = ['a.mp4', 'b.mp4', 'c.mp4'].map((name) => new File(['no video'], name));
    Object.assign(globalThis, { made: files });
  });
  await dropFiles(page);
  const notices = page.getByLabel('Notices');
  await expect(notices).toContainText('c.mp4');
  await expect(notices.getByRole('button', { name: 'Dismiss', exact: true })).toHaveCount(2);
  await expect(notices.getByRole('button', { name: /^Dismiss \d+ more$/ })).toBeVisible();
  await notices.getByRole('button', { name: 'Dismiss', exact: true }).last().click();
  await expect(notices).not.toContainText('c.mp4');
  await expect(notices).toContainText('a.mp4');
});
