import { expect, test } from 'vitest';
import { partOf, placeOf } from '../../../src/engine/datasets/paths.ts';

test.each([
  ['UCF_Train_ten_crop_i3d/Abuse001_x264_i3d.npy', 'Abuse001_x264', 'abuse001', 'features', null, 'train'],
  ['G:\\UCF_Test_ten_i3d\\Abuse028_x264.npy', 'Abuse028_x264', 'abuse028', 'features', null, 'test'],
  ['dataset/Abuse/Abuse028_x264__9.npy', 'Abuse028_x264', 'abuse028', 'features', 9, null],
  ['Shooting008_x264_C.txt', 'Shooting008_x264', 'shooting008', 'features', null, null],
  ['gt/Abuse028_x264__9_gt.npy', 'Abuse028_x264', 'abuse028', 'mask', 9, null],
  ['all_flows/Abuse/Abuse001_x264.mp4.npy', 'Abuse001_x264', 'abuse001', 'flow', null, null],
  [
    'vggish-features/train/v=38GQ9L2meyE__%231_label_B6-0-0__vggish.npy',
    'v=38GQ9L2meyE__#1_label_B6-0-0',
    'v=38gq9l2meye__#1_label_b6-0-0',
    'audio',
    null,
    'train',
  ],
  [
    'Bad.Boys.1995__#01-11-55_01-12-40_label_G-B2-B6__0.npy',
    'Bad.Boys.1995__#01-11-55_01-12-40_label_G-B2-B6',
    'bad.boys.1995__#01-11-55_01-12-40_label_g-b2-b6',
    'features',
    0,
    null,
  ],
  ['test_frame_mask/01_0015.npy', '01_0015', '01_0015', 'mask', null, 'test'],
  ['cam.flip.map.npy', 'cam', 'cam', 'flipMaps', null, null],
  ['cam.json', 'cam', 'cam', 'notes', null, null],
  ['100%.npy', '100%', '100%', 'features', null, null],
])('%s', (path, video, key, channel, crop, part) => {
  expect(placeOf(path)).toEqual({ video, key, channel, crop, part });
});

test('a name that says both parts says neither', () => {
  expect(partOf(['train_test_split'])).toBeNull();
});

test.each([
  ['latest', null],
  ['contest', null],
  ['constrained', null],
  ['UCF_Test_ten_i3d', 'test'],
  ['UCF_Train_ten_crop_i3d', 'train'],
  ['test_frame_mask', 'test'],
  ['Testing_Normal_Videos_Anomaly', 'test'],
  ['Training-Normal-Videos-Part-1', 'train'],
  ['i3dTest', 'test'],
  ['trainlist.txt', 'train'],
  ['train_test', null],
])('%s says %s', (name, part) => {
  expect(partOf([name])).toBe(part);
});
