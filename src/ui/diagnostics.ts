/** What a bug report needs, and nothing about what is on the videos: no names, no labels. */
import type { App } from './state/app.svelte.ts';

export async function diagnose(app: App): Promise<Record<string, unknown>> {
  const { usage, quota } = await navigator.storage
    .estimate()
    .catch(() => ({ usage: undefined, quota: undefined }));
  const { project, training, settings } = app;
  return {
    weaklens: __WEAKLENS_VERSION__,
    at: new Date().toISOString(),
    browser: navigator.userAgent,
    language: navigator.language,
    cores: navigator.hardwareConcurrency,
    isolated: crossOriginIsolated,
    webgpu: 'gpu' in navigator,
    webcodecs: typeof VideoDecoder !== 'undefined',
    settings: { ...settings.extraction },
    trainingDevice: app.device,
    extractionDevice: app.extraction?.device ?? null,
    pixels: app.pixels,
    backbone: app.extraction?.backbone.id ?? app.backbone?.id ?? null,
    storage: {
      usage,
      quota,
      persisted: await navigator.storage.persisted?.().catch(() => null),
      writable: project.isWritable,
    },
    videos: project.videos.map((video) => ({
      facts: video.facts,
      sizeBytes: video.sizeBytes,
      part: video.part,
      isLabelled: video.label !== null,
      features: project.featuresOf(video)?.shape ?? null,
      state: project.states.get(video.id)?.kind ?? null,
    })),
    run: training.run && {
      head: training.run.head,
      config: training.run.config,
      seed: training.run.seed,
      step: training.run.step,
      backend: training.run.backend,
      bags: training.run.training.length,
    },
    details: app.notices.details,
  };
}
