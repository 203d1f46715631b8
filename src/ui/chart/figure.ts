/**
 * A chart as a file that looks outside the page as it does in it: its drawings side by side as they lie, every colour,
 * line and letter with the style that the page computed for it. What is painted on a canvas goes in as a picture.
 */

/** What the style sheets of the page may say of a part of a drawing. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'visibility',
  'display',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'letter-spacing',
  'text-anchor',
  'dominant-baseline',
];

const SVG = 'http://www.w3.org/2000/svg';

/** Pixels of a PNG for each of the page. */
const SCALE = 2;

/** @param element a drawing, or what holds several */
export function toSvg(element: Element, title: string): string {
  const { left, top, width, height } = element.getBoundingClientRect();
  const figure = document.createElementNS(SVG, 'svg');
  figure.setAttribute('xmlns', SVG);
  figure.setAttribute('width', String(Math.ceil(width)));
  figure.setAttribute('height', String(Math.ceil(height)));
  figure.setAttribute('viewBox', `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`);
  figure.append(part('title', {}, title));
  figure.append(part('rect', { width: '100%', height: '100%', fill: paperOf(element) }));
  for (const drawing of drawingsOf(element)) {
    const own = drawing.getBoundingClientRect();
    if (own.width === 0 || own.height === 0) continue;
    const [x, y] = [own.left - left, own.top - top];
    const place = { x: String(x), y: String(y), width: String(own.width), height: String(own.height) };
    if (drawing instanceof SVGSVGElement) {
      const copy = styled(drawing) as SVGSVGElement;
      if (!copy.hasAttribute('viewBox')) copy.setAttribute('viewBox', `0 0 ${own.width} ${own.height}`);
      for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value);
      figure.append(copy);
    } else if (drawing.width > 0 && drawing.height > 0) {
      const rendering = getComputedStyle(drawing).imageRendering;
      figure.append(
        part('image', {
          ...place,
          href: drawing.toDataURL(),
          preserveAspectRatio: 'none',
          'image-rendering': rendering,
        }),
      );
    }
  }
  return new XMLSerializer().serializeToString(figure);
}

/** @param svg what {@link toSvg} made */
export async function toPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = SCALE * picture.naturalWidth;
    canvas.height = SCALE * picture.naturalHeight;
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))),
        'image/png',
      ),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Drawings, outermost ones only, without those in buttons. */
function drawingsOf(element: Element): (SVGSVGElement | HTMLCanvasElement)[] {
  if (element instanceof SVGSVGElement) return [element];
  return [...element.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('svg, canvas')].filter(
    (drawing) => !drawing.parentElement!.closest('svg, button'),
  );
}

/** A copy with the styles that count written on it, and without what only the page knows. */
function styled(element: Element): Element {
  const copy = element.cloneNode(true) as Element;
  const copies = [copy, ...copy.querySelectorAll('*')];
  [element, ...element.querySelectorAll('*')].forEach((original, i) => {
    const computed = getComputedStyle(original);
    for (const { name } of [...copies[i].attributes])
      if (/^(class|style|data-|aria-|role|tabindex)/.test(name)) copies[i].removeAttribute(name);
    // As attributes of their own: the page's policy counts a style attribute as a breach.
    for (const name of STYLES) copies[i].setAttribute(name, computed.getPropertyValue(name));
  });
  return copy;
}

function part(name: string, attributes: Record<string, string>, text = ''): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

/** The colour that a chart is drawn on: the nearest around it that covers what lies behind. */
function paperOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== 'rgba(0, 0, 0, 0)' && backgroundColor !== 'transparent') return backgroundColor;
  }
  return 'white';
}
