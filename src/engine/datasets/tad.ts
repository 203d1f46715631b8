import type { Convention } from './dataset.ts';

const ANOMALOUS = /^\d+_([a-z]+)_\d+$/i;
const NORMAL = /^normal_\d+$/i;

/**
 * TAD (Lv et al., WSAL): traffic accidents, 400 videos to train and 100 to test. Its lists name frames, the label and
 * one interval; of a normal video the interval is the whole of it.
 */
export const tad: Convention = {
  id: 'tad',
  title: 'TAD',
  recognise(names) {
    const own = names.filter((name) => ANOMALOUS.test(name) || NORMAL.test(name)).length;
    return 2 * own > names.length ? `${own} of ${names.length} names are such as 01_Accident_006` : null;
  },
  ofName(name) {
    if (NORMAL.test(name)) return { label: 'normal' };
    const word = ANOMALOUS.exec(name)?.[1];
    return word ? { label: 'anomalous', classes: [word] } : {};
  },
  channels: ['features', 'flow'],
  notes: ['Its normal video Normal_218 shows an accident at frame 243, which no annotation names.'],
};
