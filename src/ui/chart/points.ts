/**
 * Many points on a canvas, a few at a time: the page stays at hand while they are drawn. Each kind of point has a colour
 * and a shape, never a colour alone.
 */
import type { PointKind } from '../state/space.svelte.ts';

export type Shape = 'disc' | 'triangle' | 'diamond' | 'ring' | 'cross' | 'dot';

/** How each kind looks: the page's own colours by name. */
export const LOOKS: Record<PointKind, { shape: Shape; colour: string; text: string }> = {
  normal: { shape: 'disc', colour: '--normal', text: 'normal video' },
  anomalous: { shape: 'triangle', colour: '--anomalous', text: 'anomalous video' },
  unlabelled: { shape: 'dot', colour: '--ink-soft', text: 'no label' },
  alarm: { shape: 'diamond', colour: '--predicted', text: 'in alarm' },
  quiet: { shape: 'ring', colour: '--predicted', text: 'below the threshold' },
  unscored: { shape: 'dot', colour: '--ink-soft', text: 'no score' },
  true: { shape: 'cross', colour: '--true', text: 'anomalous in truth' },
  false: { shape: 'ring', colour: '--true', text: 'normal in truth' },
  hidden: { shape: 'dot', colour: '--ink-soft', text: 'truth hidden' },
};

/** What is drawn, in pixels of the page. */
export interface Points {
  x: Float32Array;
  y: Float32Array;
  /** Of each point: its kind, and its radius. */
  kinds: readonly PointKind[];
  radii: Float32Array;
}

/** Milliseconds of drawing at a stretch, and points between two looks at the clock. */
const STRETCH = 8;
const AT_ONCE = 250;

/**
 * Draws points kind by kind, so that a colour is set once for many; commoner shapes first, so that rare ones lie on top.
 * @param order the points to draw
 * @returns ends the drawing
 */
export function paintPoints(
  canvas: HTMLCanvasElement,
  { x, y, kinds, radii }: Points,
  colourOf: (kind: PointKind) => string,
  onDone: () => void = () => {},
): () => void {
  const context = fitted(canvas);
  const groups = new Map<PointKind, number[]>();
  kinds.forEach((kind, i) => {
    const group = groups.get(kind);
    if (group) group.push(i);
    else groups.set(kind, [i]);
  });
  const order = [...groups].sort(([, a], [, b]) => b.length - a.length);
  let [group, at, frame] = [0, 0, 0];
  const go = () => {
    const began = performance.now();
    while (group < order.length) {
      const [kind, points] = order[group];
      const { shape } = LOOKS[kind];
      const isLine = shape === 'ring' || shape === 'cross';
      context.beginPath();
      const end = Math.min(points.length, at + AT_ONCE);
      for (let i = at; i < end; i++) trace(context, shape, x[points[i]], y[points[i]], radii[points[i]]);
      context[isLine ? 'strokeStyle' : 'fillStyle'] = colourOf(kind);
      context.globalAlpha = shape === 'dot' ? 0.5 : 0.75;
      context.lineWidth = shape === 'cross' ? 1.8 : 1.2;
      if (isLine) context.stroke();
      else context.fill();
      at = end;
      if (at === points.length) [group, at] = [group + 1, 0];
      if (performance.now() - began > STRETCH) {
        frame = requestAnimationFrame(go);
        return;
      }
    }
    onDone();
  };
  frame = requestAnimationFrame(go);
  return () => cancelAnimationFrame(frame);
}

/** Rings round some of the points. */
export function paintRings(
  canvas: HTMLCanvasElement,
  { x, y, radii }: Points,
  chosen: readonly number[],
  colour: string,
): () => void {
  const context = fitted(canvas);
  let [at, frame] = [0, 0];
  const go = () => {
    const began = performance.now();
    context.strokeStyle = colour;
    context.lineWidth = 1.3;
    while (at < chosen.length && performance.now() - began < STRETCH) {
      context.beginPath();
      const end = Math.min(chosen.length, at + AT_ONCE);
      for (; at < end; at++) {
        const i = chosen[at];
        trace(context, 'ring', x[i], y[i], radii[i] + 2);
      }
      context.stroke();
    }
    if (at < chosen.length) frame = requestAnimationFrame(go);
  };
  frame = requestAnimationFrame(go);
  return () => cancelAnimationFrame(frame);
}

/** The canvas, empty, with a pixel for each of the screen's. */
function fitted(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = globalThis.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.max(1, Math.round(clientWidth * ratio));
  canvas.height = Math.max(1, Math.round(clientHeight * ratio));
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  return context;
}

/** The outline of a point: a part of a path, or by itself what an SVG path says. */
function trace(context: CanvasRenderingContext2D, shape: Shape, x: number, y: number, r: number): void {
  switch (shape) {
    case 'disc':
    case 'ring':
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 'dot':
      context.rect(x - r / 2, y - r / 2, r, r);
      return;
    case 'triangle':
      context.moveTo(x, y - 1.2 * r);
      context.lineTo(x + 1.1 * r, y + 0.8 * r);
      context.lineTo(x - 1.1 * r, y + 0.8 * r);
      context.closePath();
      return;
    case 'diamond':
      context.moveTo(x, y - 1.3 * r);
      context.lineTo(x + 1.3 * r, y);
      context.lineTo(x, y + 1.3 * r);
      context.lineTo(x - 1.3 * r, y);
      context.closePath();
      return;
    case 'cross':
      context.moveTo(x - r, y - r);
      context.lineTo(x + r, y + r);
      context.moveTo(x + r, y - r);
      context.lineTo(x - r, y + r);
  }
}

/** The same outline round 0, as an SVG path: for the legend. */
export function shapePath(shape: Shape, r: number): string {
  switch (shape) {
    case 'disc':
    case 'ring':
      return `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`;
    case 'dot':
      return `M${-r / 2} ${-r / 2}H${r / 2}V${r / 2}H${-r / 2}Z`;
    case 'triangle':
      return `M0 ${-1.2 * r}L${1.1 * r} ${0.8 * r}H${-1.1 * r}Z`;
    case 'diamond':
      return `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0Z`;
    case 'cross':
      return `M${-r} ${-r}L${r} ${r}M${r} ${-r}L${-r} ${r}`;
  }
}

/** The point nearest to a place, within `reach` pixels; -1 where there is none. */
export function nearestPoint(
  { x, y }: Pick<Points, 'x' | 'y'>,
  atX: number,
  atY: number,
  reach: number,
): number {
  let [best, least] = [-1, reach * reach];
  for (let i = 0; i < x.length; i++) {
    const square = (x[i] - atX) ** 2 + (y[i] - atY) ** 2;
    if (square < least) [best, least] = [i, square];
  }
  return best;
}

/** A rectangle by two of its corners. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The points inside a rectangle, in order. */
export function pointsWithin({ x, y }: Pick<Points, 'x' | 'y'>, box: Box): number[] {
  const found: number[] = [];
  for (let i = 0; i < x.length; i++)
    if (x[i] >= box.left && x[i] <= box.right && y[i] >= box.top && y[i] <= box.bottom) found.push(i);
  return found;
}

/**
 * The next point in a direction: of those that lie more that way than aside, the nearest, where aside counts double.
 * @returns the same point where there is none
 */
export function neighbour(
  { x, y }: Pick<Points, 'x' | 'y'>,
  from: number,
  [dx, dy]: readonly [number, number],
): number {
  let [best, least] = [from, Infinity];
  for (let i = 0; i < x.length; i++) {
    const [across, down] = [x[i] - x[from], y[i] - y[from]];
    const along = across * dx + down * dy;
    const aside = Math.abs(across * dy - down * dx);
    if (along <= 0 || aside > along) continue;
    const distance = along + 2 * aside;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}
