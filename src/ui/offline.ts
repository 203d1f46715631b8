/** Makes the page installable and usable without a connection, and brings a new version in only when that is asked for. */
import { trusted } from '../workers/client.ts';
import type { App } from './state/app.svelte.ts';
import { t } from './text/text.svelte.ts';

/** Milliseconds after which what the page is made of is kept: it shall not compete with the first paint. */
const LATER = 3000;
/** Milliseconds that a new version has to take over: now and then Chromium never lets it while the old page is open. */
const PATIENCE = 3000;

/** Does nothing where the browser or the host allows no service worker. */
export function installOffline(app: App): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  // Another tab let a new version in: what this page has not loaded yet of its own version is kept no longer.
  if (navigator.serviceWorker.controller)
    navigator.serviceWorker.addEventListener('controllerchange', () => offer(app));
  setTimeout(() => {
    register(app).catch((error: unknown) => {
      // The page is whole without it; the reason is for a report.
      app.notices.details.push(`offline: ${error instanceof Error ? error.message : String(error)}`);
    });
  }, LATER);
}

async function register(app: App): Promise<void> {
  const script = trusted(new URL('offline.js', document.baseURI).href);
  // Undefined where something that drives the browser blocks it.
  const registration = (await navigator.serviceWorker.register(script, { scope: './' })) as
    ServiceWorkerRegistration | undefined;
  if (!registration) return;
  if (registration.waiting && navigator.serviceWorker.controller) offer(app);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && navigator.serviceWorker.controller) offer(app);
    });
  });
}

function offer(app: App): void {
  const isHeldBack = () => {
    const isRunning = app.isBusy || Boolean(app.experiments?.underway);
    if (isRunning) app.notices.warn(t('Something is running: pause it first, then reload.'));
    return isRunning;
  };
  app.notices.ask(t('A new version of Weaklens is here.'), {
    label: t('Reload'),
    run: async () => {
      // Asked again after the wait, in which something may have been begun.
      if (!isHeldBack() && (await letIn()) && !isHeldBack()) location.reload();
      else offer(app);
    },
  });
}

/**
 * Lets the new version answer for the page: its worker or, where that never takes over, its host, where a worker is
 * registered anew.
 * @returns whether the page may be reloaded; not where neither answers
 */
async function letIn(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.waiting) return true; // another tab let it in
  await new Promise<void>((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
    setTimeout(resolve, PATIENCE);
    registration.waiting!.postMessage('take over');
  });
  if (!registration.waiting) return true;
  if (!(await isHostThere())) return false;
  await registration.unregister(); // false where another tab did it already
  return true;
}

/** Workers answer no such request from what they keep. */
async function isHostThere(): Promise<boolean> {
  const address = new URL('offline.js', document.baseURI);
  const response = await fetch(address, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return response?.ok ?? false;
}
