/** What a step tells of itself. */
import type { WeakLabel } from '../types.ts';

/** What one step did. */
export interface StepEvent {
  /** Steps done, this one included. */
  step: number;
  /** Unweighted terms of the loss. */
  losses: Record<string, number>;
  /** What each of them counts in the total. */
  weights: Record<string, number>;
  /** Their weighted sum. */
  total: number;
  /** For every video of the batch, the segments through which the loss saw it. */
  chosen: { id: string; segments: number[] }[];
  /** The one phase that was done, where the step has others too. */
  only?: string;
  /** Where the step was observed. */
  detail?: StepDetail;
}

/** A step from close by. */
export interface StepDetail {
  /** The bags that were drawn, normal ones first; a video may be drawn several times. */
  bags: {
    id: string;
    label: WeakLabel;
    /** `[T]`, in the order of time: the scores that the loss chose by, dropout and all. */
    scores: Float32Array;
  }[];
  /** How far the step moved each layer. */
  layers: Movement[];
}

/** How far a step moved a layer: L2 norms over all its parameters. */
export interface Movement {
  /** What the names of its parameters have in common. */
  name: string;
  /** Numbers in it. */
  size: number;
  gradient: number;
  change: number;
  /** Before the step. */
  norm: number;
}

/** Parameters by layer: `fc1.weight` and `fc1.bias` are `fc1`. */
export function layersOf(parameters: readonly Movement[]): Movement[] {
  const layers = new Map<string, Movement>();
  for (const { name, size, ...norms } of parameters) {
    const layer = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
    const sum = layers.get(layer) ?? { name: layer, size: 0, gradient: 0, change: 0, norm: 0 };
    const joined = (key: keyof typeof norms) => Math.hypot(sum[key], norms[key]);
    layers.set(layer, {
      name: layer,
      size: sum.size + size,
      gradient: joined('gradient'),
      change: joined('change'),
      norm: joined('norm'),
    });
  }
  return [...layers.values()];
}
