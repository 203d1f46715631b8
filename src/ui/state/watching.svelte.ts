/** What is watched as it happens, in the place of the stage: a camera, or a simulated street. */
import type { App } from './app.svelte.ts';
import type { Live } from './live.svelte.ts';
import type { WatchedStreet } from './street.svelte.ts';

export class Watching {
  readonly #app: App;
  camera = $state.raw<{ stream: MediaStream; live: Live } | null>(null);
  /** From when the camera is asked for until the browser says whether it may be used. */
  isAsking = $state(false);
  street = $state.raw<WatchedStreet | null>(null);
  /** Counts what is asked for: what was called off, or overtaken, while it was being opened does not come up. */
  #turn = 0;

  constructor(app: App) {
    this.#app = app;
  }

  get isOn(): boolean {
    return this.camera !== null || this.street !== null;
  }

  /** Asks for the camera and watches it. */
  async openCamera(): Promise<void> {
    const { client, notices, settings } = this.#app;
    let camera;
    this.isAsking = true;
    try {
      await this.end();
      const turn = ++this.#turn;
      const [{ openCamera }, { Live }] = await Promise.all([
        import('./camera.ts'),
        import('./live.svelte.ts'),
      ]);
      const stream = await openCamera();
      if (turn !== this.#turn) return letGo(stream);
      const live = new Live(client, this.#app.training, (error) => {
        notices.fail(error);
        void this.endCamera();
      });
      this.camera = camera = { stream, live };
    } finally {
      this.isAsking = false;
    }
    try {
      await camera.live.begin(settings.extraction);
    } catch (error) {
      if (this.camera !== camera) return; // nobody waits for it any more
      await this.endCamera();
      throw error;
    }
  }

  /** @param why it ended, where nobody asked for it */
  async endCamera(why?: string): Promise<void> {
    const { camera } = this;
    this.camera = null;
    this.#turn++;
    if (camera) letGo(camera.stream);
    if (why) this.#app.notices.warn(why);
    await camera?.live.close().catch(() => {}); // its worker may be what ended it
  }

  async openStreet(): Promise<void> {
    const { client, notices, settings } = this.#app;
    await this.end();
    const turn = ++this.#turn;
    const [{ WatchedStreet }, { Live }] = await Promise.all([
      import('./street.svelte.ts'),
      import('./live.svelte.ts'),
    ]);
    if (turn !== this.#turn) return;
    const end = (error: unknown) => {
      notices.fail(error);
      void this.endStreet();
    };
    const street = (this.street = new WatchedStreet(client, new Live(client, this.#app.training, end)));
    try {
      await street.watch(end);
      await street.live.begin(settings.extraction);
    } catch (error) {
      if (this.street !== street) return;
      await this.endStreet();
      throw error;
    }
  }

  async endStreet(): Promise<void> {
    const { street } = this;
    this.street = null;
    this.#turn++;
    await street?.leave().catch(() => {}); // its worker may be what ended it
    await street?.live.close().catch(() => {});
  }

  /** Nothing is watched any more. */
  async end(): Promise<void> {
    await this.endCamera();
    await this.endStreet();
  }
}

function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
