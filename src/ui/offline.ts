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
  if (registration.waiting && navigator.serviceWorker.controller) offer(app, registration);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && navigator.serviceWorker.controller) offer(app, registration);
    });
  });
}

function offer(app: App, registration: ServiceWorkerRegistration): void {
  app.notices.ask(t('A new version of Weaklens is here.'), {
    label: t('Reload'),
    run: () => {
      if (app.isBusy || app.experiments?.underway) {
        app.notices.warn(t('Something is running: pause it first, then reload.'));
        offer(app, registration);
        return;
      }
      void takeOver(registration);
    },
  });
}

/** Ends in the new version: from its worker, or without any from its host, where a worker is registered anew. */
async function takeOver(registration: ServiceWorkerRegistration): Promise<void> {
  const hasTaken = await new Promise<boolean>((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
    setTimeout(() => resolve(false), PATIENCE);
    registration.waiting?.postMessage('take over');
  });
  if (!hasTaken) await registration.unregister();
  location.reload();
}
