import { describe, expect, test } from 'vitest';
import type { AlarmedVideo } from '../../../src/engine/formats/alarms.ts';
import { alarmsToCsv, scoresToCsv } from '../../../src/engine/formats/csv.ts';
import { alarmsToCvat } from '../../../src/engine/formats/cvat.ts';
import type { ScoresFile } from '../../../src/engine/formats/scores.ts';
import { alarmsToVia } from '../../../src/engine/formats/via.ts';

const gate: AlarmedVideo = {
  name: 'gate, "north" <2>.mp4',
  frames: 100,
  width: 320,
  height: 240,
  alarms: [
    { startFrame: 16, endFrame: 31, startSeconds: 0.64, endSeconds: 1.28, peak: 0.75 },
    {
      startFrame: 80,
      endFrame: 99,
      startSeconds: 3.2,
      endSeconds: 4,
      peak: 1 / 3,
      boxes: [
        { frame: 80, left: 1, top: 2, right: 30, bottom: 40 },
        { frame: 90, left: 5, top: 2, right: 34.5, bottom: 40 },
      ],
    },
  ],
};
const yard: AlarmedVideo = {
  name: 'yard.npy',
  frames: 32,
  width: null,
  height: null,
  alarms: [{ startFrame: 0, endFrame: 15, startSeconds: null, endSeconds: null, peak: 0.9 }],
};

/** Fields of a line, as RFC 4180 reads them. */
const fields = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );

describe('CSV', () => {
  test('alarms count frames from 1, and say nothing where times are not known', () => {
    const [head, ...lines] = alarmsToCsv([gate, yard]).trimEnd().split('\r\n').map(fields);
    expect(head).toEqual(['video', 'first_frame', 'last_frame', 'start_seconds', 'end_seconds', 'peak']);
    expect(lines[0]).toEqual([gate.name, '17', '32', '0.64', '1.28', '0.75']);
    expect(Number(lines[1][5])).toBe(1 / 3);
    expect(lines[2]).toEqual(['yard.npy', '1', '16', '', '', '0.9']);
  });

  test('scores have a line per snippet and a column per class, to the last digit', () => {
    const file: ScoresFile = {
      format: 'weaklens-scores',
      version: 1,
      expansion: 'repeat16',
      run: { head: 'gig', seed: 1, step: 2, hash: '' },
      videos: [
        {
          name: 'a',
          label: 1,
          frames: 32,
          fps: 25,
          scores: [0.1, Math.fround(0.2)],
          snippetsPerScore: 1,
          features: 'k',
          classes: { names: ['fight', 'fall'], values: [1, 0, 0.25, 0.5] },
        },
        { name: 'b', label: null, frames: null, fps: null, scores: [1], snippetsPerScore: 1, features: 'l' },
      ],
    };
    const lines = scoresToCsv(file).trimEnd().split('\r\n').map(fields);
    expect(lines).toEqual([
      ['video', 'label', 'snippet', 'score', 'fight', 'fall'],
      ['a', '1', '0', '0.1', '1', '0'],
      ['a', '1', '1', String(Math.fround(0.2)), '0.25', '0.5'],
      ['b', '', '0', '1', '', ''],
    ]);
  });
});

describe('VIA', () => {
  test('alarms are temporal segments in seconds of the file that they are of', () => {
    const { file, metadata, view, project, attribute } = JSON.parse(alarmsToVia([gate, yard], 'Gate'));
    expect(project).toMatchObject({ pname: 'Gate', vid_list: ['1'] });
    expect(file['1']).toMatchObject({ fname: gate.name, type: 4 });
    expect(view['1'].fid_list).toEqual(['1']);
    expect(attribute['1'].anchor_id).toBe('FILE1_Z2_XY0');
    const segments = Object.values(metadata) as { vid: string; z: number[]; av: Record<string, string> }[];
    expect(segments.map(({ vid, z }) => [vid, ...z])).toEqual([
      ['1', 0.64, 1.28],
      ['1', 3.2, 4],
    ]);
    expect(segments[0].av['1']).toContain('0.750');
  });

  test('without times there is nothing to write', () => {
    expect(() => alarmsToVia([yard], 'x')).toThrow(/counts in seconds.*CSV/);
  });
});

describe('CVAT', () => {
  const xml = alarmsToCvat(gate);
  const boxes = [...xml.matchAll(/<box frame="(\d+)" outside="(\d)".*?xtl="(.*?)".*?xbr="(.*?)"/g)].map(
    ([, ...numbers]) => numbers.map(Number),
  );
  test('an alarm is a track: the whole picture until it is over, or its boxes', () => {
    expect(xml.match(/<track /g)).toHaveLength(2);
    expect(boxes).toEqual([
      [16, 0, 0, 320],
      [32, 1, 0, 320],
      [80, 0, 1, 30],
      [90, 0, 5, 34.5], // to the end of the video: nothing says that it is over
    ]);
  });
  test('names mean nothing to it', () => {
    expect(xml).toContain('<name>gate, &quot;north&quot; &lt;2&gt;.mp4</name>');
    expect(xml).not.toContain('<2>');
  });
  test('a video without a picture is refused by name', () => {
    expect(() => alarmsToCvat(yard)).toThrow(/yard\.npy: .*size of its picture/);
  });
});
