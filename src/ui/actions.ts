/**
 * What can be done, as one table: it feeds buttons, keys and the help sheet.
 */
import type { WeakLabel } from '../engine/types.ts';
import type { App } from './state/app.svelte.ts';
import { forkRun } from './state/forking.ts';
import { lesson } from './state/lesson.svelte.ts';
import { t } from './text/text.svelte.ts';

export interface Action {
  id: string;
  /** In English, as a button says it; translated where it is drawn. */
  label: string;
  /** One sentence, for the help sheet; likewise. */
  help: string;
  /** `KeyboardEvent.key` values; `mod+z` is Ctrl or Command with z. */
  keys: string[];
  group: 'Videos' | 'Stage' | 'Guess' | 'Training' | 'Help';
  /** Why it cannot be done now, in the language of the page, or null. */
  obstacle(app: App): string | null;
  run(app: App): unknown;
}

/** How many times as much of the time a zoom shows. */
const ZOOM = 2;

const onStage = (app: App) => (app.stage.video ? null : t('Put a video on stage first.'));

function labelStage(app: App, label: WeakLabel): Promise<void> {
  const { video } = app.stage;
  return app.project.label([video!.id], video!.label === label ? null : label);
}

/** The video after or before the one on stage, in the order of the list. */
function showNeighbour(app: App, by: 1 | -1): Promise<void> {
  const inOrder = [...app.project.videos.filter(isTrain), ...app.project.videos.filter((v) => !isTrain(v))];
  const at = inOrder.findIndex(({ id }) => id === app.stage.videoId);
  const next = inOrder[Math.min(Math.max(0, at + by), inOrder.length - 1)];
  return next ? app.show(next.id) : Promise.resolve();
}

const isTrain = ({ part }: { part: string }) => part === 'train';

export const actions: readonly Action[] = [
  {
    id: 'label-normal',
    label: 'Normal',
    help: 'Say of the video on stage that nothing unusual happens in it; once more takes the label away.',
    keys: ['n'],
    group: 'Videos',
    obstacle: onStage,
    run: (app) => labelStage(app, 'normal'),
  },
  {
    id: 'label-anomalous',
    label: 'Anomalous',
    help: 'Say of the video on stage that it contains an anomaly, somewhere; once more takes the label away.',
    keys: ['a'],
    group: 'Videos',
    obstacle: onStage,
    run: (app) => labelStage(app, 'anomalous'),
  },
  {
    id: 'next-video',
    label: 'Next video',
    help: 'Put the next video of the list on stage.',
    keys: ['ArrowDown', 'j'],
    group: 'Videos',
    obstacle: onStage,
    run: (app) => showNeighbour(app, 1),
  },
  {
    id: 'previous-video',
    label: 'Previous video',
    help: 'Put the video before it on stage.',
    keys: ['ArrowUp', 'k'],
    group: 'Videos',
    obstacle: onStage,
    run: (app) => showNeighbour(app, -1),
  },
  {
    id: 'extract',
    label: 'Extract features',
    help: 'Look at every video through the backbone once and keep what it saw.',
    keys: ['e'],
    group: 'Videos',
    obstacle: (app) =>
      app.project.extraction
        ? t('Extraction is under way.')
        : app.project.unextracted.length > 0
          ? null
          : t('Every video has its features.'),
    run: (app) => app.extract(),
  },
  {
    id: 'camera',
    label: 'Camera',
    help: 'Watch the camera of this machine, scored by the run on screen as it goes; once more lets go of it.',
    keys: ['c'],
    group: 'Videos',
    obstacle: (app) =>
      app.watching.isAsking ? t('The browser is asking whether the camera may be used.') : null,
    run: ({ watching }) => (watching.camera ? watching.endCamera() : watching.openCamera()),
  },
  {
    id: 'street',
    label: 'Street',
    help: 'Watch a simulated street, set an event off in it, and make videos of it; once more goes back to the stage.',
    keys: ['w'],
    group: 'Videos',
    obstacle: () => null,
    run: ({ watching }) => (watching.street ? watching.endStreet() : watching.openStreet()),
  },
  {
    id: 'undo',
    label: 'Undo',
    help: 'Take back the latest change to the list of videos or to your marks.',
    keys: ['mod+z'],
    group: 'Videos',
    obstacle: (app) => (app.project.history.next ? null : t('There is nothing to take back.')),
    run: async (app) => {
      const what = await app.project.history.undo();
      if (what) app.notices.say(t('Taken back: {what}.', { what }));
      await app.stage.refresh();
    },
  },
  {
    id: 'next-frame',
    label: 'Next frame',
    help: 'One frame on.',
    keys: ['.', 'ArrowRight'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.stepBy(1),
  },
  {
    id: 'previous-frame',
    label: 'Previous frame',
    help: 'One frame back.',
    keys: [',', 'ArrowLeft'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.stepBy(-1),
  },
  {
    id: 'next-snippet',
    label: 'Next snippet',
    help: 'To the beginning of the next 16 frames.',
    keys: ['>'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.stepSnippets(1),
  },
  {
    id: 'previous-snippet',
    label: 'Previous snippet',
    help: 'To the beginning of the 16 frames before.',
    keys: ['<'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.stepSnippets(-1),
  },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    help: 'Show less of the video’s time, around the cursor; the wheel over the timeline does the same.',
    keys: ['+', '='],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.zoom(1 / ZOOM),
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    help: 'Show more of it.',
    keys: ['-'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.zoom(ZOOM),
  },
  {
    id: 'zoom-whole',
    label: 'Whole video',
    help: 'Show all of the video’s time.',
    keys: ['0'],
    group: 'Stage',
    obstacle: onStage,
    run: (app) => app.stage.showAll(),
  },
  {
    id: 'guess-start',
    label: 'Start here',
    help: 'Mark that the anomaly begins at the cursor; inside a mark, its start moves here.',
    keys: ['[', 'i'],
    group: 'Guess',
    obstacle: onStage,
    run: (app) => app.guess.begin(),
  },
  {
    id: 'guess-end',
    label: 'End here',
    help: 'Mark that it ends at the cursor; without a start, the end of the mark that is selected moves here.',
    keys: [']', 'o'],
    group: 'Guess',
    obstacle: (app) => onStage(app) ?? app.guess.obstacleToEnd,
    run: (app) => app.guess.end(),
  },
  {
    id: 'guess-remove',
    label: 'Remove mark',
    help: 'Remove the mark that is selected, or the start that has no end yet.',
    keys: ['Delete', 'Backspace'],
    group: 'Guess',
    obstacle: (app) =>
      app.guess.begunFrame !== null || app.guess.selected >= 0 ? null : t('Select a mark first.'),
    run: (app) => app.guess.remove(),
  },
  {
    id: 'guess-nothing',
    label: 'Nothing unusual',
    help: 'Your guess is that nothing unusual happens in this video; once more takes that back.',
    keys: ['u'],
    group: 'Guess',
    obstacle: onStage,
    run: (app) => app.guess.sayNothing(),
  },
  {
    id: 'where',
    label: 'Where',
    help: 'Lay over the picture how much each part of it looks like what the whole video is about; once more takes it away.',
    keys: ['h'],
    group: 'Stage',
    obstacle: (app) =>
      app.looking.isWhereShown || app.looking.current?.relation
        ? null
        : t('Only a head that reads feature maps (GIG) tells where.'),
    run: (app) => (app.looking.isWhereShown = !app.looking.isWhereShown),
  },
  {
    id: 'provenance',
    label: 'Why this score',
    help: 'Walk the score under the cursor back to the activations, the feature and the frames that it comes from.',
    keys: ['y'],
    group: 'Stage',
    obstacle: (app) =>
      app.training.run && app.stage.features ? null : t('Train a head first, and put a video on stage.'),
    run: (app) => (app.evidence = 'Provenance'),
  },
  {
    id: 'truth',
    label: 'Reveal truth',
    help: 'Show where the anomaly really is, beside your guess and the head’s alarms; the head never saw this.',
    keys: ['t'],
    group: 'Guess',
    obstacle: onStage,
    run: (app) => app.guess.reveal(),
  },
  {
    id: 'train',
    label: 'Play',
    help: 'Train the head, or pause it.',
    keys: ['p'],
    group: 'Training',
    obstacle: (app) => (app.training.isPlaying || app.training.isContinuable ? null : app.training.obstacle),
    run: (app) => (app.training.isPlaying ? app.training.transport.pause() : app.training.transport.play()),
  },
  {
    id: 'train-step',
    label: 'Step',
    help: 'One training step: sample bags, score, choose, loss, update; one that was begun in slow motion is brought to its end.',
    keys: ['s'],
    group: 'Training',
    obstacle: (app) =>
      app.training.isPlaying ? t('Pause first.') : app.training.isContinuable ? null : app.training.obstacle,
    run: (app) => app.training.transport.step(),
  },
  {
    id: 'train-slow',
    label: 'Slow',
    help: 'Train in slow motion: what a step draws, how that scores, what the loss chooses, what it is, how far the head moves; once more pauses, also in the midst of a step.',
    keys: ['l'],
    group: 'Training',
    obstacle: (app) => (app.training.isPlaying || app.training.isContinuable ? null : app.training.obstacle),
    run: (app) => {
      const { transport } = app.training;
      return transport.slow.isRunning ? transport.pause() : transport.playSlowly();
    },
  },
  {
    id: 'next-phase',
    label: 'Next phase',
    help: 'Go on to the next phase of a step in slow motion, now; it begins a step where none is under way.',
    keys: ['x'],
    group: 'Training',
    obstacle: (app) =>
      app.training.isPlaying && !app.training.transport.slow.isRunning
        ? t('Pause first.')
        : app.training.isContinuable
          ? null
          : app.training.obstacle,
    run: (app) => app.training.transport.nextPhase(),
  },
  {
    id: 'fork',
    label: 'Fork',
    help: 'From the step that the run on screen stands at, go on with the components as they are set now; the run before goes on beside it.',
    keys: ['b'],
    group: 'Training',
    obstacle: (app) =>
      app.training.isForkable
        ? null
        : t(
            'Pause a run, and switch one of its components first; while it trains, switching forks it at once.',
          ),
    run: (app) => forkRun(app, app.training.config),
  },
  {
    id: 'score-new',
    label: 'Score new videos',
    help: 'Let the run on screen score the videos that it has not met yet; its threshold says what is an alarm.',
    keys: ['v'],
    group: 'Training',
    obstacle: ({ training }) => {
      if (!training.run) return t('Train a head first, or drop a run that was saved.');
      if (training.isPlaying) return t('Pause first.');
      if (training.run.step === 0) return t('The run has not learned anything yet.');
      return training.unscored.length > 0 ? null : t('Every video that has features has its scores.');
    },
    run: (app) => app.training.scoreAll(),
  },
  {
    id: 'train-reset',
    label: 'Reset',
    help: 'Begin a new run from initial parameters; the one before stays in the list of runs.',
    keys: ['r'],
    group: 'Training',
    obstacle: (app) => (app.training.isPlaying ? t('Pause first.') : app.training.obstacle),
    run: (app) => app.training.transport.reset(),
  },
];

const ARROWS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** A key as keyboards have it on it, in the language of the page. */
export function keyName(key: string): string {
  if (key === 'mod+z') return t('Ctrl Z');
  if (key === 'Delete') return t('Delete~key');
  return key === 'Backspace' ? t('Backspace~key') : (ARROWS[key] ?? key);
}

export function actionById(id: string): Action {
  return actions.find((action) => action.id === id)!;
}

/** Does it, unless it cannot be done or is not there; what goes wrong is told. */
export async function perform(app: App, action: Action): Promise<void> {
  if (!lesson.shows(action.id) || action.obstacle(app) !== null) return;
  try {
    await action.run(app);
  } catch (error) {
    app.notices.fail(error);
  }
}

/** The action of a key, unless the key belongs to what has the focus. */
export function actionForKey(event: KeyboardEvent): Action | null {
  const target = event.target as HTMLElement;
  const isWriting = target.closest(
    'input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable], dialog',
  );
  const modified = event.ctrlKey || event.metaKey;
  if (isWriting || event.altKey) return null;
  const ownsArrows = target.closest(
    'input, [role=slider], [role=radiogroup], [role=tablist], [role=menu], summary, video',
  );
  if (ownsArrows && event.key.startsWith('Arrow')) return null;
  const key = modified ? `mod+${event.key.toLowerCase()}` : event.key;
  return actions.find(({ id, keys }) => keys.includes(key) && lesson.shows(id)) ?? null;
}
