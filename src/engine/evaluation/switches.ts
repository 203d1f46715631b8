/** The switches of a protocol: their options, and who uses which. Facts are those of papers and released code as read. */
import type { Protocol } from './protocol.ts';

export type SwitchKey = Exclude<keyof Protocol, 'bag' | 'sigma'>;

export interface Option<V = string> {
  value: V;
  title: string;
  /** One sentence: who uses it. */
  by: string;
}

export interface Switch<K extends SwitchKey = SwitchKey> {
  key: K;
  title: string;
  help: string;
  /** The default first. */
  options: readonly Option<Protocol[K]>[];
  /** A number that some of the options need. */
  detail?: Detail;
}

export interface Detail {
  key: 'bag' | 'sigma';
  title: string;
  help: string;
  min: number;
  max: number;
  isWhole: boolean;
  /** The options that read it. */
  of: readonly string[];
}

const define = <K extends SwitchKey>(own: Switch<K>): Switch => own as unknown as Switch;

export const SWITCHES: readonly Switch[] = [
  define({
    key: 'average',
    title: 'Average over',
    help: 'Whether all frames are ranked together, or each video by itself.',
    options: [
      {
        value: 'micro',
        title: 'all frames (micro)',
        by: 'Every official code of this field: Sultani, GCN, RTFM, WSAL, MGFN, Watanabe, UR-DMU.',
      },
      {
        value: 'macro',
        title: 'each video (macro)',
        by: 'Common where only normal videos are trained on (ShanghaiTech, Avenue); it forgives scores that do not compare between videos.',
      },
      {
        value: 'pairs',
        title: 'pairs of videos',
        by: 'The re-implementation of Sultani by seominseok0429, whose 84.45 is the mean over 140 pairs of an anomalous and a normal video (there by chance, here in order).',
      },
    ],
  }),
  define({
    key: 'subset',
    title: 'Videos',
    help: 'Whose frames are counted. Normal videos are the easy part: they raise the figure.',
    options: [
      { value: 'all', title: 'all test videos', by: 'The headline figure of every paper here.' },
      {
        value: 'anomalous',
        title: 'anomalous only',
        by: 'WSAL and AR-Net report it beside the headline figure: their normal frames stay in, normal videos do not.',
      },
    ],
  }),
  define({
    key: 'normalise',
    title: 'Scores per video',
    help: 'Whether every video’s scores are stretched to 0..1 before they are compared with those of others.',
    options: [
      { value: 'none', title: 'as they are', by: 'Sultani, RTFM, WSAL, MGFN, Watanabe.' },
      {
        value: 'video',
        title: 'min to max, each video',
        by: 'Work on predicting frames that trains on normal videos only; in a normal video some frame then scores 1 too.',
      },
      {
        value: 'anomalous',
        title: 'min to max, anomalous only',
        by: 'A flag of the evaluation in GCN’s code, which leaves normal videos out: it takes knowing which videos are anomalous.',
      },
    ],
  }),
  define({
    key: 'expansion',
    title: 'Scores to frames',
    help: 'Which frames a score holds for.',
    options: [
      {
        value: 'repeat16',
        title: 'repeat 16',
        by: 'RTFM, MGFN, UR-DMU, XDVioDet, PEL4VAD, S3R: np.repeat(score, 16).',
      },
      {
        value: 'stretch',
        title: 'stretch',
        by: 'Whoever has as many scores per video and forgot how many frames each is of.',
      },
      {
        value: 'wsal_ratio',
        title: 'stretch, rounded',
        by: 'WSAL and GCN: both borders rounded to the nearest frame, every frame covered.',
      },
      {
        value: 'sultani_literal',
        title: 'Sultani, tail 0',
        by: 'Sultani’s published evaluation: 32 segments, and for more than 17 clips the last clip and the tail stay 0.',
      },
      {
        value: 'sultani_hold',
        title: 'Sultani, tail held',
        by: 'What Sultani’s evaluation seems to mean: the tail keeps the score of the last segment.',
      },
      {
        value: 'watanabe_bags',
        title: 'bags of snippets',
        by: 'Watanabe et al.: one score per bag, of 28 snippets for UCF-Crime, 21 for ShanghaiTech, 9 for XD-Violence.',
      },
      {
        value: 'gig',
        title: 'GIG’s windows',
        by: 'GIG: windows of 6 frames every 3, and a Gaussian of 2 frames over the curve.',
      },
      {
        value: 'widths',
        title: 'widths of a file',
        by: 'Features pooled to segments, where a file says how wide each is.',
      },
    ],
    detail: {
      key: 'bag',
      title: 'Snippets per bag',
      help: 'Watanabe et al. chose it by the test figure.',
      min: 1,
      max: 10000,
      isWhole: true,
      of: ['watanabe_bags'],
    },
  }),
  define({
    key: 'smoothing',
    title: 'Smoothing',
    help: 'A Gaussian along time, cut at four deviations, the curve mirrored at its ends.',
    options: [
      { value: 'none', title: 'none', by: 'RTFM, MGFN, WSAL, Sultani’s figures.' },
      {
        value: 'frames',
        title: 'over frames',
        by: 'GIG, with a deviation of 2 frames; its windows come with it.',
      },
      {
        value: 'scores',
        title: 'over scores',
        by: 'The other reading of GIG: over its windows before they become frames; over snippets it reaches 16 times as far.',
      },
    ],
    detail: {
      key: 'sigma',
      title: 'Deviation',
      help: 'Standard deviation of the Gaussian, in frames or in scores.',
      min: 0,
      max: 1000,
      isWhole: false,
      of: ['frames', 'scores'],
    },
  }),
  define({
    key: 'truth',
    title: 'Truth intervals',
    help: 'How the start and end of an annotated interval are read.',
    options: [
      {
        value: 'inclusive1',
        title: 'from 1, both ends in',
        by: 'Sultani’s MATLAB evaluation, whose annotation it is.',
      },
      {
        value: 'inclusive0',
        title: 'from 0, both ends in',
        by: 'RTFM’s make_gt_ucf, and those who took its file: MGFN, Watanabe.',
      },
      { value: 'halfopen0', title: 'from 0, end out', by: 'VadCLIP, XDVioDet and PEL4VAD.' },
      { value: 'wsal', title: 'WSAL, [start − 1, end)', by: 'WSAL; the same frames as Sultani’s reading.' },
    ],
  }),
  define({
    key: 'length',
    title: 'Frames of a video',
    help: 'How many frames of a video count: UCF-Crime has four totals in circulation.',
    options: [
      {
        value: 'frames',
        title: 'as they are',
        by: 'WSAL, which counts its pictures, and Sultani, by duration: 1,111,808 frames over UCF-Crime.',
      },
      {
        value: 'ceil16',
        title: 'up to whole snippets',
        by: 'RTFM, MGFN and Watanabe: 1,114,144 frames, the last snippets filled up.',
      },
      {
        value: 'floor16',
        title: 'down to whole snippets',
        by: 'Whoever drops what does not fill a snippet: 1,109,824 frames.',
      },
      {
        value: 'drop_last',
        title: 'down, last snippet lost',
        by: 'DeepMIL, UR-DMU and PEL4VAD: 1,109,680 frames; the extractor loses a snippet where frames divide by 16.',
      },
    ],
  }),
  define({
    key: 'videoScore',
    title: 'Score of a video',
    help: 'By what videos are ranked for the video AUC; no other figure reads it.',
    options: [
      { value: 'max', title: 'highest score', by: 'WSSTAD (its top tube) and UR-DMU’s accuracy.' },
      {
        value: 'span',
        title: 'highest − lowest',
        by: 'WSAL’s ablation: the largest difference of two scores.',
      },
    ],
  }),
  define({
    key: 'selection',
    title: 'Step that counts',
    help: 'Whose weights are judged. Choosing by the test figure is choosing by what one is judged by.',
    options: [
      { value: 'run', title: 'as the run was set up', by: 'What the other tabs show.' },
      {
        value: 'last',
        title: 'last',
        by: 'Whoever fixes the number of steps beforehand: the honest figure without held-out videos.',
      },
      {
        value: 'val',
        title: 'best on held-out videos',
        by: 'marctimjen’s cleaned RTFM, MGFN and S3R, and the tables of this page.',
      },
      {
        value: 'test',
        title: 'best on the test videos',
        by: 'The released code of RTFM, MGFN, S3R, UR-DMU, VadCLIP and Watanabe (there after every batch): too good by construction.',
      },
    ],
  }),
];

export interface Preset {
  id: string;
  title: string;
  help: string;
  protocol: Partial<Protocol>;
}

/** Protocols by name. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'default',
    title: 'Weaklens',
    help: 'What every other figure of this page is made under.',
    protocol: {},
  },
  {
    id: 'rtfm',
    title: 'RTFM and MGFN, code',
    help: 'Snippets repeated, intervals read from 0, whole snippets, best step on the test videos.',
    protocol: { truth: 'inclusive0', length: 'ceil16', selection: 'test' },
  },
  {
    id: 'sultani',
    title: 'Sultani, code',
    help: '32 segments with the tail at 0, as the MATLAB evaluation leaves it.',
    protocol: { expansion: 'sultani_literal', selection: 'last' },
  },
  {
    id: 'wsal',
    title: 'WSAL, code',
    help: 'Scores stretched over the frames with rounded borders; videos ranked by the span of their scores.',
    protocol: { expansion: 'wsal_ratio', truth: 'wsal', videoScore: 'span' },
  },
  {
    id: 'wsal-anomalous',
    title: 'WSAL, anomalous videos',
    help: 'WSAL’s other figure: the same without the videos that are called normal.',
    protocol: { expansion: 'wsal_ratio', truth: 'wsal', videoScore: 'span', subset: 'anomalous' },
  },
  {
    id: 'salient',
    title: 'Watanabe, code',
    help: 'One score per bag of 28 snippets, RTFM’s truth, best step on the test videos.',
    protocol: {
      expansion: 'watanabe_bags',
      bag: 28,
      truth: 'inclusive0',
      length: 'ceil16',
      selection: 'test',
    },
  },
  {
    id: 'gig',
    title: 'GIG, paper',
    help: 'Windows of 6 frames every 3, a Gaussian of 2 frames.',
    protocol: { expansion: 'gig', smoothing: 'frames', sigma: 2 },
  },
  {
    id: 'vadclip',
    title: 'VadCLIP and XDVioDet, code',
    help: 'Ends left out, the last snippet lost, best step on the test videos.',
    protocol: { truth: 'halfopen0', length: 'drop_last', selection: 'test' },
  },
  {
    id: 'per-video',
    title: 'Per video',
    help: 'Each video ranked by itself, its scores stretched to 0..1.',
    protocol: { average: 'macro', normalise: 'video' },
  },
  {
    id: 'pairs',
    title: 'Pairs (seominseok0429)',
    help: 'The mean over pairs of an anomalous and a normal video.',
    protocol: { average: 'pairs', selection: 'test' },
  },
];
