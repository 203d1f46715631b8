/** The adapters, by method, or by method and variant where a variant is another network. */
import type { Adapter } from './adapter.ts';
import { gcnAdapter } from './adapters/gcn.ts';
import { gigAdapter } from './adapters/gig.ts';
import { mgfnAdapter } from './adapters/mgfn.ts';
import { mgprAdapter } from './adapters/mgpr.ts';
import { rtfmAdapter } from './adapters/rtfm.ts';
import { salientAdapter } from './adapters/salient.ts';
import { sultaniAdapter } from './adapters/sultani.ts';
import { wsalAdapter } from './adapters/wsal.ts';

export const adapters: Record<string, Adapter> = {
  sultani: sultaniAdapter,
  rtfm: rtfmAdapter,
  gcn: gcnAdapter,
  wsal: wsalAdapter,
  mgfn: mgfnAdapter,
  gig: gigAdapter,
  mgpr: mgprAdapter,
  salient: salientAdapter,
};
