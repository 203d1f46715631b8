import { CITY_EVENTS } from '../scenes/events/event.ts';
import type { Convention } from './dataset.ts';

/** Classes of its own, which no other dataset names. */
const OWN = ['carrying', 'graffiti', 'smoking', 'sweeping', 'walkingdog'];

const plainly = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
/** The 12 classes of its second task, without blanks and in small letters. */
const CLASSES = CITY_EVENTS.map(plainly);

/**
 * CitySCENE (the ACM MM 2020 challenge that GIG took part in): a video may show several classes at once, so that a list
 * names several, and a truth file has a line for each class of a video. It publishes no file format of its own.
 */
export const cityScene: Convention = {
  id: 'cityscene',
  title: 'CitySCENE, several labels a video',
  recognise(_names, classes) {
    const known = classes.filter((name) => CLASSES.includes(plainly(name)));
    const own = known.filter((name) => OWN.includes(plainly(name)));
    return own.length >= 2 && 2 * known.length > classes.length
      ? `${known.length} of the ${classes.length} classes that texts name are those of CitySCENE`
      : null;
  },
  ofName: () => ({}),
  channels: ['features', 'flow'],
  notes: [],
};
