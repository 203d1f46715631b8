/**
 * The truth of a street, recorded while it goes on: which class of event shows in which frames, and where in the
 * picture those are who bring it about. It never reaches training (design law 3): it is a type of its own, made by a
 * recorder of its own, and only evaluation and views are given it.
 */
import type { TruthInterval, VideoTruth } from '../types.ts';
import type { Actor } from './actors/actor.ts';
import type { RunningEvent } from './events/event.ts';
import { Sight, type Box } from './sight.ts';
import type { Street } from './street.ts';

/** One actor of an event through its frames. */
export interface ActorTrack {
  actor: number;
  kind: Actor['kind'];
  /** By frame, counted from 1; frames in which it is not seen are missing. */
  boxes: ReadonlyMap<number, Box>;
}

/** An event as it was seen. */
export interface EventTruth extends TruthInterval {
  tracks: readonly ActorTrack[];
  /** The union of all boxes of a frame. */
  tube: ReadonlyMap<number, Box>;
}

export interface StreetTruth extends VideoTruth {
  totalFrames: number;
  intervals: EventTruth[];
}

interface Recording {
  class: string;
  first: number;
  last: number;
  tracks: Map<number, { kind: Actor['kind']; boxes: Map<number, Box> }>;
}

export class TruthRecorder {
  readonly #street: Street;
  readonly #sight: Sight;
  readonly #recordings = new Map<RunningEvent, Recording>();
  #frames = 0;

  constructor(street: Street) {
    this.#street = street;
    this.#sight = new Sight(street);
  }

  /** The frame that the street is at. Once per frame, in order. */
  record(): void {
    const frame = ++this.#frames;
    for (const event of this.#street.running) {
      if (!event.isShowing) continue;
      for (const actor of event.involved) {
        const box = actor.isGone ? null : this.#sight.boxOf(actor);
        if (!box) continue;
        const recording = this.#recordingOf(event, frame);
        recording.last = frame;
        const track = recording.tracks.get(actor.id) ?? { kind: actor.kind, boxes: new Map<number, Box>() };
        recording.tracks.set(actor.id, track);
        track.boxes.set(frame, box);
      }
    }
  }

  /** Everything so far. */
  truth(): StreetTruth {
    const intervals = [...this.#recordings.values()].map(
      ({ class: name, first, last, tracks }): EventTruth => {
        const own = [...tracks].map(([actor, track]) => ({ actor, ...track }));
        return { class: name, startFrame: first, endFrame: last, tracks: own, tube: unionOf(own) };
      },
    );
    intervals.sort((a, b) => a.startFrame - b.startFrame);
    return { totalFrames: this.#frames, intervals };
  }

  /** What is known of an event; it begins with the frame in which it is first seen. */
  #recordingOf(event: RunningEvent, frame: number): Recording {
    const known = this.#recordings.get(event);
    if (known) return known;
    const recording = { class: event.class, first: frame, last: frame, tracks: new Map() };
    this.#recordings.set(event, recording);
    return recording;
  }
}

function unionOf(tracks: readonly ActorTrack[]): Map<number, Box> {
  const tube = new Map<number, Box>();
  for (const { boxes } of tracks) {
    for (const [frame, box] of boxes) {
      const other = tube.get(frame);
      tube.set(
        frame,
        other
          ? {
              x1: Math.min(box.x1, other.x1),
              y1: Math.min(box.y1, other.y1),
              x2: Math.max(box.x2, other.x2),
              y2: Math.max(box.y2, other.y2),
              visible: Math.max(box.visible, other.visible),
            }
          : box,
      );
    }
  }
  return new Map([...tube].sort(([a], [b]) => a - b));
}
