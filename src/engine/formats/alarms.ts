/** What is said of the alarms of a list of videos, for the formats of other tools. */

/** A box in pixels of the picture as it is shown. */
export interface AlarmBox {
  /** From 0. */
  frame: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface ListedAlarm {
  /** First and last frame, from 0, inclusive. */
  startFrame: number;
  endFrame: number;
  /** When they are shown; null where nobody knows. */
  startSeconds: number | null;
  endSeconds: number | null;
  /** The highest score inside. */
  peak: number;
  /** Where it is, where that is known. */
  boxes?: readonly AlarmBox[];
}

export interface AlarmedVideo {
  name: string;
  frames: number;
  /** Of the picture; null where only features are here. */
  width: number | null;
  height: number | null;
  alarms: readonly ListedAlarm[];
}
