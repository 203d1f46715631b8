import { expect, test } from 'vitest';
import { problemsOf, taken, videoOf } from './folder.ts';

const shapes = async (folder: Record<string, readonly number[]>) => {
  const { videos } = await taken(folder);
  return Object.fromEntries(videos.map(({ name, shape }) => [name, shape]));
};

test('features last, first or in the middle: the sizes of backbones tell', async () => {
  expect(await shapes({ 'a.npy': [6, 2048, 10], 'b.npy': [7, 10, 2048], 'c.npy': [10, 33, 2048] })).toEqual({
    a: [6, 10, 2048],
    b: [7, 10, 2048],
    c: [33, 10, 2048],
  });
});

test('a column per snippet: what all files have in common is D', async () => {
  expect(await shapes({ 'a.npy': [2048, 17], 'b.npy': [2048, 300] })).toEqual({
    a: [17, 2048],
    b: [300, 2048],
  });
  // Rows, although the first of them could be columns as well
  expect(await shapes({ 'a.npy': [512, 1024], 'b.npy': [33, 1024] })).toEqual({
    a: [512, 1024],
    b: [33, 1024],
  });
});

test('ten or five crops: as the others have them', async () => {
  expect((await shapes({ 'a.npy': [10, 5, 1024], 'b.npy': [10, 44, 1024] })).a).toEqual([5, 10, 1024]);
  expect((await shapes({ 'a.npy': [10, 5, 1024], 'b.npy': [44, 5, 1024] })).a).toEqual([10, 5, 1024]);
  // Ten snippets of ten crops: the order of the others
  const { videos } = await taken({ 'a.npy': [10, 10, 1024], 'b.npy': [10, 44, 1024] });
  expect(videos[0].sources[0].axes).toBe('crops,snippets,features');
});

test('sound does not say how large features are', async () => {
  const folder = {
    'a__vggish.npy': [17, 128],
    'b__vggish.npy': [18, 128],
    'a.npy': [17, 1024],
    'b.npy': [128, 1024],
  };
  const dataset = await taken(folder);
  expect(videoOf(dataset, 'b').sources.find(({ channel }) => channel === 'features')!.axes).toBe(
    'snippets,features',
  );
});

test('what no other file settles is said by name, and the likeliest is taken', async () => {
  const dataset = await taken({ 'a.npy': [10, 5, 1024] });
  expect(videoOf(dataset, 'a').shape).toEqual([10, 5, 1024]);
  expect(problemsOf(dataset, 'a')).toContain('axes-open');
  expect(videoOf(dataset, 'a').problems[0].what).toMatch(
    /^a\.npy has the shape \(10, 5, 1024\).*5 crops.*10 crops/,
  );
});
