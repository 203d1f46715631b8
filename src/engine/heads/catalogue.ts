/** All heads, by id. */
import { Failure } from '../failure.ts';
import type { Config } from './config.fields.ts';
import type { Head } from './head.ts';
import { gcn } from './gcn.ts';
import { gig } from './gig.ts';
import { mgfn } from './mgfn.ts';
import { mgpr } from './mgpr.ts';
import { rtfm } from './rtfm.ts';
import { salient } from './salient.ts';
import { sultani } from './sultani.ts';
import { wsal } from './wsal.ts';

const heads = new Map<string, Head>();
for (const head of [sultani, rtfm, gcn, wsal, mgfn, salient, gig, mgpr] as unknown as Head<Config>[])
  heads.set(head.card.id, head);

/** @throws Failure `config-invalid` naming the heads there are */
export function headById(id: string): Head {
  const head = heads.get(id);
  if (head) return head;
  throw new Failure({
    code: 'config-invalid',
    what: `There is no head "${id}".`,
    next: `Choose one of: ${[...heads.keys()].join(', ')}.`,
  });
}
