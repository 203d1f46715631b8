/**
 * The demo's dataset: drawn videos of one camera, half of them with something that does not belong. The videos of the
 * test part come from other seeds than those of the training part.
 */
import { Random } from '../random.ts';
import type { Part, WeakLabel } from '../types.ts';
import { SKETCH_EVENTS, type SketchOptions } from './sketch.ts';

export interface DemoVideo {
  name: string;
  part: Part;
  label: WeakLabel;
  scene: SketchOptions;
}

export interface DemoSize {
  train: number;
  test: number;
  seconds: number;
  framesPerSecond: number;
}

/** As many as a head needs to learn from untrained features, and as few as two cores work through in two minutes. */
export const DEMO_SIZE: DemoSize = { train: 60, test: 20, seconds: 12, framesPerSecond: 15 };

/** Normal and anomalous videos in turn, the three events in turn. */
export function planDemo(seed: number, size: DemoSize = DEMO_SIZE): DemoVideo[] {
  const { train, test, seconds, framesPerSecond } = size;
  const random = new Random(seed);
  const plan = (part: Part, count: number): DemoVideo[] =>
    Array.from({ length: count }, (_, i) => {
      const event = i % 2 === 1 ? SKETCH_EVENTS[Math.floor(i / 2) % SKETCH_EVENTS.length] : null;
      return {
        name: `${part}-${String(i + 1).padStart(2, '0')}`,
        part,
        label: event ? 'anomalous' : 'normal',
        scene: { seed: random.stream(part, i).below(2 ** 31), camera: seed, seconds, framesPerSecond, event },
      };
    });
  return [...plan('train', train), ...plan('test', test)];
}
