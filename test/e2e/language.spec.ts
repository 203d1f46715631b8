/** The page in another language: by a link, by the control that chooses it, and as it was chosen before. */
import type { Page } from '@playwright/test';
import { de } from '../../src/ui/text/de.ts';
import { dropFiles, expect, makeFiles, open, ready, row, test, violations } from './weaklens.ts';

test('a link opens the page in German; English is a choice away, and stays', async ({ page, house }) => {
  const address = await house.serve();
  await open(page, `${address}?lang=de&start=exhibit`);
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'de');
  await expect(page.getByText('Vier Straßen, die ein kleiner Kopf')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Kennzahlen' })).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/#.*lang=de/);
  await page.keyboard.press('u');
  await page.keyboard.press('t');
  await expect(page.getByTestId('revealed')).toContainText('Aufgedeckt. Du: nichts');
  const verdicts = page.getByRole('table', { name: 'Du, der Kopf und die Wahrheit' });
  await expect(verdicts).toContainText(/\d,\d{3}/);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: 'Teilen' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox', { name: 'Link' })).toHaveValue(/#.*lang=de/);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Schließen' }).click();
  await page.keyboard.press('?');
  await expect(dialog).toContainText('Ein Trainingsschritt: Bags ziehen');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Schließen' }).click();

  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await expect(page.getByRole('table', { name: 'You, the head and the truth' })).toBeVisible();
  await expect(page).not.toHaveURL(/lang=/);
  await page.reload();
  await ready(page);
  await expect(html).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('tab', { name: 'Figures' })).toBeVisible();

  // Of an open page too, a link changes the language; what was chosen is there where no link says anything.
  await page.goto(`${page.url()}&lang=de`);
  await expect(page.getByRole('tab', { name: 'Kennzahlen' })).toBeVisible();
  await page.goto('about:blank');
  await open(page, address);
  await expect(html).toHaveAttribute('lang', 'en');
});

/** English sentences and words of the table that an element shows or says; what is marked as English may be. */
async function englishIn(page: Page, selector: string): Promise<string[]> {
  const german = new Set(Object.values(de));
  const keys = Object.keys(de).filter((text) => !german.has(text));
  return page.evaluate(
    ({ selector, keys }) => {
      const english = new Set(keys);
      const elements = [...document.querySelectorAll(`${selector}, ${selector} *`)];
      const said = elements
        .filter((element) => !element.closest('body [lang="en"]'))
        .flatMap((element) => [
          ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map((node) => node.textContent),
          ...['title', 'aria-label', 'aria-valuetext'].map((name) => element.getAttribute(name)),
        ]);
      return said.map((text) => (text ?? '').replace(/\s+/g, ' ').trim()).filter((text) => english.has(text));
    },
    { selector, keys },
  );
}

test('evidence and charts speak German too, tables and all', async ({ page, house }) => {
  await open(page, `${await house.serve()}?lang=de&start=exhibit`);
  const evidence = page.locator('#evidence');
  const opensTables = () =>
    evidence.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));

  await page.getByRole('tab', { name: 'Kurve' }).click();
  await expect(page.getByRole('slider', { name: 'Arbeitspunkt' })).toHaveAttribute(
    'aria-valuetext',
    /^Schwelle 0,\d{3}: Recall \d,\d{3}, Falsch-Positiv-Rate/,
  );
  await opensTables();
  await expect(evidence.getByRole('columnheader', { name: 'Ereignis-Recall' })).toBeVisible();
  expect(await englishIn(page, '#evidence')).toEqual([]);

  await page.getByRole('tab', { name: 'Läufe' }).click();
  await expect(evidence.getByRole('columnheader', { name: 'Startwert' })).toBeVisible();
  expect(await englishIn(page, '#evidence')).toEqual([]);

  await page.getByRole('tab', { name: 'Raum' }).click();
  await expect(evidence.getByText(/Segmente von 4 Videos in zwei Dimensionen, nach Merkmalen/)).toBeVisible();
  await opensTables();
  await expect(evidence.getByRole('cell', { name: 'anomales Video' }).first()).toBeVisible();
  expect(await englishIn(page, '#evidence')).toEqual([]);

  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('English');
  await expect(evidence.getByRole('cell', { name: 'anomalous video' }).first()).toBeVisible();
  expect((await englishIn(page, '#evidence')).length).toBeGreaterThan(5);
});

test('a browser that asks for German gets it, and a phone has room for it', async ({ browser, house }) => {
  const context = await browser.newContext({ locale: 'de-AT', serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, await house.serve());
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('combobox', { name: 'Sprache' })).toHaveValue('de');
  await expect(page.getByRole('heading', { name: 'Sieh schwacher Aufsicht beim Lernen zu' })).toBeVisible();
  const labels = await makeFiles(page, 2, { train: 2, test: 2, seconds: 6, framesPerSecond: 15 });
  await dropFiles(page);
  await expect(page.getByRole('button', { name: 'Merkmale von 4 extrahieren' })).toBeVisible();
  await expect(row(page, labels[0].name)).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  expect(await violations(page)).toEqual([]);
  await context.close();
});
