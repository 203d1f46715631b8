import type { Convention } from './dataset.ts';

/** What the codes at the end of a name, or in a list, stand for. */
const CLASSES: Record<string, string> = {
  B1: 'fighting',
  B2: 'shooting',
  B4: 'riot',
  B5: 'abuse',
  B6: 'car-accident',
  G: 'explosion',
};
const NOTHING = ['A', '0'];
const LABELLED = /_label_([A-Z0-9]+(?:-[A-Z0-9]+)*)$/i;

/**
 * XD-Violence (Wu et al., ECCV 2020): labels stand in the name, `label_A` or up to three of six classes, and features
 * come as five crops of I3D with the VGGish sound features beside them. As XDVioDet and salient attention do, the 128
 * numbers of the sound are joined to the 1,024 of each crop; optical flow is left out.
 */
export const xdViolence: Convention = {
  id: 'xd-violence',
  title: 'XD-Violence',
  recognise(names) {
    const own = names.filter((name) => LABELLED.test(name)).length;
    return 2 * own > names.length ? `${own} of ${names.length} names end in label_...` : null;
  },
  ofName(name) {
    const codes = LABELLED.exec(name)?.[1].toUpperCase().split('-') ?? [];
    const classes = codes.flatMap((code) => CLASSES[code] ?? []);
    if (classes.length > 0) return { label: 'anomalous', classes };
    return codes[0] === 'A' ? { label: 'normal' } : {};
  },
  classNames(code) {
    const parts = code.toUpperCase().split('-');
    const areCodes = parts.every((part) => part in CLASSES || NOTHING.includes(part));
    return areCodes ? parts.flatMap((part) => CLASSES[part] ?? []) : [code];
  },
  channels: ['features', 'audio'],
  notes: [],
};
