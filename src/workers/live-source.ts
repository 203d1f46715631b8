/**
 * A live source that is being looked at. It has a network of its own, so that an extraction may go through another
 * backbone meanwhile, and it goes on with a new one when the device is lost.
 */
import { Failure } from '../engine/failure.ts';
import type { LoadedBackbone } from '../engine/backbone/weights.ts';
import { LiveExtraction, type LiveSnippet } from '../engine/features/live.ts';

/** A network on the device that is there now. */
export interface Look {
  backbone: LoadedBackbone;
  framesPerSecond: number;
  /** Counts devices. */
  generation: number;
}

/** What it needs of the worker. */
export interface Surroundings {
  look(): Promise<Look>;
  /** @throws Failure when the device gave no sound numbers */
  check(): void;
  /** Sees to another device, if the error came of the loss of that one. */
  recover(error: unknown, generation: number): Promise<boolean>;
}

interface Session extends Look {
  extraction: LiveExtraction;
}

export class LiveSource {
  readonly #around: Surroundings;
  #session: Promise<Session>;
  #isClosed = false;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#session = this.#begin();
    this.#session.catch(() => {}); // whoever asks for the backbone or brings a frame is told
  }

  /**
   * What it is looked at with.
   * @throws Failure `data-mismatch` for a backbone that reads clips: it would be late by a clip
   */
  async backbone(): Promise<LoadedBackbone> {
    return (await this.#session).backbone;
  }

  /**
   * The next frame.
   * @param picture null for one whose picture was dropped; closed here
   * @returns the snippet that it completes
   */
  async frame(picture: VideoFrame | null, seconds: number): Promise<LiveSnippet | null> {
    const opened = this.#session;
    try {
      const { extraction } = await opened;
      const snippet = await extraction.add(picture, seconds);
      this.#around.check();
      return snippet;
    } catch (error) {
      await this.#recover(error, opened);
      return null;
    } finally {
      picture?.close();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const session = await this.#session.catch(() => null); // who opened it was told
    await session?.extraction.close();
    session?.backbone.network.dispose();
  }

  /** @throws what it cannot make good */
  async #recover(error: unknown, opened: Promise<Session>): Promise<void> {
    const { generation } = await opened;
    const isMadeGood = await this.#around.recover(error, generation);
    if (this.#isClosed || this.#session !== opened) return; // of several frames that fail together, the first sees to it
    if (!isMadeGood) throw error;
    this.#session = this.#begin();
    this.#session.catch(() => {});
  }

  async #begin(): Promise<Session> {
    const look = await this.#around.look();
    const { network, entry } = look.backbone;
    if (network.framesPerVector > 1) {
      network.dispose();
      throw new Failure({
        code: 'data-mismatch',
        subject: entry.title,
        what: `It reads clips of ${network.framesPerVector} frames and cannot follow a live picture.`,
        next: 'Choose a backbone that reads a stream.',
      });
    }
    const options = { framesPerSecond: look.framesPerSecond, now: () => performance.now() };
    return { ...look, extraction: new LiveExtraction(network, options) };
  }
}
