/** How features are extracted. Kept in this browser; `?backend=` in the address overrides the backend. */
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
  /** Upper bound for wasm threads, from `?threads=`; for measurements. */
  threads: number | undefined;

  constructor() {
    const kept = readKept();
    const wished = new URLSearchParams(location.search);
    const backend = wished.get('backend') ?? kept.backend;
    if (isBackend(backend)) this.backend = backend;
    if (typeof kept.backbone === 'string') this.backbone = kept.backbone;
    const rate = Number(kept.framesPerSecond);
    if (rate >= 0 && rate <= 60) this.framesPerSecond = rate;
    this.threads = Number(wished.get('threads')) || undefined;
  }

  keep(): void {
    const { backend, backbone, framesPerSecond } = this;
    try {
      localStorage.setItem(KEY, JSON.stringify({ backend, backbone, framesPerSecond }));
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
    const { backend, backbone, framesPerSecond, threads } = this;
    return { backend, backbone, framesPerSecond, maps: false, threads };
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
