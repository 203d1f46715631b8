import { expect, test } from 'vitest';
import { cameraOf, sharedCameras, splitByCamera } from '../../../src/engine/evaluation/cameras.ts';

test.each([
  ['01_0014', '01'], // ShanghaiTech: scene 01
  ['12_148.npy', '12'],
  ['D001_03.mp4', 'd001'], // NWPU Campus
  ['normal_scene_1_scenario_3', 'scene 1'], // UBnormal
  ['abnormal_scene_12_scenario_4_fire', 'scene 12'],
  ['Iron.Man.2008__#00-14-04_00-14-27_label_B2-0-0', 'iron.man.2008'], // XD-Violence: the film
  ['cam3_2024-05-01_12-00.mp4', 'cam3'],
  ['archive/gate2-0007', 'gate2'],
])('%s is of %s', (name, camera) => {
  expect(cameraOf(name)).toBe(camera);
});

test.each([
  'Abuse028_x264', // UCF-Crime: a class and a number
  'Normal_Videos_003_x264.mp4',
  '01_Accident_006', // TAD: a class again
  'Test001',
  '20240501_120000', // a date is no camera
  '2024_05_01',
  'my holiday',
  'train-04',
])('%s tells of no camera', (name) => {
  expect(cameraOf(name)).toBeNull();
});

const placed = (part: 'train' | 'test', ...names: string[]) => names.map((name) => ({ name, part }));

test('a scene on both sides is named with its videos, and a split by scene ends it', () => {
  const videos = [
    ...placed('train', '01_001', '01_002', '01_003', '02_001', '03_001', '03_002'),
    ...placed('test', '01_0014', '03_0031', '03_0032', '03_0033', 'Abuse001'),
  ];
  expect(sharedCameras(videos)).toEqual([
    { camera: '01', train: ['01_001', '01_002', '01_003'], test: ['01_0014'] },
    { camera: '03', train: ['03_001', '03_002'], test: ['03_0031', '03_0032', '03_0033'] },
  ]);
  const moved = splitByCamera(videos)!;
  expect(moved.map(({ video, part }) => `${video.name} ${part}`).sort()).toEqual([
    '01_0014 train',
    '03_001 test',
    '03_002 test',
  ]);
  const after = videos.map((video) => ({
    ...video,
    part: moved.find((one) => one.video === video)?.part ?? video.part,
  }));
  expect(sharedCameras(after)).toEqual([]);
  expect(splitByCamera(after)).toEqual([]);
});

test('all scenes on both sides, as in ShanghaiTech: both sides keep some; one scene cannot be parted', () => {
  const scenes = ['01', '02', '03', '04'];
  const videos = scenes.flatMap((scene) => [
    ...placed('train', `${scene}_001`, `${scene}_002`, `${scene}_003`),
    ...placed('test', `${scene}_0014`),
  ]);
  const moved = splitByCamera(videos)!;
  const inTest = videos.filter(
    (video) => (moved.find((one) => one.video === video)?.part ?? video.part) === 'test',
  );
  expect(new Set(inTest.map(({ name }) => cameraOf(name))).size).toBe(1);
  expect(inTest).toHaveLength(4); // as many as there were
  expect(splitByCamera(videos.slice(0, 4))).toBeNull();
  expect(splitByCamera(placed('train', 'a', 'b'))).toBeNull();
});
