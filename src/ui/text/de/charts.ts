/** The charts: what they are called, what they say, and their tables. */
import type { Table } from '../text.svelte.ts';

export const charts: Table = {
  // Snippets in words
  'snippet {list}': 'Snippet {list}',
  'snippets {list}': 'Snippets {list}',

  // Bag strips
  'Put {name} on stage': '{name} auf die Bühne holen',
  'Bags of this step': 'Bags dieses Schritts',
  'Scores from 0 to 1 as the step saw them, with the dropout of training. A bag’s name puts its video on stage.':
    'Scores von 0 bis 1, wie der Schritt sie sah, mit dem Dropout des Trainings. Der Name einer Bag holt ihr Video auf die Bühne.',
  'a removed video': 'ein entferntes Video',
  'Highest score {score} at segment {n} of {total}': 'Höchster Score {score} in Segment {n} von {total}',
  '; the loss chose segments {list}': '; der Verlust wählte die Segmente {list}',
  '; the loss chose segment {list}': '; der Verlust wählte das Segment {list}',

  // Band table
  'Means over seeds as a table': 'Mittelwerte über Startwerte als Tabelle',
  '{figure}: mean ± standard deviation (n − 1)': '{figure}: Mittelwert ± Standardabweichung (n − 1)',
  'False positive rate': 'Falsch-Positiv-Rate',

  // Curve chart
  'A head that guesses': 'Ein Kopf, der rät',
  'A head that guesses: the share of anomalous frames': 'Ein Kopf, der rät: der Anteil anomaler Bilder',
  '{name}, on which the operating point lies': '{name}; auf dieser Kurve liegt der Arbeitspunkt',
  'Operating point': 'Arbeitspunkt',
  'Drag it along the curve, or use the arrow keys: the threshold follows, and with it the alarms on every timeline.':
    'Zieh ihn die Kurve entlang oder nimm die Pfeiltasten: Die Schwelle folgt, und mit ihr die Alarme auf jeder Zeitachse.',
  'ROC curve': 'ROC-Kurve',
  'false positive rate': 'Falsch-Positiv-Rate',
  recall: 'Recall',
  area: 'Fläche',
  'Precision-recall curve': 'Precision-Recall-Kurve',
  precision: 'Precision',
  'average precision': 'mittlere Precision',
  'threshold {threshold}': 'Schwelle {threshold}',
  '{n} false alarm': '{n} Fehlalarm',
  '{n} false alarms': '{n} Fehlalarme',
  'The operating point is at {point}': 'Der Arbeitspunkt liegt bei {point}',

  // Frame strip
  'snippet {n}': 'Snippet {n}',
  'frames {from}–{to}': 'Bilder {from}–{to}',

  // Score histogram
  'score {score}': 'Score {score}',
  'Scores by weak label': 'Scores nach schwachem Label',
  'normal videos': 'normale Videos',
  'anomalous videos': 'anomale Videos',
  '{n} of {total} in alarm': '{n} von {total} im Alarm',
  'Threshold among the scores': 'Schwelle zwischen den Scores',
  'Drag it, or use the arrow keys: scores at or above it are alarms.':
    'Zieh sie oder nimm die Pfeiltasten: Scores auf oder über ihr sind Alarme.',
  '{a} of {normal} scores of normal videos ({share}%) and {b} of {anomalous} scores of anomalous videos ({part}%) are at or above the threshold of {threshold}':
    '{a} von {normal} Scores normaler Videos ({share} %) und {b} von {anomalous} Scores anomaler Videos ({part} %) liegen auf oder über der Schwelle {threshold}',

  // Score table
  damaged: 'beschädigt',
  'Scores as a table': 'Scores als Tabelle',
  Snippet: 'Snippet',
  Frames: 'Bilder',
  From: 'Von',
  To: 'Bis',
  'attention {n}': 'Aufmerksamkeit {n}',
  attention: 'Aufmerksamkeit',

  // Live chart
  'Live scores.': 'Live-Scores.',
  now: 'jetzt',
  'Alarm threshold': 'Alarmschwelle',
  'Alarm threshold: {threshold}': 'Alarmschwelle: {threshold}',
  'As a table': 'Als Tabelle',
  'seconds ago': 'vor Sekunden',
  'Live scores': 'Live-Scores',
  'No score yet.': 'Noch kein Score.',
  'Latest score {score}; {n} of the {total} snippets of the latest minute are at or over the threshold of {threshold}.':
    'Letzter Score {score}; {n} der {total} Snippets der letzten Minute liegen auf oder über der Schwelle {threshold}.',
  none: 'keine',

  // Loss chart
  'no step yet': 'noch kein Schritt',
  'Step whose loss is read out': 'Schritt, dessen Verlust vorgelesen wird',
  'Every term of the loss, unweighted, and their weighted total; arrow keys or the pointer read out a step.':
    'Jeder Term des Verlusts, ungewichtet, und ihre gewichtete Summe; Pfeiltasten oder der Zeiger lesen einen Schritt ab.',
  'Term {name}, now {value}.': 'Term {name}, jetzt {value}.',
  'Forked after step {n}': 'Abgezweigt nach Schritt {n}',
  'Runs whose loss is drawn': 'Läufe, deren Verlust gezeichnet ist',
  'Loss: no step yet.': 'Verlust: noch kein Schritt.',
  '{name}: loss over {n} steps, from {from} to {to}':
    '{name}: Verlust über {n} Schritte, von {from} bis {to}',
  'Loss over {n} steps, from {from} to {to}': 'Verlust über {n} Schritte, von {from} bis {to}',

  // Loss table
  'Losses as a table': 'Verluste als Tabelle',
  '{n} of {total} steps': '{n} von {total} Schritten',

  // Magnitude chart
  'Of each training bag, the mean length over the segments that speak for it, in scoring: no dropout.':
    'Von jeder Trainings-Bag die mittlere Länge über die Segmente, die für sie sprechen, beim Bewerten: ohne Dropout.',
  'Bags at step': 'Bags bei Schritt',
  ': anomalous longer in': ': anomale länger in',
  'of pairs': 'der Paare',
  'norm.': 'norm.',
  'anom.': 'anom.',
  'Step whose bags are shown': 'Schritt, dessen Bags gezeigt werden',
  'Look back at how long the bags’ features were earlier in this training.':
    'Zurückblicken, wie lang die Merkmale der Bags früher in diesem Training waren.',
  'Train with this page open, and the magnitudes of normal and anomalous bags are kept here.':
    'Trainiere, während diese Seite offen ist, dann werden hier die Beträge normaler und anomaler Bags festgehalten.',
  'Middle half and median; normal solid, anomalous dashed and hatched.':
    'Mittlere Hälfte und Median; normale durchgezogen, anomale gestrichelt und schraffiert.',
  'The head chooses and argues by these.': 'Nach diesen wählt und urteilt der Kopf.',
  'Lengths of what the last layer reads: this head does not argue about them.':
    'Längen dessen, was die letzte Schicht liest: Dieser Kopf urteilt nicht nach ihnen.',
  'Magnitudes as a table': 'Beträge als Tabelle',
  'Quartiles of the magnitudes of bags': 'Quartile der Beträge der Bags',
  'Normal: quarter, median, three quarters': 'Normal: ein Viertel, Median, drei Viertel',
  'Anomalous longer': 'Anomale länger',
  'Magnitudes of bags: none kept yet.': 'Beträge der Bags: noch keine festgehalten.',
  'Magnitudes of bags at step {n}: normal around {normal}, anomalous around {anomalous}; the anomalous one is longer in {share} of the pairs.':
    'Beträge der Bags bei Schritt {n}: normale um {normal}, anomale um {anomalous}; die anomale ist in {share} der Paare länger.',

  // Run legend
  'Runs that are drawn': 'Läufe, die gezeichnet sind',
  'Draw this run no longer; it stays in the list of runs.':
    'Diesen Lauf nicht mehr zeichnen; er bleibt in der Liste der Läufe.',
  'Do not draw {name}': '{name} nicht zeichnen',

  // Save figure
  'Save this chart as a drawing that can be scaled (SVG), as it looks now.':
    'Diese Grafik als skalierbare Zeichnung (SVG) speichern, so wie sie jetzt aussieht.',
  'Save {name} as {kind}': '{name} als {kind} speichern',
  'Save this chart as a picture (PNG), as it looks now.':
    'Diese Grafik als Bild (PNG) speichern, so wie sie jetzt aussieht.',

  // Scatter
  '{n} selected': '{n} gewählt',
  'Drag a rectangle to select, click a point to go there; by keyboard: arrows, Shift and arrows, Enter, Escape.':
    'Zieh ein Rechteck auf, um zu wählen, klick einen Punkt an, um dorthin zu gehen; mit der Tastatur: Pfeile, Umschalt und Pfeile, Eingabe, Escape.',
  true: 'wahr',

  // Spread chart
  'Entropy of a row over its largest possible: 1 looks at all snippets alike, 0 at one alone.':
    'Entropie einer Zeile geteilt durch die größtmögliche: 1 achtet auf alle Snippets gleich, 0 auf ein einziges.',
  Spread: 'Streuung',
  'at step': 'bei Schritt',
  'Spread of attention': 'Streuung der Aufmerksamkeit',
  'Step of the training that is looked at': 'Schritt des Trainings, der angesehen wird',
  'Look back at how attention was earlier in this training.':
    'Zurückblicken, wie die Aufmerksamkeit früher in diesem Training war.',
  '{n} earlier look of this video kept in this tab, at growing steps (24 at most); gone after a reload or another video.':
    '{n} früherer Blick auf dieses Video ist in diesem Tab festgehalten, bei wachsenden Schritten (höchstens 24); nach einem Neuladen oder einem anderen Video ist er weg.',
  '{n} earlier looks of this video kept in this tab, at growing steps (24 at most); gone after a reload or another video.':
    '{n} frühere Blicke auf dieses Video sind in diesem Tab festgehalten, bei wachsenden Schritten (höchstens 24); nach einem Neuladen oder einem anderen Video sind sie weg.',
  'Train on with this video on stage, and looks at growing steps are kept to slide through.':
    'Trainiere mit diesem Video auf der Bühne weiter, dann werden Blicke bei wachsenden Schritten festgehalten, durch die du blättern kannst.',
  'Spread of attention: no step kept yet.': 'Streuung der Aufmerksamkeit: noch kein Schritt festgehalten.',
  'Spread of attention from {from} at step {first} to {to} at step {last}.':
    'Streuung der Aufmerksamkeit von {from} bei Schritt {first} bis {to} bei Schritt {last}.',

  // Timeline
  'Arrow keys move by a frame, with Shift by five, Page Up and Down by a snippet; plus, minus and 0 zoom.':
    'Pfeiltasten gehen um ein Bild weiter, mit Umschalt um fünf, Bild auf und Bild ab um ein Snippet; Plus, Minus und 0 zoomen.',
  'Position in the video': 'Stelle im Video',
  'frame {n}, {time} seconds': 'Bild {n}, {time} Sekunden',
  'Timeline of {name}': 'Zeitachse von {name}',
  'a video': 'ein Video',
  'This head scores bags: every {n} snippets share one score, so the curve has steps.':
    'Dieser Kopf bewertet Bags: Je {n} Snippets teilen sich einen Score, daher hat die Kurve Stufen.',
  'Score between {low} and {high}; no alarm at threshold {threshold}.':
    'Score zwischen {low} und {high}; kein Alarm an der Schwelle {threshold}.',
  'Score between {low} and {high}; {alarms}, {time} in all, at threshold {threshold}.':
    'Score zwischen {low} und {high}; {alarms}, zusammen {time}, an der Schwelle {threshold}.',

  // Loss rows
  total: 'gesamt',

  // Alarm lane
  '{alarms}, frames {from} to {to}, highest score {peak}':
    '{alarms}, Bilder {from} bis {to}, höchster Score {peak}',

  // Attention lane
  att: 'Aufm',
  'Attention in {n} row, most on snippet {snippet}':
    'Aufmerksamkeit in {n} Zeile, am meisten auf Snippet {snippet}',
  'Attention in {n} rows, most on snippet {snippet}':
    'Aufmerksamkeit in {n} Zeilen, am meisten auf Snippet {snippet}',

  // Curves lane
  'Scores that make the score: {names}': 'Scores, aus denen der Score entsteht: {names}',
  semantic: 'semantisch',
  dynamic: 'dynamisch',
  consensus: 'Konsens',

  // Guess lane
  you: 'du',
  'Your guess: drag here to mark where you think it happens':
    'Dein Tipp: Zieh hier, um zu markieren, wo es deiner Meinung nach geschieht',
  'drag here to mark your guess': 'hier ziehen, um deinen Tipp zu markieren',
  'Your guess, frames {from} to {to}; drag an end to move it':
    'Dein Tipp, Bilder {from} bis {to}; zieh ein Ende, um es zu verschieben',

  // Magnitude lane
  'Feature magnitudes between {low} and {high}': 'Beträge der Merkmale zwischen {low} und {high}',

  // Score lane
  'Timeline.': 'Zeitachse.',
  'Damaged: frames {from} to {to} could not be decoded':
    'Beschädigt: Die Bilder {from} bis {to} ließen sich nicht dekodieren',
  'The latest step’s loss looked here': 'Der Verlust des letzten Schritts sah hierher',

  // Selection lane
  'Selected in the space: {snippets}': 'Im Raum gewählt: {snippets}',
  'sel.': 'gew.',

  // Truth lane
  'Truth: {name}, frames {from} to {to}': 'Wahrheit: {name}, Bilder {from} bis {to}',
  hidden: 'verborgen',
  'not told': 'nicht bekannt',

  // Points
  'normal video': 'normales Video',
  'anomalous video': 'anomales Video',
  'no label': 'kein Label',
  'in alarm': 'im Alarm',
  'below the threshold': 'unter der Schwelle',
  'no score': 'kein Score',
  'anomalous in truth': 'in Wahrheit anomal',
  'normal in truth': 'in Wahrheit normal',
  'truth hidden': 'Wahrheit verborgen',
};
