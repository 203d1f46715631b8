/** Every control that a link can leave out, as the share dialog lists them. */
import { fieldsOf, type HeadCard } from '../engine/heads/config.fields.ts';
import { actions } from './actions.ts';
import { EVIDENCE } from './state/evidence.ts';

export interface Hideable {
  /** As `hide=` says it. */
  name: string;
  /** In English, translated where it is drawn. */
  label: string;
}

/** What is neither an action, nor a tab, nor a field of a head. */
const PAGE: readonly Hideable[] = [
  { name: 'project', label: 'Choosing, making, saving and deleting projects' },
  { name: 'drop', label: 'Adding files' },
  { name: 'draw', label: 'Draw a street for me' },
  { name: 'video-menu', label: 'Moving, renaming and removing videos' },
  { name: 'threshold', label: 'Threshold on the timeline' },
  { name: 'backbone', label: 'Backbone and device' },
  { name: 'share', label: 'Share' },
  { name: 'help', label: 'Help' },
  { name: 'language', label: 'Language' },
];

const HEAD: readonly Hideable[] = [
  { name: 'head', label: 'Choice of head' },
  { name: 'preset', label: 'Settings all at once' },
  { name: 'seed', label: 'Seed' },
  { name: 'steps', label: 'Steps' },
  { name: 'select', label: 'Which step counts' },
];

/** In groups, each under its heading. */
export function hideable(card: HeadCard): { group: string; controls: readonly Hideable[] }[] {
  const ofActions = (group: string) =>
    actions.filter((action) => action.group === group).map(({ id, label }) => ({ name: id, label }));
  const tabs = Object.keys(EVIDENCE).map((tab) => ({ name: `tab-${tab}`, label: tab }));
  const fields = fieldsOf(card).map(([key, { label }]) => ({ name: `set.${key}`, label }));
  return [
    { group: 'Page', controls: PAGE },
    ...['Videos', 'Stage', 'Guess', 'Training'].map((group) => ({ group, controls: ofActions(group) })),
    { group: 'Head', controls: [...HEAD, ...fields] },
    { group: 'Evidence', controls: tabs },
  ];
}

/** Whether a name is that of a control, of whichever head. */
export function isHideable(name: string): boolean {
  return (
    /^set\.\w+$/.test(name) ||
    [...PAGE, ...HEAD].some((control) => control.name === name) ||
    actions.some(({ id }) => id === name) ||
    Object.keys(EVIDENCE).some((tab) => `tab-${tab}` === name)
  );
}
