/** The cards of all heads, in the order they are offered. Free of tfjs. */
import type { Config, HeadCard } from './config.fields.ts';
import { gcnCard } from './gcn.fields.ts';
import { gigCard } from './gig.fields.ts';
import { mgfnCard } from './mgfn.fields.ts';
import { mgprCard } from './mgpr.fields.ts';
import { rtfmCard } from './rtfm.fields.ts';
import { salientCard } from './salient.fields.ts';
import { sultaniCard } from './sultani.fields.ts';
import { wsalCard } from './wsal.fields.ts';

export const headCards = [
  sultaniCard,
  rtfmCard,
  gcnCard,
  wsalCard,
  mgfnCard,
  salientCard,
  gigCard,
  mgprCard,
] as unknown as HeadCard<Config>[];
