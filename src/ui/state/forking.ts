/** A component is switched in the midst of training: the run is forked, said so, and may be taken back. */
import type { Config, ConfigValue, HeadCard } from '../../engine/heads/config.fields.ts';
import type { RunRecord } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';
import type { App } from './app.svelte.ts';

/** @returns the fork, which is on screen now; the run that it comes from goes on beside it */
export async function forkRun(app: App, config: Config): Promise<RunRecord> {
  const { training, project, notices } = app;
  const before = training.run!.config;
  const { run, parent, fresh, dropped } = await training.transport.fork(config);
  const changes = Object.keys(config)
    .filter((key) => config[key] !== before[key])
    .map((key) => `${training.card.fields[key].label} ${inWords(before[key])} → ${inWords(config[key])}`);
  const change = project.history.did(t('Fork at step {n}', { n: parent.step }), () =>
    training.remove(run.id),
  );
  const names = (list: readonly string[]) =>
    list.length > 3
      ? `${list.slice(0, 3).join(', ')} ${t('and {n} more', { n: list.length - 3 })}`
      : list.join(', ');
  notices.say(
    [
      t('Forked at step {n}: {changes}. Both runs go on.', { n: parent.step, changes: changes.join(', ') }),
      fresh.length > 0 ? t('New parameters from the seed: {names}.', { names: names(fresh) }) : '',
      dropped.length > 0 ? t('Dropped: {names}.', { names: names(dropped) }) : '',
    ]
      .filter(Boolean)
      .join(' '),
    {
      label: t('Undo'),
      run: () => void project.history.takeBack(change).catch((error: unknown) => notices.fail(error)),
    },
  );
  return run;
}

/** In what a configuration differs from another, as the form calls it. */
export function differencesInWords(card: HeadCard, from: Config, to: Config): string {
  return Object.keys(to)
    .filter((key) => from[key] !== to[key])
    .map((key) => `${card.fields[key]?.label ?? key} ${inWords(to[key])}`)
    .join(', ');
}

export function inWords(value: ConfigValue): string {
  return value === true ? t('on') : value === false ? t('off') : String(value);
}
