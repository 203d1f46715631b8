import { expect, test } from 'vitest';
import { LiveFeed } from '../../../src/workers/live-feed.ts';

const picture = () => ({}) as VideoFrame;

test('a few frames are under way at most; the pictures of the others are dropped, counted and not even made', async () => {
  const under: (() => void)[] = [];
  const sent: boolean[] = [];
  const feed = new LiveFeed((shown) => {
    sent.push(shown !== null);
    return new Promise((resolve) => under.push(() => resolve(null)));
  });
  let made = 0;
  const take = () => {
    made++;
    return picture();
  };
  const offered = Array.from({ length: 10 }, (_, i) => feed.offer(i / 30, take));
  expect(sent.map(Number).join('')).toBe('1111000000');
  expect([made, feed.dropped]).toEqual([4, 6]);
  under.forEach((done) => done());
  await Promise.all(offered);
  const last = feed.offer(10 / 30, take);
  expect([made, feed.dropped]).toEqual([5, 6]);
  under.at(-1)!();
  await last;
});

test('a frame that fails makes room for the next', async () => {
  const feed = new LiveFeed(() => Promise.reject(new Error('lost')));
  for (let i = 0; i < 10; i++) await expect(feed.offer(i, picture)).rejects.toThrow('lost');
  expect(feed.dropped).toBe(0);
});

test('a frame that the source left out counts as dropped, and in the rate, which is that of late', async () => {
  const feed = new LiveFeed(async () => null);
  expect(feed.framesPerSecond).toBe(0);
  for (let i = 0; i < 100; i++) await feed.offer(i / 10, picture);
  expect(feed.framesPerSecond).toBeCloseTo(10);
  for (let i = 1; i <= 60; i++) await feed.offer(9.9 + i / 25, i % 2 ? picture : null);
  expect(feed.framesPerSecond).toBeCloseTo(25, 0);
  expect(feed.dropped).toBe(30);
});
