import type { Convention } from './dataset.ts';

/** The 13 classes of anomaly. */
const CLASSES = [
  'Abuse',
  'Arrest',
  'Arson',
  'Assault',
  'Burglary',
  'Explosion',
  'Fighting',
  'RoadAccidents',
  'Robbery',
  'Shooting',
  'Shoplifting',
  'Stealing',
  'Vandalism',
];
const ANOMALOUS = new RegExp(`^(${CLASSES.join('|')})\\d{3}(_x264)?$`, 'i');
const NORMAL = /^(normal_videos_?\d+|testing_normal_videos.*)(_x264)?$/i;

/**
 * UCF-Crime (Sultani et al., CVPR 2018): 1,900 videos, 13 classes of anomaly. Its annotation names frames from 1, both
 * ends inclusive, and no length: that comes from a list of frame counts or from the features.
 */
export const ucfCrime: Convention = {
  id: 'ucf-crime',
  title: 'UCF-Crime',
  recognise(names) {
    const own = names.filter((name) => ANOMALOUS.test(name) || NORMAL.test(name)).length;
    return 2 * own > names.length
      ? `${own} of ${names.length} videos are called as those of UCF-Crime`
      : null;
  },
  ofName(name) {
    if (NORMAL.test(name)) return { label: 'normal' };
    const word = ANOMALOUS.exec(name)?.[1];
    const known = CLASSES.find((one) => one.toLowerCase() === word?.toLowerCase());
    return known ? { label: 'anomalous', classes: [known] } : {};
  },
  channels: ['features', 'flow'],
  notes: [],
};
