/** `globalThis.weaklens`: the page as a script. What each method does is said in the type. */
import { resolveConfig } from '../engine/heads/config.fields.ts';
import { headCards } from '../engine/heads/catalogue.fields.ts';
import type { Script } from '../workers/script.ts';
import { diagnose } from './diagnostics.ts';
import type { App } from './state/app.svelte.ts';
import { forkRun } from './state/forking.ts';
import { rateOf } from '../engine/evaluation/rate.ts';

export function makeScript(app: App): Script {
  const named = (name: string) => {
    const video = app.project.videos.find((candidate) => candidate.name === name);
    if (!video) throw new Error(`There is no video "${name}".`);
    return video;
  };
  return {
    client: app.client,

    addVideos: async (files, options = {}) =>
      (await app.dropping()).add(files, { ...options, axes: options.axes ?? 'likeliest' }),

    addBackbone: (file) => app.addBackbones([file]),

    addFeatures: async (files, options = {}) =>
      (await app.dropping()).addFeatures(files, { ...options, axes: options.axes ?? 'likeliest' }),

    inspect: (file, besides, { onProgress } = {}) =>
      app.client.reading.inspect(file, besides, onProgress).result,

    importReport: () => app.datasets.report,

    label: (name, label, classes) => app.project.label([named(name).id], label, classes),

    split: (name, part) => app.project.move([named(name).id], part),

    extract: ({ onProgress } = {}) => app.extract(onProgress),

    async train({ head, preset, config, seed, steps, select, validate, patience, onTick } = {}) {
      const { training } = app;
      if (head !== undefined || preset !== undefined || config !== undefined) {
        const card = headCards.find(({ id }) => id === (head ?? training.headId));
        if (!card)
          throw new Error(
            `There is no head "${head}". Choose one of: ${headCards.map(({ id }) => id).join(', ')}.`,
          );
        training.headId = card.id;
        training.config = resolveConfig(card, preset, config);
      }
      if (select !== undefined) training.selection = select;
      if (validate !== undefined) training.heldOut = validate;
      if (patience !== undefined) training.patience = patience;
      if (seed !== undefined) training.setSeed(seed);
      if (steps !== undefined) training.transport.steps = steps;
      return training.transport.play(onTick);
    },

    async trialData(experiment, widths) {
      const { experimentById, trialData } = await experimenting();
      const { input } = experimentById(experiment);
      const { training, facts } = await trialData(app.project, input, null, widths);
      const first = training[0] && app.project.features.get(training[0].featureKey);
      return { weaklens: __WEAKLENS_VERSION__, data: facts, backbone: first?.provenance.backbone ?? null };
    },

    async trial({ plan, protocol, widths, onTick }) {
      const { experimentById, trialData, carryOut } = await experimenting();
      const { input } = experimentById(plan.experiment);
      const data = await trialData(app.project, input, null, widths);
      const owner = `trial-${crypto.randomUUID()}`;
      const { run, result } = await carryOut(app.client, { plan, protocol, data, owner, onTick });
      await app.client.store.deleteRun(run.id);
      return result;
    },

    async step(only) {
      const { training } = app;
      training.transport.only = only ?? null;
      await training.transport.step();
      return training.run!;
    },

    async fork(changes) {
      const { training } = app;
      if (!training.run) throw new Error('There is no run on screen to fork.');
      const card = headCards.find(({ id }) => id === training.run!.head)!;
      return forkRun(app, resolveConfig(card, undefined, { ...training.run.config, ...changes }));
    },

    async score(runId) {
      if (runId && runId !== app.training.run?.id) await app.training.show(runId);
      await app.training.scoreAll();
      return app.project.videos.flatMap((video) => {
        const features = app.project.featuresOf(video);
        const record = features && app.training.scores.get(features.key);
        if (!record) return [];
        const { scores, snippetsPerScore, step, featureKey, classes, unlike } = record;
        return { name: video.name, scores, snippetsPerScore, step, featureKey, classes, unlike };
      });
    },

    async evaluate(runId, asked = {}) {
      if (runId && runId !== app.training.run?.id) await app.training.show(runId);
      const { parseProtocol, writeProtocol } = await import('../engine/evaluation/protocol-words.ts');
      const { evaluateUnder } = await import('./state/steps.ts');
      const { threshold, ...given } =
        typeof asked === 'string' ? { ...parseProtocol(asked), threshold: undefined } : asked;
      if (threshold !== undefined) app.training.threshold = threshold;
      const told = parseProtocol(writeProtocol(given)); // data from outside is checked as words are
      return Object.keys(told).length > 0 ? evaluateUnder(app, told) : app.training.evaluate();
    },

    truth: (name) => app.project.truths.get(named(name).id) ?? null,
    boxes: (name) => app.project.boxes.get(named(name).id) ?? null,

    async still(name, seconds, width = 192) {
      const file = await app.project.file(named(name));
      if (!file) return null;
      const bitmap = await app.client.still(file, name, seconds);
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = Math.round((width * bitmap.height) / bitmap.width);
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      bitmap.close();
      return canvas.toDataURL('image/jpeg', 0.7);
    },

    importRun: (file) => app.training.importRun(file),

    saveProject: (options = {}) =>
      app.client.packProject(app.project.record.id, {
        type: 'float32',
        keepOptimiser: true,
        withFiles: [],
        ...options,
      }),

    pause: () => app.training.transport.pause(),

    renameProject: (name) => app.renameProject(name),

    deleteRun: (runId) => app.training.remove(runId),

    exportRun: (runId, format) => app.training.exportRun(runId, format),

    scoresOf: (runId) => app.client.scoresOf(runId),

    makeVideos: app.makeVideos.bind(app),

    videos: () =>
      app.project.videos.map((video) => {
        const features = app.project.featuresOf(video);
        const { name, label, part, hash } = video;
        const fps = features ? rateOf(features) : null;
        return {
          name,
          label,
          part,
          hash,
          frames: features?.frames ?? null,
          fps,
          snippets: features?.shape[0] ?? null,
        };
      }),

    runs: () => app.training.runs,

    diagnostics: () => diagnose(app),
  };
}

/** Loaded when it is first asked for. */
async function experimenting() {
  const [catalogue, trial] = await Promise.all([
    import('../engine/experiments/catalogue.ts'),
    import('./state/trial.ts'),
  ]);
  return { ...catalogue, ...trial };
}
