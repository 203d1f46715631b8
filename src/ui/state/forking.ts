/** A component is switched in the midst of training: the run is forked, said so, and may be taken back. */
import type { Config, ConfigValue, HeadCard } from '../../engine/heads/config.fields.ts';
import type { RunRecord } from '../../workers/client.ts';
import type { App } from './app.svelte.ts';

/** @returns the fork, which is on screen now; the run that it comes from goes on beside it */
export async function forkRun(app: App, config: Config): Promise<RunRecord> {
  const { training, project, notices } = app;
  const before = training.run!.config;
  const { run, parent, fresh, dropped } = await training.transport.fork(config);
  const changes = Object.keys(config)
    .filter((key) => config[key] !== before[key])
    .map((key) => `${training.card.fields[key].label} ${inWords(before[key])} → ${inWords(config[key])}`);
  const change = project.history.did(`Fork at step ${parent.step}`, () => training.remove(run.id));
  const names = (list: readonly string[]) =>
    list.length > 3 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
  notices.say(
    [
      `Forked at step ${parent.step}: ${changes.join(', ')}. Both runs go on.`,
      fresh.length > 0 ? `New parameters from the seed: ${names(fresh)}.` : '',
      dropped.length > 0 ? `Dropped: ${names(dropped)}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    {
      label: 'Undo',
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
  return value === true ? 'on' : value === false ? 'off' : String(value);
}
