/**
 * German. Whoever reads is addressed with "du"; one word for each of the field's words:
 *
 * | English | German | | English | German |
 * | --- | --- | --- | --- | --- |
 * | anomaly, anomalous | Anomalie, anomal | | head | Kopf |
 * | normal | normal | | run, fork | Lauf, Abzweig |
 * | (weak) label, to label | (schwaches) Label, labeln | | step, phase | Schritt, Phase |
 * | truth | Wahrheit | | loss, term | Verlust, Term |
 * | to guess, guess, mark | tippen, Tipp, Markierung | | seed | Startwert |
 * | to reveal | aufdecken | | parameter, weights | Parameter, Gewichte |
 * | frame | Bild | | score, to score | Score, bewerten |
 * | snippet | Snippet | | threshold | Schwelle |
 * | segment | Segment | | alarm, false alarm | Alarm, Fehlalarm |
 * | bag | Bag (die) | | figure | Kennzahl |
 * | feature, feature map | Merkmal, Merkmalskarte | | evidence | Belege |
 * | to extract | extrahieren | | stage | Bühne |
 * | magnitude | Betrag | | train, test part | Training, Testteil |
 * | backbone, crop, tube | Backbone, Ausschnitt, Tube | | held out | zurückgehalten |
 * | operating point | Arbeitspunkt | | event, missed | Ereignis, verpasst |
 * | false positive rate | Falsch-Positiv-Rate | | mean, deviation | Mittel(wert), Abweichung |
 * | attention, spread | Aufmerksamkeit, Streuung | | repeats | Wiederholungen |
 * | reference bag | Vergleichs-Bag | | paper, table, figure 3 | Arbeit, Tabelle, Abbildung 3 |
 * | annotation, expansion | Annotation, Ausdehnung | | switch | Schalter |
 */
import { actions } from './de/actions.ts';
import { alarms } from './de/alarms.ts';
import { charts } from './de/charts.ts';
import { compare } from './de/compare.ts';
import { cost } from './de/cost.ts';
import { head } from './de/head.ts';
import { lists } from './de/lists.ts';
import { notices } from './de/notices.ts';
import { page } from './de/page.ts';
import { papers } from './de/papers.ts';
import { presets } from './de/presets.ts';
import { protocol } from './de/protocol.ts';
import { share } from './de/share.ts';
import { stage } from './de/stage.ts';
import { street } from './de/street.ts';
import { videos } from './de/videos.ts';
import { views } from './de/views.ts';
import type { Table } from './text.svelte.ts';

/** By panel; no sentence is in two of them. */
export const PARTS: readonly Table[] = [
  page,
  share,
  videos,
  head,
  presets,
  stage,
  street,
  actions,
  lists,
  charts,
  alarms,
  views,
  compare,
  cost,
  notices,
  protocol,
  papers,
];

export const de: Table = Object.assign({}, ...PARTS) as Table;
