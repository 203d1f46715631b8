/**
 * "CVAT for video 1.1": alarms of one video as tracks, which is all that CVAT reads of a video. An alarm whose place is
 * known is a track of its boxes; of one that is known in time only, the box is the whole picture.
 */
import { Failure } from '../failure.ts';
import type { AlarmedVideo, ListedAlarm } from './alarms.ts';

/** @throws Failure `data-missing` where the size of the picture is not known */
export function alarmsToCvat({ name, frames, width, height, alarms }: AlarmedVideo): string {
  if (width === null || height === null)
    throw new Failure({
      code: 'data-missing',
      subject: name,
      what: 'Only the features of this video are here, and CVAT asks for the size of its picture.',
      next: 'Add the video itself, or save the alarms as CSV.',
    });
  const tracks = alarms.map((alarm, id) => {
    const boxes = boxesOf(alarm, frames, width, height).map(
      ({ frame, outside, left, top, right, bottom }) =>
        `    <box frame="${frame}" outside="${outside}" occluded="0" keyframe="1" ` +
        `xtl="${left.toFixed(2)}" ytl="${top.toFixed(2)}" xbr="${right.toFixed(2)}" ybr="${bottom.toFixed(2)}" z_order="0">\n` +
        `      <attribute name="score">${alarm.peak.toFixed(4)}</attribute>\n    </box>\n`,
    );
    return `  <track id="${id}" label="alarm" source="auto">\n${boxes.join('')}  </track>\n`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <name>${escaped(name)}</name>
      <size>${frames}</size>
      <mode>interpolation</mode>
      <start_frame>0</start_frame>
      <stop_frame>${frames - 1}</stop_frame>
      <labels>
        <label>
          <name>alarm</name>
          <attributes>
            <attribute>
              <name>score</name>
              <mutable>False</mutable>
              <input_type>text</input_type>
              <default_value></default_value>
              <values></values>
            </attribute>
          </attributes>
        </label>
      </labels>
      <original_size>
        <width>${width}</width>
        <height>${height}</height>
      </original_size>
      <source>${escaped(name)}</source>
    </task>
  </meta>
${tracks.join('')}</annotations>
`;
}

/** What CVAT is told of an alarm: where its box is, and the frame from which on it is gone. */
function boxesOf(
  { startFrame, endFrame, boxes }: ListedAlarm,
  frames: number,
  width: number,
  height: number,
) {
  const whole = { frame: startFrame, left: 0, top: 0, right: width, bottom: height };
  const shown = (boxes?.length ? boxes : [whole]).map((box) => ({ ...box, outside: 0 }));
  const gone = { ...shown[shown.length - 1], frame: endFrame + 1, outside: 1 };
  return endFrame + 1 < frames ? [...shown, gone] : shown;
}

/** What XML has no other meaning for, and cannot hold at all. */
const escaped = (text: string) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
