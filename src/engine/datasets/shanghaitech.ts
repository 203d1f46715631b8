import type { Convention } from './dataset.ts';

const ID = /^\d{2}_\d{3,4}$/;

/**
 * ShanghaiTech in the weak split of Zhong et al. (CVPR 2019): 238 videos to train, 199 to test, 63 and 44 of them
 * anomalous. Its lists are bare ids, and released code tells anomalous videos by their place there. Here the id tells:
 * the 107 videos of the original test part, all anomalous, have four digits, those of the original training part, all
 * normal, three. Where in them, frame masks tell.
 */
export const shanghaiTech: Convention = {
  id: 'shanghaitech',
  title: 'ShanghaiTech, weak split',
  recognise(names) {
    const own = names.filter((name) => ID.test(name)).length;
    return 2 * own > names.length ? `${own} of ${names.length} names are ids such as 01_0014` : null;
  },
  ofName(name) {
    if (!ID.test(name)) return {};
    return { label: name.length === '01_0014'.length ? 'anomalous' : 'normal' };
  },
  channels: ['features', 'flow'],
  notes: [
    'Five lengths of its truth circulate (140,112 to 143,888 frames), as masks are shorter than 16 N and are extended in different ways. Here the mask says how long a video is.',
  ],
};
