/**
 * A project of the VGG Image Annotator, version 3, with alarms as temporal segments of videos. Opened there, it asks
 * for the video files by their names.
 */
import { Failure } from '../failure.ts';
import type { AlarmedVideo } from './alarms.ts';

/** As VIA numbers them. */
const VIDEO = 4;
const LOCAL = 1;
const TEXT = 1;

/**
 * @param name of the project
 * @throws Failure `data-missing` where no video's times are known: segments are in seconds there
 */
export function alarmsToVia(videos: readonly AlarmedVideo[], name: string): string {
  const timed = videos.filter(({ alarms }) => alarms.every(({ startSeconds }) => startSeconds !== null));
  if (timed.length === 0)
    throw new Failure({
      code: 'data-missing',
      what: 'Nobody knows when the frames of these videos are shown, and VIA counts in seconds.',
      next: 'Save the alarms as CSV, which counts frames.',
    });
  const files = timed.map((video, i) => ({ id: String(i + 1), video }));
  const metadata = files.flatMap(({ id, video }) =>
    video.alarms.map(({ startSeconds, endSeconds, peak }, i) => [
      `${id}_${String(i).padStart(8, '0')}`,
      { vid: id, flg: 0, z: [startSeconds, endSeconds], xy: [], av: { '1': `alarm ${peak.toFixed(3)}` } },
    ]),
  );
  return JSON.stringify({
    project: {
      pid: '__VIA_PROJECT_ID__',
      rev: '__VIA_PROJECT_REV_ID__',
      rev_timestamp: '__VIA_PROJECT_REV_TIMESTAMP__',
      pname: name,
      creator: 'Weaklens',
      created: 0,
      data_format_version: '3.1.1',
      vid_list: files.map(({ id }) => id),
    },
    config: {
      file: { loc_prefix: { '1': '', '2': '', '3': '', '4': '' } },
      ui: {
        file_content_align: 'center',
        file_metadata_editor_visible: true,
        spatial_metadata_editor_visible: false,
        temporal_segment_metadata_editor_visible: true,
        spatial_region_label_attribute_id: '',
        gtimeline_visible_row_count: '4',
      },
    },
    attribute: {
      // Of a stretch of time in one file: two times, no place.
      '1': {
        aname: 'ALARM',
        anchor_id: 'FILE1_Z2_XY0',
        type: TEXT,
        desc: 'Score over the threshold, and the highest',
        options: {},
        default_option_id: '',
      },
    },
    file: Object.fromEntries(
      files.map(({ id, video }) => [id, { fid: id, fname: video.name, type: VIDEO, loc: LOCAL, src: '' }]),
    ),
    metadata: Object.fromEntries(metadata),
    view: Object.fromEntries(files.map(({ id }) => [id, { fid_list: [id] }])),
  });
}
