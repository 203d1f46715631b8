import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Backbone } from '../../../src/engine/backbone/backbone.ts';
import type { LoadedBackbone } from '../../../src/engine/backbone/weights.ts';
import { LiveSource } from '../../../src/workers/live-source.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A worker whose device can be lost. */
class House {
  generation = 0;
  isLost = false;
  looks = 0;
  disposed = 0;
  framesPerVector = 1;

  source = () =>
    new LiveSource({
      look: async () => {
        this.looks++;
        const network: Backbone = {
          inputSize: 2,
          cropShare: 1,
          framesPerVector: this.framesPerVector,
          featureSize: 1,
          mapSize: 1,
          memoryFrames: 4,
          forward: ({ shape: [count] }) => ({
            vectors: tf.ones([count, 1]),
            maps: tf.ones([count, 1, 1, 1]),
            state: [],
          }),
          dispose: () => this.disposed++,
        };
        const backbone = { network, entry: { title: 'Net' }, hash: '' } as unknown as LoadedBackbone;
        return { backbone, framesPerSecond: 5, generation: this.generation };
      },
      check: () => {
        if (this.isLost) throw new Error('the device was lost');
      },
      recover: async (_, began) => {
        if (began === this.generation && !this.isLost) return false;
        if (began === this.generation) this.generation++;
        this.isLost = false;
        return true;
      },
    });
}

let open = 0;
function picture(): VideoFrame {
  open++;
  let isOpen = true;
  return {
    displayWidth: 4,
    displayHeight: 4,
    visibleRect: { width: 4, height: 4 },
    allocationSize: () => 64,
    copyTo: async () => {},
    close() {
      if (isOpen) open--;
      isOpen = false;
    },
  } as unknown as VideoFrame;
}

const snippets = async (source: LiveSource, from: number, frames: number) => {
  const found = await Promise.all(
    Array.from({ length: frames }, (_, i) => source.frame(picture(), (from + i) / 30)),
  );
  return found.filter((snippet) => snippet !== null).length;
};

test('it goes on with a new device, once, however many frames fail with the old one', async () => {
  const house = new House();
  const source = house.source();
  expect((await source.backbone()).entry.title).toBe('Net');
  expect(await snippets(source, 0, 32)).toBe(2);
  house.isLost = true;
  await snippets(source, 32, 4);
  expect(house.looks).toBe(2);
  expect(await snippets(source, 36, 32)).toBe(2);
  await source.close();
  expect([house.looks, house.disposed, open]).toEqual([2, 1, 0]);
});

test('what is not the loss of a device is told', async () => {
  const source = new House().source();
  const torn = { ...picture(), copyTo: () => Promise.reject(new Error('torn')) } as VideoFrame;
  await expect(source.frame(torn, 0)).rejects.toThrow('torn');
  expect(open).toBe(0);
  expect(await snippets(source, 1, 16)).toBe(1);
  await source.close();
});

test('a network that reads clips is refused and let go of', async () => {
  const house = new House();
  house.framesPerVector = 16;
  const source = house.source();
  await expect(source.backbone()).rejects.toThrow('reads clips of 16 frames');
  await source.close();
  expect(house.disposed).toBe(1);
});
