import { describe, expect, test } from 'vitest';
import { importReport } from '../../../src/engine/datasets/report.ts';
import { problemsOf, taken, videoOf } from './folder.ts';

describe('UCF-Crime', () => {
  test('as RTFM and MGFN have it: ten crops in a file, a list of bare paths, the annotation without lengths', async () => {
    const dataset = await taken({
      'ucf/UCF_Train_ten_crop_i3d/Abuse001_x264_i3d.npy': [4, 10, 8],
      'ucf/UCF_Train_ten_crop_i3d/Normal_Videos001_x264_i3d.npy': [3, 10, 8],
      'ucf/UCF_Test_ten_i3d/Abuse028_x264_i3d.npy': [89, 10, 8],
      'ucf/ucf-i3d.list': 'G:\\x\\Abuse001_x264_i3d.npy\nG:\\x\\Normal_Videos001_x264_i3d.npy\n',
      'ucf/Temporal_Anomaly_Annotation.txt': 'Abuse028_x264.mp4  Abuse  165  240  -1  -1\n',
      'ucf/gt-ucf.npy': { mask: [0, 1, 1, 0] },
    });
    expect(dataset.convention.id).toBe('ucf-crime');
    expect(dataset.videos.map(({ name, part, label, shape }) => [name, part, label, shape])).toEqual([
      ['Abuse001_x264', 'train', 'anomalous', [4, 10, 8]],
      ['Normal_Videos001_x264', 'train', 'normal', [3, 10, 8]],
      ['Abuse028_x264', 'test', 'anomalous', [89, 10, 8]],
    ]);
    expect(dataset.truths).toEqual(
      new Map([
        [
          'Abuse028_x264',
          { totalFrames: null, intervals: [{ class: 'Abuse', startFrame: 165, endFrame: 240 }] },
        ],
      ]),
    );
    // All frames in a row: whose they are only a position tells.
    expect(dataset.ignored).toEqual([{ path: 'ucf/gt-ucf.npy', why: expect.stringContaining('order') }]);
  });

  test('a list in any order says the same: its lines’ places count for nothing', async () => {
    const files = { 'Abuse001_x264.npy': [4, 8], 'Normal_Videos001_x264.npy': [3, 8] };
    const labels = async (list: string) => {
      const { videos } = await taken({ ...files, 'ucf.list': list });
      return Object.fromEntries(videos.map(({ name, label }) => [name, label]));
    };
    const expected = { Abuse001_x264: 'anomalous', Normal_Videos001_x264: 'normal' };
    expect(await labels('Abuse001_x264.npy\nNormal_Videos001_x264.npy\n')).toEqual(expected);
    expect(await labels('Normal_Videos001_x264.npy\nAbuse001_x264.npy\n')).toEqual(expected);
  });

  test('as UR-DMU has it: a file per crop, frame counts in the annotation; what lacks is named', async () => {
    const crops = (name: string, rows: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, k) => [`i3d/${name}__${k}.npy`, [rows, 6]]));
    const dataset = await taken({
      ...crops('Arson022_x264', 540, 10),
      ...crops('Normal_Videos_003_x264', 100, 9),
      'list/UCF_Annotation.txt':
        'Arson/Arson022_x264.mp4 8640 Arson 3500 4000 -1 -1\nNormal/Normal_Videos_003_x264.mp4 2831 Normal -1 -1 -1 -1\n',
    });
    const arson = videoOf(dataset, 'Arson022_x264');
    expect([arson.part, arson.frames, arson.shape]).toEqual(['test', 8640, [540, 10, 6]]);
    expect(arson.sources.map(({ crop }) => crop)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(arson.problems).toEqual([]);
    expect(videoOf(dataset, 'Normal_Videos_003_x264').problems.map(({ what }) => what)).toEqual([
      'it has 9 of 10 crops (no __9)',
      'its 2831 frames make 177 snippets and it has 100 rows',
    ]);
  });

  test('as Sultani has it: 32 segments as text, which stretch over the video', async () => {
    const rows = (count: number) =>
      `${`${Array.from({ length: 40 }, () => '0.125000').join(' ')} \n`.repeat(count)}`;
    const dataset = await taken({
      'C3D/Shooting008_x264_C.txt': rows(32),
      'Temporal_Anomaly_Annotation_Time.txt': 'Shooting008_x264.mp4  Shooting  75  315  -1  -1\n',
    });
    const video = videoOf(dataset, 'Shooting008_x264');
    expect([video.part, video.label, video.classes]).toEqual(['test', 'anomalous', ['Shooting']]);
    expect(video.sources).toHaveLength(1);
  });

  test('as WSAL has it: lengths in a list of counts of their own', async () => {
    const dataset = await taken({
      'Abuse028_x264.npy': [32, 8],
      'Arson009_x264.npy': [32, 8],
      'variables.txt': 'Abuse028_x264 1412\nArson009_x264 743\n',
      'Temporal_Anomaly_Annotation.txt':
        'Abuse028_x264.mp4 Abuse 165 240 -1 -1\nArson009_x264.mp4 Arson 220 315 -1 -1\n',
    });
    expect(dataset.truths.get('Arson009_x264')!.totalFrames).toBe(743);
    // Equally many rows whatever the length: segments, each of an equal share of the video
    expect(videoOf(dataset, 'Abuse028_x264').rowFrames).toBe(1412 / 32);
    expect(dataset.notes).toEqual([expect.stringMatching(/32 rows: they are segments/)]);
  });
});

describe('XD-Violence', () => {
  const name = (label: string) => `v=38GQ9L2meyE__#1_label_${label}`;

  test('five crops and the sound beside them; labels and classes stand in the name', async () => {
    const crops = (video: string, rows: number) =>
      Object.fromEntries(Array.from({ length: 5 }, (_, k) => [`i3d/RGB/${video}__${k}.npy`, [rows, 10]]));
    const dataset = await taken({
      ...crops(name('B1-B6-0'), 4),
      ...crops(name('A'), 3),
      [`vggish/${encodeURIComponent(name('B1-B6-0'))}__vggish.npy`]: [3, 2],
      [`vggish/${name('A')}__vggish.npy`]: [3, 2],
      [`i3d/Flow/${name('A')}__0.npy`]: [3, 10],
      'annotations.txt': `${name('B1-B6-0')} 0 20 30 40\n`,
    });
    expect(dataset.convention.id).toBe('xd-violence');
    const violent = videoOf(dataset, name('B1-B6-0'));
    expect([violent.label, violent.classes, violent.part]).toEqual([
      'anomalous',
      ['fighting', 'car-accident'],
      'test',
    ]);
    // I3D and VGGish joined; flow is left out, and the shorter file decides
    expect(violent.shape).toEqual([3, 5, 12]);
    expect(problemsOf(dataset, name('B1-B6-0'))).toEqual(['lengths-differ']);
    expect(videoOf(dataset, name('A')).shape).toEqual([3, 5, 12]);
    expect(videoOf(dataset, name('A')).label).toBe('normal');
    expect(dataset.truths.get(name('B1-B6-0'))!.intervals).toEqual([
      { class: 'anomalous', startFrame: 1, endFrame: 20 },
      { class: 'anomalous', startFrame: 31, endFrame: 40 },
    ]);
  });
});

test('XD-Violence as VadCLIP lists it: codes of several classes in a field', async () => {
  const [violent, calm] = ['v=1__#1_label_B2-G-0', 'v=2__#1_label_A'];
  const dataset = await taken({
    [`${violent}__0.npy`]: [3, 8],
    [`${calm}__0.npy`]: [3, 8],
    'xd_train.csv': `path,label\nx/${violent}__0.npy,B2-G-0\nx/${calm}__0.npy,A-0-0\n`,
  });
  expect(videoOf(dataset, violent).classes).toEqual(['shooting', 'explosion']);
  expect(videoOf(dataset, calm)).toMatchObject({ label: 'normal', classes: [], problems: [] });
});

describe('ShanghaiTech', () => {
  test('bare ids and masks: the mask says where and how long, the id what the list’s order says elsewhere', async () => {
    const dataset = await taken({
      'i3d/01_0014.npy': [2, 10, 8],
      'i3d/01_0015.npy': [2, 10, 8],
      'i3d/01_001.npy': [3, 10, 8],
      'SH_Train.txt': '01_001\n01_0014\n',
      'SH_Test.txt': '01_0015\n',
      'test_frame_mask/01_0015.npy': {
        mask: [...Array(5).fill(0), ...Array(6).fill(1), ...Array(19).fill(0), 1],
      },
    });
    expect(dataset.convention.id).toBe('shanghaitech');
    expect(dataset.videos.map(({ name, part, label }) => [name, part, label]).sort()).toEqual([
      ['01_001', 'train', 'normal'],
      ['01_0014', 'train', 'anomalous'],
      ['01_0015', 'test', 'anomalous'],
    ]);
    expect(dataset.truths.get('01_0015')).toEqual({
      totalFrames: 31,
      intervals: [
        { class: 'anomalous', startFrame: 6, endFrame: 11 },
        { class: 'anomalous', startFrame: 31, endFrame: 31 },
      ],
    });
  });
});

test('TAD: the list says label, length and interval', async () => {
  const dataset = await taken({
    '01_Accident_006.npy': [17, 8],
    'Normal_218.npy': [19, 8],
    'TAD_test.txt':
      'frames/abnormal/01_Accident_006.mp4 266 1 75 110\nframes/normal/Normal_218.mp4 300 0 0 300\n',
  });
  expect(dataset.convention.id).toBe('tad');
  expect(videoOf(dataset, '01_Accident_006')).toMatchObject({
    part: 'test',
    label: 'anomalous',
    classes: ['Accident'],
    frames: 266,
  });
  expect(dataset.truths.get('01_Accident_006')!.intervals).toEqual([
    { class: 'Accident', startFrame: 75, endFrame: 110 },
  ]);
  expect(dataset.truths.get('Normal_218')).toEqual({ totalFrames: 300, intervals: [] });
});

test('CitySCENE: several classes a video', async () => {
  const dataset = await taken({
    'a.npy': [3, 8],
    'b.npy': [3, 8],
    'train.txt': 'a 1 Smoking Crowd\nb 0\n',
    'test-truth.txt': 'c Graffiti 90 1 20\nc WalkingDog 90 40 60\n',
    'c.npy': [6, 8],
  });
  expect(dataset.convention.id).toBe('cityscene');
  expect(videoOf(dataset, 'a').classes).toEqual(['Smoking', 'Crowd']);
  expect(videoOf(dataset, 'c')).toMatchObject({
    part: 'test',
    classes: ['Graffiti', 'WalkingDog'],
    problems: [],
  });
  expect(dataset.truths.get('c')!.intervals).toHaveLength(2);
});

describe('a plain list', () => {
  test('labels and classes come from it, its name says the part', async () => {
    const dataset = await taken({
      'x/train/cam1.npy': [3, 4],
      'x/train/cam1.json': '{}',
      'x/cam2.npy': [3, 4],
      'x/train.txt': 'cam1 1 fight\n',
      'x/test.txt': 'cam2 0\n',
      'x/README.md': 'hello',
      'x/other.json': '{}',
    });
    expect(dataset.convention.id).toBe('plain');
    expect(dataset.videos.map(({ name, part, label, classes }) => [name, part, label, classes])).toEqual([
      ['cam1', 'train', 'anomalous', ['fight']],
      ['cam2', 'test', 'normal', []],
    ]);
    expect(
      videoOf(dataset, 'cam1')
        .sources.map(({ channel }) => channel)
        .sort(),
    ).toEqual(['features', 'notes']);
    expect(dataset.ignored.map(({ path }) => path)).toEqual(['x/other.json', 'x/README.md']);
  });

  test('a list outweighs a folder, and a folder that something is annotated', async () => {
    const dataset = await taken({
      'latest/a.npy': [3, 4],
      'test/b.npy': [3, 4],
      'train/c.npy': [3, 4],
      'train.txt': 'a 0\nb 0\n',
      'all.txt': 'c fight 48 2 3\n',
    });
    expect(dataset.videos.map(({ name, part }) => [name, part])).toEqual([
      ['a', 'train'],
      ['b', 'train'],
      ['c', 'train'],
    ]);
    expect(problemsOf(dataset, 'b')).toEqual(['in-both-parts']);
  });

  test('what is missing and what disagrees is said of each video', async () => {
    const dataset = await taken({
      'a.npy': [3, 4],
      'b.npy': [3, 5],
      'c.npy': [3, 4],
      'd.npy': [3, 4, 4, 4, 4],
      'sub/a.npy': [3, 4],
      'train.txt': 'a 1\nb 0\nghost 1\n',
      'test.txt': 'a Arson 48 1 60\nb Arson 48 2 3\n',
      'extra-test.txt': 'c 1\n',
    });
    expect(problemsOf(dataset, 'a')).toEqual(['twice', 'in-both-parts', 'truth-longer']);
    expect(problemsOf(dataset, 'b')).toEqual([
      'label-disagrees',
      'label-disagrees',
      'in-both-parts',
      'size-differs',
    ]);
    expect(problemsOf(dataset, 'c')).toEqual(['truth-missing']);
    expect(problemsOf(dataset, 'd')).toEqual(['label-missing', 'unread']);
    expect(problemsOf(dataset, 'ghost')).toEqual(['features-missing']);
  });

  test('boxes are told to the videos that they are of, make none, and stand in for no intervals', async () => {
    const line = (name: string, frame: number) => `${name},Fall,1,all,,${frame},1.0,2.0,3.0,4.0,1.00\n`;
    const columns = 'video,class,event,actor,kind,frame,x1,y1,x2,y2,visible\n';
    const files = {
      'a.npy': [3, 4],
      'b.npy': [3, 4],
      'test.txt': 'a 1\nb 1\n',
      'truth.txt': 'a Fall 48 1 40\n',
      'boxes.csv': columns + line('a', 17) + line('b', 49) + line('ghost', 1),
    };
    const dataset = await taken(files);
    const boxes = (frame: number) => ({ byFrame: { [frame]: [1, 2, 3, 4] }, picture: null });
    expect(dataset.boxes).toEqual(
      new Map([
        ['a', boxes(16)],
        ['b', boxes(48)],
      ]),
    );
    expect([...dataset.truths.keys()]).toEqual(['a']);
    expect(dataset.videos.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(problemsOf(dataset, 'a')).toEqual([]);
    expect(problemsOf(dataset, 'b')).toEqual(['intervals-missing', 'truth-longer']);
    expect(dataset.texts.at(-1)).toMatchObject({ path: 'boxes.csv', format: 'boxes', videos: 3 });
    const { totals, videos } = importReport(dataset);
    expect([totals.boxes, totals.truths, videos[0].boxes]).toEqual([2, 1, 1]);
  });

  test('boxes that are of nobody here, or not sound, are named as such', async () => {
    const pickle = (text: string) => `(dp0\nS'z'\n(l(l${text}aI1\naI1\naI2\naI2\naas.`;
    const { ignored, boxes } = await taken({
      'a.npy': [3, 4],
      'Test_annotation.pkl': pickle("S'image_0001.jpg'\n"),
      'Train_annotation.pkl': pickle('cposix\nsystem\n'),
    });
    expect(boxes.size).toBe(0);
    expect(ignored).toEqual([
      { path: 'Test_annotation.pkl', why: expect.stringContaining('No video is here') },
      { path: 'Train_annotation.pkl', why: expect.stringContaining('posix.system') },
    ]);
  });

  test('features as MGFN prepares them: crops first and a magnitude behind', async () => {
    const dataset = await taken({ 'a.npy': [10, 32, 2049], 'train.txt': 'a 1\n' });
    expect(videoOf(dataset, 'a').shape).toEqual([32, 10, 2048]);
    expect(dataset.notes).toEqual([
      expect.stringContaining('magnitude'),
      expect.stringContaining('Crops come first'),
    ]);
  });
});
