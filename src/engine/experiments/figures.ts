/** The figures that experiments print, by one name each. */
import type { Evaluation } from '../evaluation/evaluate.ts';

export type FigureId =
  | 'frameAuc'
  | 'anomalySubsetAuc'
  | 'videoAuc'
  | 'averagePrecision'
  | 'mf1'
  | 'miou'
  | 'iou01'
  | 'iou02'
  | 'iou03'
  | 'noisyFrameAuc'
  | 'noisySubsetAuc'
  | 'parameters';

/** What a run came to; null where a figure is undefined. */
export type Figures = Partial<Record<FigureId, number | null>>;

export interface FigureColumn {
  title: string;
  help: string;
  /** A share is kept as 0..1 and printed in per cent, as the papers do. */
  unit: 'share' | 'count';
}

const share = (title: string, help: string): FigureColumn => ({ title, help, unit: 'share' });

export const FIGURES: Readonly<Record<FigureId, FigureColumn>> = {
  frameAuc: share('Frame AUC', 'Area under the ROC curve over all frames of the test videos.'),
  anomalySubsetAuc: share('Anomaly subset', 'Frame AUC within the anomalous test videos only.'),
  videoAuc: share('Video AUC', 'Area under the ROC curve of one score a test video against its label.'),
  averagePrecision: share('AP', 'Average precision over the same frames.'),
  mf1: share('MF1', 'Mean F1 of the classes over frames.'),
  miou: share('MIoU', 'Mean overlap of the top tube with the annotated one.'),
  iou01: share('IoU@0.1', 'Share of the anomalous videos whose top tube overlaps by more than a tenth.'),
  iou02: share('IoU@0.2', 'Share of the anomalous videos whose top tube overlaps by more than a fifth.'),
  iou03: share('IoU@0.3', 'Share of the anomalous videos whose top tube overlaps by more than three tenths.'),
  noisyFrameAuc: share('Frame AUC, noisy', 'Frame AUC of the same test videos with noise (NAME.noise.npy).'),
  noisySubsetAuc: share('Anomaly subset, noisy', 'Anomaly-subset AUC of the same test videos with noise.'),
  parameters: {
    title: 'Parameters',
    help: 'Numbers that are trained, at the length of the features here.',
    unit: 'count',
  },
};

/** What an evaluation says of the test videos. */
export function figuresOf(evaluation: Evaluation): Figures {
  const { frameAuc, anomalySubsetAuc, videoAuc, averagePrecision, mf1, miou, iouAt } = evaluation;
  return {
    frameAuc,
    anomalySubsetAuc,
    videoAuc,
    averagePrecision,
    mf1,
    miou,
    iou01: iouAt?.['0.1'] ?? null,
    iou02: iouAt?.['0.2'] ?? null,
    iou03: iouAt?.['0.3'] ?? null,
  };
}

/** A figure as it is printed: a share in per cent. */
export function shownFigure(id: FigureId, value: number): string {
  return FIGURES[id].unit === 'share' ? (100 * value).toFixed(2) : Math.round(value).toLocaleString('en');
}

/** A paper's figure, which is in its own units already. */
export function shownReported(id: FigureId, value: number): string {
  return FIGURES[id].unit === 'share' ? value.toFixed(2) : value.toLocaleString('en');
}

/** Its name with its unit. */
export const titleOf = (id: FigureId): string =>
  FIGURES[id].unit === 'share' ? `${FIGURES[id].title} (%)` : FIGURES[id].title;
