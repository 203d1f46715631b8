/** What to say of a browser that alters the pixels that pages read back. */
import type { PixelCheck } from '../../workers/client.ts';
import { t } from '../text/text.svelte.ts';

/** The way out, by what the browser calls it. */
const WAYS_OUT: readonly [isIt: (navigator: Navigator) => boolean, name: string, next: () => string][] = [
  [
    (navigator) => 'brave' in navigator,
    'Brave',
    () => t('Open Shields in the address bar and let this page be without “Block fingerprinting”.'),
  ],
  [
    ({ userAgent }) => userAgent.includes('Firefox'),
    'Firefox',
    () =>
      t(
        'Take this page out of “resistFingerprinting” (about:config, privacy.resistFingerprinting.exemptedDomains).',
      ),
  ],
];

/** A warning, or null where pixels come back as they are. */
export function pixelWarning(check: PixelCheck, navigator: Navigator): string | null {
  if (check.worst === 0) return null;
  const known = WAYS_OUT.find(([isIt]) => isIt(navigator));
  const name = known?.[1] ?? t('This browser');
  const next = known
    ? known[2]()
    : t('Turn its protection against fingerprinting off for this page, or use another browser.');
  const what = t(
    '{name} alters pixels that a page reads back, by up to {n} of 255 levels: features extracted here would be those of no other machine.',
    { name, n: check.worst },
  );
  return `${what} ${next}`;
}
