/** What to say of a browser that alters the pixels that pages read back. */
import type { PixelCheck } from '../../workers/client.ts';

/** The way out, by what the browser calls it. */
const WAYS_OUT: readonly [isIt: (navigator: Navigator) => boolean, name: string, next: string][] = [
  [
    (navigator) => 'brave' in navigator,
    'Brave',
    'Open Shields in the address bar and let this page be without “Block fingerprinting”.',
  ],
  [
    ({ userAgent }) => userAgent.includes('Firefox'),
    'Firefox',
    'Take this page out of “resistFingerprinting” (about:config, privacy.resistFingerprinting.exemptedDomains).',
  ],
];

/** A warning, or null where pixels come back as they are. */
export function pixelWarning(check: PixelCheck, navigator: Navigator): string | null {
  if (check.worst === 0) return null;
  const [, name, next] = WAYS_OUT.find(([isIt]) => isIt(navigator)) ?? [
    null,
    'This browser',
    'Turn its protection against fingerprinting off for this page, or use another browser.',
  ];
  return `${name} alters pixels that a page reads back, by up to ${check.worst} of 255 levels: features extracted here would be those of no other machine. ${next}`;
}
