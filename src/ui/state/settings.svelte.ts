/** How features are extracted, and what labels are taken to cost. Kept in this browser; `?backend=` in the address overrides the backend. */
import { EFFORT_ASSUMPTIONS, type EffortAssumptions } from '../../engine/evaluation/effort.ts';
import type { BackboneOffer, BackendChoice, ExtractSettings } from '../../workers/client.ts';

const KEY = 'weaklens-settings';
const BACKENDS: readonly BackendChoice[] = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'];

export class Settings {
  backend = $state<BackendChoice>('auto');
  backbone = $state('auto');
  /** What there is to choose from, best first; empty until it is known. */
  offers = $state.raw<BackboneOffer[]>([]);
  /** 0: the rate that the backbone was made for. */
  framesPerSecond = $state(0);
  /** Pictures taken from each frame. */
  crops = $state<1 | 5 | 10>(1);
  /** Whether the stage says what the backbone sees, where it has words for it. */
  areOpinionsShown = $state(true);
  /** Seconds that a label is taken to cost. */
  effort = $state.raw<EffortAssumptions>(EFFORT_ASSUMPTIONS);
  /** Upper bound for wasm threads, from `?threads=`; for measurements. */
  threads: number | undefined;
  /** From `?pixels=gpu`: pixels stay on the graphics device where it reads them alike. */
  pixels: 'gpu' | undefined;
  /** From `?start=empty`: whoever comes without a project gets an empty one instead of the exhibit. */
  readonly startsEmpty: boolean;

  constructor() {
    const kept = readKept();
    const wished = new URLSearchParams(location.search);
    const backend = wished.get('backend') ?? kept.backend;
    if (isBackend(backend)) this.backend = backend;
    if (typeof kept.backbone === 'string') this.backbone = kept.backbone;
    const rate = Number(kept.framesPerSecond);
    if (rate >= 0 && rate <= 60) this.framesPerSecond = rate;
    if (kept.crops === 5 || kept.crops === 10) this.crops = kept.crops;
    this.areOpinionsShown = kept.areOpinionsShown !== false;
    for (const key of Object.keys(EFFORT_ASSUMPTIONS) as (keyof EffortAssumptions)[])
      this.assumeEffort(key, (kept.effort as EffortAssumptions | undefined)?.[key]);
    if (wished.get('pixels') === 'gpu') this.pixels = 'gpu';
    this.startsEmpty = wished.get('start') === 'empty';
    this.threads = Number(wished.get('threads')) || undefined;
  }

  /** What is no number of seconds leaves things as they are. */
  assumeEffort(key: keyof EffortAssumptions, seconds: unknown): void {
    if (typeof seconds === 'number' && seconds >= 0 && seconds <= 3600)
      this.effort = { ...this.effort, [key]: seconds };
  }

  keep(): void {
    const { backend, backbone, framesPerSecond, crops, areOpinionsShown, effort } = this;
    try {
      const settings = { backend, backbone, framesPerSecond, crops, areOpinionsShown, effort };
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // Settings are a convenience; without storage they last as long as the page.
    }
  }

  /** The backbone that features come from, as far as it is known. */
  get chosen(): BackboneOffer | null {
    const { backbone, offers } = this;
    return (backbone === 'auto' ? offers[0] : offers.find(({ id }) => id === backbone)) ?? null;
  }

  /** As the extraction worker wants them. */
  get extraction(): ExtractSettings {
    const { backend, backbone, framesPerSecond, crops, threads, pixels } = this;
    return { backend, backbone, framesPerSecond, crops, maps: false, threads, pixels };
  }
}

function isBackend(value: unknown): value is BackendChoice {
  return BACKENDS.includes(value as BackendChoice);
}

function readKept(): Record<string, unknown> {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>) ?? {};
  } catch {
    return {};
  }
}
