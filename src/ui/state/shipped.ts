import { t } from '../text/text.svelte.ts';
/** Projects that come with the page, each a file that is fetched when it is first asked for. */
export const SHIPPED = ['exhibit', 'street-small'] as const;
export type ShippedProject = (typeof SHIPPED)[number];

/** @throws where the page was served without it, or there is no connection */
export async function fetchProject(project: ShippedProject): Promise<Blob> {
  const response = await fetch(new URL(`exhibit/${project}.weaklens`, document.baseURI));
  if (response.ok) return response.blob();
  throw Object.assign(new Error(`${project}: it cannot be fetched.`), {
    code: 'data-missing',
    subject: project,
    what: t('This data comes with the page, and it cannot be fetched now.'),
    next: t('Check the connection, and try again.'),
  });
}
