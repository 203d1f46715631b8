/** The head, what moves its run, and its steps in slow motion. */
import type { Table } from '../text.svelte.ts';

export const head: Table = {
  // Settings
  Head: 'Kopf',
  'The small network that learns when something happens, from the features and one bit a video.':
    'Das kleine Netz, das aus den Merkmalen und einem Bit pro Video lernt, wann etwas geschieht.',
  Settings: 'Einstellungen',
  'All settings at once, as a paper or its code has them, or as a row of its tables does.':
    'Alle Einstellungen auf einmal, wie eine Arbeit oder ihr Code sie hat oder eine Zeile ihrer Tabellen.',
  'own settings': 'eigene Einstellungen',
  'One seed drives sampling, initial parameters and dropout: the same seed gives the same run.':
    'Ein Startwert bestimmt Ziehung, Anfangsparameter und Dropout: Derselbe Startwert ergibt denselben Lauf.',
  Seed: 'Startwert',
  'Training pauses by itself after this many steps; Play goes on.':
    'Nach so vielen Schritten hält das Training von selbst an; mit Start geht es weiter.',
  Steps: 'Schritte',
  'Which step of the run is scored and exported.': 'Welcher Schritt des Laufs bewertet und exportiert wird.',
  Counts: 'Zählt',
  'the last step': 'der letzte Schritt',
  'best on held-out videos': 'bester auf Zurückgehaltenem',
  'best on the test part': 'bester auf dem Testteil',
  'Several papers do this, but the figures of a step chosen by the test part flatter: they say what could have been, not what to expect.':
    'Mehrere Arbeiten tun das, aber die Kennzahlen eines Schritts, den der Testteil auswählt, schmeicheln: Sie sagen, was hätte sein können, nicht, was zu erwarten ist.',
  'One training video in {n} is held out; the step with the best video AUC on them counts.':
    'Eins von {n} Trainingsvideos wird zurückgehalten; der Schritt mit der besten Video-AUC darauf zählt.',
  'Ends training after so many of its 20 looks have found nothing better; 0 lets it do all its steps. Play goes on from there.':
    'Beendet das Training, wenn so viele seiner 20 Blicke nichts Besseres gefunden haben; 0 lässt es alle Schritte tun. Mit Start geht es dort weiter.',
  Patience: 'Geduld',
  'It ended early: {n} looks found nothing better.': 'Früher beendet: {n} Blicke fanden nichts Besseres.',
  'Step {step} counts (test AUC {figure}).': 'Schritt {step} zählt (Test-AUC {figure}).',
  'Step {step} counts (held-out AUC {figure}).': 'Schritt {step} zählt (AUC auf Zurückgehaltenem {figure}).',
  Components: 'Bausteine',
  'While a run trains, switching one forks it at that step, and both go on side by side.':
    'Während ein Lauf trainiert, zweigt das Umschalten an diesem Schritt ab, und beide gehen nebeneinander weiter.',
  'Every other hyper-parameter, each with its own sentence.':
    'Alle anderen Hyperparameter, jeder mit seinem Satz.',
  'All settings': 'Alle Einstellungen',
  'Settings or training videos differ from the run on screen: Play begins a new run.':
    'Einstellungen oder Trainingsvideos sind andere als beim angezeigten Lauf: Start beginnt einen neuen.',
  'The run on screen came as finished weights, without what training goes on from: Play begins a new run.':
    'Der angezeigte Lauf kam als fertige Gewichte, ohne das, wovon Training weitergeht: Start beginnt einen neuen.',
  'Not the default, which is {value}': 'Nicht der Standard, der wäre {value}',
  '{field}: on': '{field}: an',
  'Switch it off (0) or back to its default.': 'Ausschalten (0) oder zurück auf den Standard.',
  on: 'an',
  off: 'aus',

  // Why it cannot be trained
  'Extract features of the training videos first.': 'Extrahiere erst die Merkmale der Trainingsvideos.',
  'This head reads feature maps: extract the features of the training videos once more.':
    'Dieser Kopf liest Merkmalskarten: Extrahiere die Merkmale der Trainingsvideos noch einmal.',
  'This head reads tubes: drop NAME.tubes.safetensors of the training videos.':
    'Dieser Kopf liest Tubes: Zieh NAME.tubes.safetensors der Trainingsvideos hierher.',
  'Drop some videos first.': 'Zieh erst einige Videos hierher.',
  'Open the whole dataset to train on it, or drop videos of your own.':
    'Öffne den ganzen Datensatz, um darauf zu trainieren, oder zieh eigene Videos hierher.',
  'Label at least one training video as {label}.': 'Gib mindestens einem Trainingsvideo das Label „{label}“.',

  // Transport
  'Do all updates of a step in turn, or only one of them; the run records which steps were done in part.':
    'Alle Änderungen eines Schritts nacheinander tun oder nur eine davon; der Lauf hält fest, welche Schritte nur zum Teil getan wurden.',
  all: 'alle',
  step: 'Schritt',
  'steps/s': 'Schritte/s',
  '{n} % of the time waiting for features': '{n} % der Zeit auf Merkmale gewartet',
  parameters: 'Parameter',
  'learning from': 'lernt aus',
  'bit of supervision': 'Bit Aufsicht',
  'bits of supervision': 'Bits Aufsicht',
  'Fork at step {n} instead of a new run': 'Bei Schritt {n} abzweigen statt neu beginnen',
  'Beside it its fork, at step': 'Daneben sein Abzweig, bei Schritt',
  'Beside it the run it was forked from, at step': 'Daneben der Lauf, von dem er abzweigt, bei Schritt',
  'The other run stays where it is, in the list of runs; only the one on screen trains on.':
    'Der andere Lauf bleibt, wo er ist, in der Liste der Läufe; nur der angezeigte trainiert weiter.',
  'Train this one only': 'Nur diesen trainieren',
  'In part only:': 'Nur zum Teil:',
  'step {n}': 'Schritt {n}',
  'steps {from} to {to}': 'Schritte {from} bis {to}',
  'This run': 'Dieser Lauf',
  'on screen: {settings}': 'angezeigt: {settings}',
  'beside it: {settings}': 'daneben: {settings}',
  'Training has begun.': 'Das Training hat begonnen.',
  'A quarter of the steps is done.': 'Ein Viertel der Schritte ist getan.',
  'Half of the steps are done.': 'Die Hälfte der Schritte ist getan.',
  'Three quarters of the steps are done.': 'Drei Viertel der Schritte sind getan.',
  'Training is done, {n} step.': 'Das Training ist fertig, {n} Schritt.',
  'Training is done, {n} steps.': 'Das Training ist fertig, {n} Schritte.',
  'Fork at step {n}': 'Abzweig bei Schritt {n}',
  'Forked at step {n}: {changes}. Both runs go on.':
    'Bei Schritt {n} abgezweigt: {changes}. Beide Läufe gehen weiter.',
  'New parameters from the seed: {names}.': 'Neue Parameter aus dem Startwert: {names}.',
  'Dropped: {names}.': 'Weggelassen: {names}.',

  // Slow motion
  'The step phase by phase': 'Der Schritt Phase für Phase',
  'Step {n}': 'Schritt {n}',
  'begun, not taken yet': 'begonnen, noch nicht getan',
  done: 'getan',
  Sample: 'Ziehen',
  Score: 'Bewerten',
  Choose: 'Wählen',
  Loss: 'Verlust',
  Update: 'Ändern',
  'Look at this phase: {phase}': 'Diese Phase ansehen: {phase}',
  'This step has not come so far.': 'So weit ist dieser Schritt noch nicht.',
  Term: 'Term',
  Value: 'Wert',
  Weight: 'Gewicht',
  Total: 'Summe',
  'How far each layer moved': 'Wie weit sich jede Schicht bewegt hat',
  Layer: 'Schicht',
  'L2 norm of the gradient': 'L2-Norm des Gradienten',
  Gradient: 'Gradient',
  'L2 norm of the change': 'L2-Norm der Änderung',
  Moved: 'Bewegt',
  'The change as a share of the norm before the step': 'Die Änderung als Anteil der Norm vor dem Schritt',
  'Share~part': 'Anteil',
  '{n} numbers': '{n} Zahlen',
  'How long each phase is shown before the next one, in seconds.':
    'Wie viele Sekunden jede Phase gezeigt wird, bevor die nächste kommt.',
  '{n} s a phase': '{n} s je Phase',
  'Seconds a phase': 'Sekunden je Phase',
  'Your system asks for no motion, so phases wait for you: press {key} for the next one.':
    'Dein System wünscht keine Bewegung, also warten die Phasen auf dich: Drücke {key} für die nächste.',
  'Videos are drawn again ({n} times) where a label has too few.':
    'Videos werden noch einmal gezogen ({n}-mal), wo ein Label zu wenige hat.',
  'The step draws {n} bags: {normal} of normal videos, {anomalous} of anomalous ones.':
    'Der Schritt zieht {n} Bags: {normal} von normalen Videos, {anomalous} von anomalen.',
  'They are marked in the list of videos.': 'Sie sind in der Videoliste markiert.',
  'The head as it stands scores the {n} segments of each bag. Highest scores are {normal} on average in normal bags and {anomalous} in anomalous ones.':
    'Der Kopf, wie er ist, bewertet die {n} Segmente jeder Bag. Der höchste Score ist im Mittel {normal} in normalen Bags und {anomalous} in anomalen.',
  'This head chooses no segments: its loss sees a bag through all of them at once.':
    'Dieser Kopf wählt keine Segmente aus: Sein Verlust sieht eine Bag durch alle zugleich.',
  'Of {n} segments the loss sees a bag through {chosen} only: the ringed one, here and on the timeline.':
    'Von {n} Segmenten sieht der Verlust eine Bag nur durch {chosen}: das mit dem Ring, hier und auf der Zeitachse.',
  'Of {n} segments the loss sees a bag through {chosen} only: the ringed ones, here and on the timeline.':
    'Von {n} Segmenten sieht der Verlust eine Bag nur durch {chosen}: die mit den Ringen, hier und auf der Zeitachse.',
  '{from} to {to}': '{from} bis {to}',
  'The loss is {loss}: the weighted sum of one term':
    'Der Verlust ist {loss}: die gewichtete Summe eines Terms',
  'The loss is {loss}: the weighted sum of {n} terms':
    'Der Verlust ist {loss}: die gewichtete Summe von {n} Termen',
  '; {n} more count nothing in this step': '; {n} weitere zählen in diesem Schritt nicht',
  'Only the phase “{phase}” was done.': 'Nur die Phase „{phase}“ wurde getan.',
  '{n} numbers move against their gradient, whose norm is {gradient}: by {change} in all, {share} % of their size.':
    '{n} Zahlen bewegen sich gegen ihren Gradienten, dessen Norm {gradient} ist: insgesamt um {change}, {share} % ihrer Größe.',
};
