import type { Convention } from './dataset.ts';

/** Anything else: features, and a list `name label [class...]` where there is one. Names say nothing. */
export const plain: Convention = {
  id: 'plain',
  title: 'Plain list',
  recognise: () => 'names are of no dataset that is known here',
  ofName: () => ({}),
  channels: ['features', 'flow', 'audio'],
  notes: [],
};
