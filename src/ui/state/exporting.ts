/** What is in the project, as files for elsewhere: each with a name that says what it is. */
import { snippetAlarms } from '../../engine/evaluation/alarms.ts';
import { framesOf, widthOf } from '../../engine/evaluation/rows.ts';
import type { AlarmFormat, RunFormat, ScoreFormat } from '../../workers/client.ts';
import { alarmBoxes } from './alarm-boxes.ts';
import type { App } from './app.svelte.ts';
import { shownShare } from './relation.ts';
import { timesOf } from './curves.svelte.ts';
import { rateOf } from '../../engine/evaluation/rate.ts';
import { headCards } from '../../engine/heads/catalogue.fields.ts';
import { t } from '../text/text.svelte.ts';

/** What can be saved of a project, and why not. */
export interface Export {
  /** In English, as label and help are; translated where they are drawn. */
  group: 'Run' | 'Scores' | 'Alarms' | 'Features' | 'Project';
  label: string;
  help: string;
  obstacle(app: App): string | null;
  make(app: App): Promise<File>;
}

const withRun = (app: App) => (app.training.run ? null : t('Train a head first, or open a saved run.'));
const withGraph = (app: App) =>
  withRun(app) ??
  (headCards.find(({ id }) => id === app.training.run!.head)?.input
    ? t('This head reads more than a feature for each snippet.')
    : null);
const withScores = (app: App) =>
  withRun(app) ?? (app.training.scores.size > 0 ? null : t('Score the videos first.'));

export const exports: readonly Export[] = [
  {
    group: 'Run',
    label: 'Everything (.zip)',
    help: 'The run on screen with settings, seed, weights, scores and figures; dropped on any Weaklens page it opens to the same numbers.',
    obstacle: withRun,
    make: (app) => saveRun(app, app.training.run!.id, 'zip'),
  },
  {
    group: 'Run',
    label: 'Weights (.safetensors)',
    help: 'The weights of the run on screen, with the names of the official state dict.',
    obstacle: withRun,
    make: (app) => saveRun(app, app.training.run!.id, 'safetensors'),
  },
  {
    group: 'Run',
    label: 'Head (.onnx)',
    help: 'The head of the run on screen as a graph from features to scores, for ONNX Runtime and others.',
    obstacle: withGraph,
    make: (app) => saveRun(app, app.training.run!.id, 'onnx'),
  },
  {
    group: 'Run',
    label: 'Backbone and head (.onnx)',
    help: 'Both as one graph from pictures to scores, for ONNX Runtime and others; the file itself says how it is fed.',
    obstacle: (app) =>
      withGraph(app) ??
      (app.settings.offers.some(({ id, installed }) => installed && id === app.training.run!.backbone)
        ? null
        : t('The backbone that made the features of this run is not here.')),
    make: (app) => saveRun(app, app.training.run!.id, 'full.onnx'),
  },
  ...(['csv', 'json'] as const).map((format): Export => ({
    group: 'Scores',
    label: `Scores (.${format})`,
    help:
      format === 'csv'
        ? 'A line per snippet: video, label, snippet, score, and a column per class.'
        : 'The scores of every video as one file, which `lab evaluate` reads.',
    obstacle: withScores,
    make: (app) => saveScores(app, format),
  })),
  ...(
    [
      ['csv', 'Alarms (.csv)', 'A line per alarm at the threshold: frames, seconds, highest score.'],
      [
        'via',
        'Alarms for VIA (.json)',
        'A project of the VGG Image Annotator 3 with the alarms as stretches of time.',
      ],
      [
        'cvat',
        'Alarms for CVAT (.xml)',
        'Tracks that CVAT reads (“CVAT for video 1.1”), a file for each video.',
      ],
    ] as const
  ).map(([format, label, help]): Export => ({
    group: 'Alarms',
    label,
    help,
    obstacle: withScores,
    make: (app) => saveAlarms(app, format),
  })),
  {
    group: 'Features',
    label: 'Features (.npy)',
    help: 'The features of every video as NumPy arrays [snippets, D], each with its notes, in a zip.',
    obstacle: (app) => (app.project.featureKeys.length > 0 ? null : t('Extract or add features first.')),
    make: saveFeatures,
  },
  {
    group: 'Project',
    label: 'Project (.weaklens)',
    help: 'Labels, truths, features and runs, everything but the videos, as one file.',
    obstacle: () => null,
    make: (app) => app.saveProject(),
  },
];

/** A run as a file, named after head and seed. */
export async function saveRun(app: App, runId: string, format: RunFormat): Promise<File> {
  const { head, seed } = app.training.runs.find(({ id }) => id === runId)!;
  return new File([await app.training.exportRun(runId, format)], `${head}-${seed}.${format}`);
}

async function saveScores(app: App, format: ScoreFormat): Promise<File> {
  const { head, seed, id } = app.training.run!;
  const { content, ending } = await app.client.writeScores(format, await app.client.scoresOf(id));
  return new File([content], `${head}-${seed}-scores${ending}`);
}

/** Alarms at the threshold as it stands, of every video that has scores and a length. */
async function saveAlarms(app: App, format: AlarmFormat): Promise<File> {
  const { project, training } = app;
  const videos = project.videos.flatMap((video) => {
    const features = project.featuresOf(video);
    const record = features && training.scores.get(features.key);
    if (!features || !record) return [];
    const frames = framesOf(features, project.truths.get(video.id));
    const found = snippetAlarms(record.scores, training.threshold, frames, widthOf(features));
    // Of tubes there is no video, and their file may say how large its picture is.
    const [width = null, height = null] = video.facts
      ? [video.facts.width, video.facts.height]
      : (record.picture?.values ?? []);
    const seen = width !== null &&
      height !== null && {
        picture: [width, height] as const,
        share: shownShare(app.settings.offers, features),
        width: widthOf(features),
        topCells: Number(training.run!.config.topCells ?? 1),
      };
    const alarms = found.map((alarm) => ({
      ...alarm,
      ...timesOf(features, alarm.startFrame, alarm.endFrame),
      ...(seen && { boxes: alarmBoxes(record, alarm, seen) }),
    }));
    return [{ name: video.name, frames, width, height, alarms }];
  });
  const { head, seed } = training.run!;
  const { content, ending } = await app.client.writeAlarms(format, videos, project.record.name);
  return new File([content], `${head}-${seed}-alarms${ending}`);
}

async function saveFeatures({ project, client }: App): Promise<File> {
  const videos = project.videos.flatMap((video) => {
    const features = project.featuresOf(video);
    return features ? [{ name: video.name, fps: rateOf(features), featureKey: features.key }] : [];
  });
  return new File([await client.packFeatures(videos)], `${project.record.name}-features.zip`);
}
