/** A link to what is on screen: another browser gets the same, and what a lesson leaves out is not there. */
import { hash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, open, ready, test, violations } from './weaklens.ts';

/** The link that the share dialog shows. */
async function linkOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await page.getByRole('dialog', { name: 'Share' }).getByRole('button', { name: 'Close' }).click();
  return link;
}

const losses = (page: Page) =>
  page.evaluate(() => {
    const [{ losses, step }] = globalThis.weaklens!.runs();
    return { step, losses: Array.from(losses.total) };
  });

test('a link reproduces the first 20 losses of a run in another browser', async ({
  page,
  house,
  browser,
}) => {
  test.setTimeout(240_000);
  await page.goto(`${await house.serve()}#data=street-small`);
  await ready(page);
  await expect(page.getByRole('heading', { name: 'Train 96' })).toBeVisible();
  await page.evaluate(() =>
    globalThis.weaklens!.train({ head: 'sultani', config: { hidden1: 32 }, seed: 41, steps: 20 }),
  );
  const made = await losses(page);
  expect(made.step).toBe(20);
  const { name } = await page.evaluate(() => globalThis.weaklens!.videos()[7]);
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('tab', { name: 'Runs' }).click();
  const link = await linkOf(page);
  expect(link).toContain('#data=street-small');
  expect(link).toContain('seed=41');

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await ready(other);
  await expect(other.getByRole('heading', { name: 'Train 96' })).toBeVisible();
  await expect(other.getByRole('tab', { name: 'Runs' })).toHaveAttribute('aria-selected', 'true');
  await expect(other.getByLabel('Stage', { exact: true })).toContainText(name);
  await expect(other.getByRole('spinbutton', { name: 'Seed' })).toHaveValue('41');
  await expect(other.getByLabel('Notices')).not.toContainText('Warning');
  await other.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(other.getByTestId('progress')).toContainText('step 20/20', { timeout: 60_000 });
  await expect(other.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const again = await losses(other);
  expect(again.losses).toEqual(made.losses);
  console.log(
    `20 losses, ${made.losses[0].toFixed(4)} to ${made.losses[19].toFixed(4)}, sha256 ${hash('sha256', made.losses.join()).slice(0, 12)} here and ${hash('sha256', again.losses.join()).slice(0, 12)} there`,
  );
  // A reload is no link from elsewhere: what this browser has made of the data stays.
  await other.reload();
  await ready(other);
  expect(await other.evaluate(() => globalThis.weaklens!.runs().length)).toBe(7);
  await other.context().close();
});

test('what a link leaves out is not there, nor its key; what makes no sense is told', async ({
  page,
  house,
}) => {
  const address = await house.serve();
  await open(page, `${address}?start=exhibit`);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await expect(dialog.getByRole('img', { name: 'The link as a QR code' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  for (const [group, label] of [
    ['Guess', 'Reveal truth'],
    ['Head', 'Seed'],
    ['Evidence', 'Runs'],
  ]) {
    await dialog.getByText(group, { exact: true }).click();
    await dialog.getByRole('checkbox', { name: label, exact: true }).check();
  }
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toContain('hide=truth,seed,tab-Runs');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('button', { name: 'Reveal truth' })).toBeVisible(); // here, all stays

  await page.goto('about:blank');
  await page.goto(`${link}&colour=red`);
  await ready(page);
  const stage = page.getByLabel('Stage', { exact: true });
  await expect(stage).toContainText('of which it was told only');
  await expect(page.getByLabel('Notices')).toContainText('“colour” is not known here');
  await expect(page.getByRole('button', { name: 'Reveal truth' })).toHaveCount(0);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Runs' })).toHaveCount(0);
  await page.keyboard.press('t');
  await expect(stage).toContainText('truehidden');
  await page.keyboard.press('/');
  await expect(page.getByRole('dialog', { name: 'Help' })).not.toContainText('Reveal truth');
});

test('every name that can be hidden takes something away', async ({ page, house }) => {
  const address = await house.serve();
  await open(page, `${address}?start=exhibit`);
  const controls = () =>
    page.evaluate(
      () => document.querySelectorAll('button, select, input, summary, [role=slider], .handle').length,
    );
  await expect(page.getByRole('img', { name: /^Timeline/ })).toBeVisible();
  await page.evaluate(() => globalThis.weaklens!.label(globalThis.weaklens!.videos()[0].name, 'normal'));
  const before = await controls();
  const visible =
    'project,undo,drop,camera,street,label-normal,label-anomalous,video-menu,extract,backbone,threshold,previous-snippet,previous-frame,next-frame,next-snippet,truth,provenance,guess-start,guess-end,guess-remove,guess-nothing,train,train-step,train-slow,train-reset,head,preset,seed,steps,select,share,help,tab-Curve,tab-Cost,set.reduction'.split(
      ',',
    );
  const without: string[] = [];
  for (const name of visible) {
    await page.evaluate((hash) => (location.hash = hash), `hide=${name}`);
    await expect.poll(controls, { message: name }).toBeLessThan(before);
    without.push(name);
    await page.evaluate(() => (location.hash = ''));
    await expect.poll(controls, { message: `after ${name}` }).toBe(before);
  }
  expect(without).toEqual(visible);
});
