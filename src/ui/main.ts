import { mount } from 'svelte';
import './style/base.css';
import Page from './Page.svelte';
import type { Script } from '../workers/script.ts';
import { installOffline } from './offline.ts';
import { makeScript } from './script.ts';
import { App } from './state/app.svelte.ts';
import { toReport } from './state/notices.svelte.ts';
import { language, t } from './text/text.svelte.ts';

declare global {
  var weaklens: Script | undefined;
}

const target = document.getElementById('app')!;
const opening = target.firstElementChild!;

try {
  await language.begin();
  const app = await App.start();
  opening.remove();
  mount(Page, { target, props: { app } });
  globalThis.weaklens = makeScript(app);
  installOffline(app);
} catch (error) {
  opening.remove();
  const { what, next, detail } = toReport(error);
  const section = document.createElement('main');
  section.className = 'dead';
  for (const [tag, text] of [
    ['h1', t('Weaklens cannot start')],
    ['p', what],
    ['p', next],
    ['pre', detail],
  ] as const) {
    if (text) section.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  target.append(section);
}
