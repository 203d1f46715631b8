/** Which losses are drawn: those of the run on screen, and of what goes on beside it or repeats it over seeds. */
import { t } from '../text/text.svelte.ts';
import { foldLosses, lossesOf, type LossLine } from '../chart/loss-rows.ts';
import { lineName, RUN_DASHES, runColour, type DrawnRun } from './comparison.svelte.ts';
import { differencesInWords } from './forking.ts';
import type { Training } from './training.svelte.ts';

/** As the run's line looks elsewhere. */
const lookOf = (slot: number) => ({ stroke: runColour(slot), dash: RUN_DASHES[slot] });

export function lossLines(training: Training): LossLine[] {
  const { run, card, comparison, transport } = training;
  const { beside, losses } = transport;
  const own = { losses, ...lookOf(0) };
  if (beside && run) {
    // It may be drawn on the timeline no longer.
    const slot = comparison.shown.find((shown) => shown.run.id === beside.run.id)?.slot ?? 1;
    const [mine, its] = [run.config, beside.run.config];
    return [
      { name: t('on screen: {settings}', { settings: differencesInWords(card, its, mine) }), ...own },
      {
        name: t('beside it: {settings}', { settings: differencesInWords(card, mine, its) }),
        losses: beside.losses,
        ...lookOf(slot),
      },
    ];
  }
  // Losses of other heads are no measure for this one's.
  const groups = comparison.repeats.filter(([first, ...others]) =>
    others.length > 0 ? first.run.head === run?.head : first.slot === 0,
  );
  if (groups.every(({ length }) => length < 2)) return [{ name: t('This run'), ...own }];
  const drawn = ({ run: one, slot }: DrawnRun) => (slot === 0 ? losses : lossesOf(one));
  const lines = comparison.isFolded ? groups : groups.flat().map((one) => [one]);
  return lines.map((line) => ({
    name: lineName(line),
    ...(line.length > 1 ? foldLosses(line.map(drawn)) : { losses: drawn(line[0]) }),
    ...lookOf(line[0].slot),
  }));
}
