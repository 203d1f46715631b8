/** Repeats over seeds: drawn as their mean with a band, in the loss and in the curves, and told as figures. */
import { expect, open, test, violations } from './weaklens.ts';

test('repeats over seeds are one line with a band, and as many lines where that is switched off', async ({
  page,
  house,
}) => {
  await open(page, await house.serve());
  const made = await page.evaluate(async () => {
    const { makeVideos, extract, train, evaluate, runs } = globalThis.weaklens!;
    await makeVideos(11, { train: 6, test: 6, seconds: 6, framesPerSecond: 15 });
    await extract();
    const areas: number[] = [];
    for (const seed of [1, 2, 3]) {
      await train({ head: 'sultani', seed, steps: 20 });
      areas.push((await evaluate())!.frameAuc!);
    }
    return { areas, last: runs().map(({ losses }) => losses.total[19]) };
  });
  const spread = (values: readonly number[]) => {
    const mean = (values[0] + values[1] + values[2]) / 3;
    return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2) };
  };

  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByRole('checkbox', { name: 'Draw these repeats' }).check();
  const fold = page.getByRole('checkbox', { name: 'Band over seeds' });
  await expect(fold).toBeChecked();
  const lossNames = page.getByRole('list', { name: 'Runs whose loss is drawn' });
  await expect(lossNames.getByRole('listitem')).toHaveText([/mean of seeds 1, 2, 3, step 20$/]);
  const loss = spread(made.last);
  const told = /^(\S+) ± (\S+)$/.exec((await page.getByTestId('loss').textContent())!)!;
  expect(Number(told[1])).toBeCloseTo(loss.mean, 2);
  expect(Number(told[2])).toBeCloseTo(loss.deviation, 2);
  await page.getByText('Losses as a table').click();
  const table = page.getByRole('region', { name: 'Losses as a table' });
  await expect(table.getByRole('row').last()).toContainText(told[0]);

  await page.getByRole('tab', { name: 'Curve' }).click();
  const areas = page.getByRole('list', { name: 'Areas under the curves' }).getByRole('listitem');
  const { mean, deviation } = spread(made.areas);
  await expect(areas).toHaveText([
    new RegExp(`mean of seeds 1, 2, 3, step 20 ${mean.toFixed(3)} ± ${deviation.toFixed(3)}$`),
  ]);
  await expect(page.getByRole('slider', { name: 'Operating point' })).toBeVisible();
  await page.getByText('Means over seeds as a table').click();
  const means = page.getByRole('table', { name: /^Recall: mean ± standard deviation/ });
  await expect(means.getByRole('row').last()).toHaveText(/^1\.0\s*1\.000 ± 0\.000$/);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('tabpanel').getByRole('checkbox', { name: 'Band over seeds' }).uncheck();
  await expect(areas).toHaveCount(3);
  await expect(lossNames.getByRole('listitem')).toHaveCount(3);
  await expect(means).toHaveCount(0);
});
