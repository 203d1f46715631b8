import { expect, test } from 'vitest';
import { readText } from '../../../src/engine/datasets/texts.ts';

test.each([
  [
    'list',
    'a 0\nb 1 fighting riot\n',
    [
      { path: 'a', label: 'normal' },
      { path: 'b', label: 'anomalous', classes: ['fighting', 'riot'] },
    ],
  ],
  [
    'truth',
    'a Arson 743 220 315 -1 -1\n',
    [
      {
        path: 'a',
        label: 'anomalous',
        classes: ['Arson'],
        totalFrames: 743,
        intervals: [{ startFrame: 220, endFrame: 315, class: 'Arson' }],
      },
    ],
  ],
  [
    'ucf',
    'Abuse028_x264.mp4  Abuse  165  240  -1  -1  \nNormal_Videos_003_x264.mp4  Normal  -1  -1  -1  -1  \n',
    [
      {
        path: 'Abuse028_x264.mp4',
        label: 'anomalous',
        classes: ['Abuse'],
        intervals: [{ startFrame: 165, endFrame: 240, class: 'Abuse' }],
      },
      { path: 'Normal_Videos_003_x264.mp4', label: 'normal', intervals: [] },
    ],
  ],
  [
    'ur-dmu',
    'Arson/Arson022_x264.mp4 8640 Arson 3500 4000 -1 -1\n',
    [
      {
        path: 'Arson/Arson022_x264.mp4',
        label: 'anomalous',
        classes: ['Arson'],
        totalFrames: 8640,
        intervals: [{ startFrame: 3500, endFrame: 4000, class: 'Arson' }],
      },
    ],
  ],
  [
    'umil',
    'frames/abnormal/01_Accident_006.mp4 266 1 75 110\nframes/normal/Normal_001.mp4 300 0 0 300\n',
    [
      {
        path: 'frames/abnormal/01_Accident_006.mp4',
        label: 'anomalous',
        totalFrames: 266,
        intervals: [{ startFrame: 75, endFrame: 110 }],
      },
      { path: 'frames/normal/Normal_001.mp4', label: 'normal', totalFrames: 300, intervals: [] },
    ],
  ],
  [
    'frames-none',
    'Testing/Normal_Videos_003_x264.mp4 2831 -1\n',
    [{ path: 'Testing/Normal_Videos_003_x264.mp4', label: 'normal', totalFrames: 2831, intervals: [] }],
  ],
  [
    'bar',
    'Arrest/Arrest039_x264.mp4|15836|[7215, 10335]\n',
    [
      {
        path: 'Arrest/Arrest039_x264.mp4',
        label: 'anomalous',
        totalFrames: 15836,
        intervals: [{ startFrame: 7215, endFrame: 10335 }],
      },
    ],
  ],
  [
    'mist',
    '01_0015,1,-1\n01_001,0,764\n',
    [
      { path: '01_0015', label: 'anomalous' },
      { path: '01_001', label: 'normal', totalFrames: 764 },
    ],
  ],
  [
    'words',
    'path,label\nx/Abuse001_x264__0.npy,Abuse\ny__0.npy,Normal\n',
    [
      { path: 'x/Abuse001_x264__0.npy', label: 'anomalous', classes: ['Abuse'] },
      { path: 'y__0.npy', label: 'normal' },
    ],
  ],
  // XD-Violence counts from 0, and the last frame is no longer in the interval
  [
    'xd',
    'v=S__#1_label_B4-0-0 0 1517 1970 3038\n',
    [
      {
        path: 'v=S__#1_label_B4-0-0',
        label: 'anomalous',
        intervals: [
          { startFrame: 1, endFrame: 1517 },
          { startFrame: 1971, endFrame: 3038 },
        ],
      },
    ],
  ],
  [
    'frames',
    'Abuse028_x264 1412\nArson009_x264 743\n',
    [
      { path: 'Abuse028_x264', totalFrames: 1412 },
      { path: 'Arson009_x264', totalFrames: 743 },
    ],
  ],
  ['widths', 'Arson009_x264 22.0000\n', [{ path: 'Arson009_x264', width: 22 }]],
  [
    'names',
    'G:\\UCF_Train\\Abuse001_x264_i3d.npy\n/home/x/Normal_Videos001_x264_i3d.npy\n',
    [{ path: 'G:\\UCF_Train\\Abuse001_x264_i3d.npy' }, { path: '/home/x/Normal_Videos001_x264_i3d.npy' }],
  ],
])('%s is told by its lines', (format, text, said) => {
  expect(readText(text, 'file')).toMatchObject({ format, said, unread: [] });
});

test('a line of another kind is named, prose is no list', () => {
  const lines = Array.from({ length: 9 }, (_, i) => `video${i} 1`).join('\n');
  expect(readText(`${lines}\nvideo9 yes\n`, 'list.txt')).toMatchObject({ format: 'list', unread: [10] });
  expect(readText('These files come from elsewhere.\nUse them at home.\n', 'README.txt')).toBeNull();
  expect(readText('# nothing\n\n', 'empty.txt')).toBeNull();
});
