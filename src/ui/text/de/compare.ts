/** Runs side by side: the list of runs, experiments, tables for elsewhere. */
import type { Table } from '../text.svelte.ts';

export const compare: Table = {
  // Experiment table
  '{experiment}: mean and deviation over seeds, beside the paper’s figures':
    '{experiment}: Mittelwert und Abweichung über Startwerte, daneben die Kennzahlen der Arbeit',
  'The row that the others are compared with.': 'Die Zeile, mit der die anderen verglichen werden.',
  against: 'verglichen mit',
  Row: 'Zeile',

  // Seed band
  'Draws runs that differ in nothing but their seed as their mean, with a band of one standard deviation (n − 1) around it; off, each has a line of its own.':
    'Zeichnet Läufe, die sich nur im Startwert unterscheiden, als ihren Mittelwert mit einem Band von einer Standardabweichung (n − 1) darum; ausgeschaltet hat jeder seine eigene Linie.',
  'Band over seeds': 'Band über Startwerte',

  // Table export
  'Copies the table as CSV, unrounded.': 'Kopiert die Tabelle als CSV, ungerundet.',
  'Copy CSV': 'CSV kopieren',
  'Copies the table as a LaTeX tabular.': 'Kopiert die Tabelle als LaTeX-Tabular.',
  'Copy LaTeX': 'LaTeX kopieren',
  'Saves the table as a CSV file, unrounded.': 'Speichert die Tabelle als CSV-Datei, ungerundet.',
  'Save CSV': 'CSV speichern',
  'Saves the table as a LaTeX file.': 'Speichert die Tabelle als LaTeX-Datei.',
  'Save LaTeX': 'LaTeX speichern',
  'The table is in the clipboard.': 'Die Tabelle liegt in der Zwischenablage.',
  'The browser does not allow copying here: save the table as a file.':
    'Der Browser erlaubt hier kein Kopieren: Speichere die Tabelle als Datei.',

  // Comparison
  'seed {seed}': 'Startwert {seed}',
  'mean of seeds {seeds}': 'Mittel der Startwerte {seeds}',
  ', forked at {n}: {changes}': ', abgezweigt bei {n}: {changes}',

  // Experiments
  'feature maps~with': 'Merkmalskarten',
  'tubes~with': 'Tubes',
  'features~with': 'Merkmalen',
  'It needs training videos that are labelled {label}, with {reads}.':
    'Es braucht Trainingsvideos mit dem Label „{label}“, und zwar mit {reads}.',
  'It needs videos in the test part, with {reads}.': 'Es braucht Videos im Testteil, und zwar mit {reads}.',
  'Videos, labels, features or truth changed since the experiment began, so it waits.':
    'Videos, Labels, Merkmale oder Wahrheit haben sich seit Beginn des Experiments geändert, daher wartet es.',
  'Its finished runs are still there.': 'Seine fertigen Läufe sind noch da.',
  'Undo the change and let it go on, or start another one.':
    'Mach die Änderung rückgängig und lass es weitergehen, oder beginne ein anderes.',
  'A table or a figure of a paper; its rows are run over the videos of this project.':
    'Eine Tabelle oder Abbildung einer Arbeit; ihre Zeilen laufen über die Videos dieses Projekts.',
  Experiment: 'Experiment',
  'How many runs of every row, counted from the seed that is set under Head.':
    'Wie viele Läufe jeder Zeile, gezählt ab dem Startwert, der unter „Kopf“ eingestellt ist.',
  Seeds: 'Startwerte',
  'Training steps of every run.': 'Trainingsschritte jedes Laufs.',
  'Which step of each run is judged; one that is chosen by the test part flatters.':
    'Welcher Schritt jedes Laufs beurteilt wird; einer, den der Testteil auswählt, schmeichelt.',
  'Ends a run after so many of its 20 looks have found nothing better; 0 lets it do all its steps.':
    'Beendet einen Lauf, wenn so viele seiner 20 Blicke nichts Besseres gefunden haben; 0 lässt ihn alle Schritte tun.',
  'What is done to a feature before a head sees it, for all rows alike.':
    'Was mit einem Merkmal geschieht, bevor ein Kopf es sieht, für alle Zeilen gleich.',
  'as each row has it': 'wie es jede Zeile hat',
  'to length 1': 'auf Länge 1',
  'mean 0, deviation 1': 'Mittel 0, Abweichung 1',
  'mean 0, deviation 1, then length 1': 'Mittel 0, Abweichung 1, dann Länge 1',
  'Which frames a score holds for: 16 each, or equal parts of the video.':
    'Für welche Bilder ein Score gilt: je 16 oder gleiche Teile des Videos.',
  Expansion: 'Ausdehnung',
  '16 frames a score': '16 Bilder je Score',
  'as long as the features say': 'so lang, wie die Merkmale sagen',
  'equal parts': 'gleiche Teile',
  'equal parts, rounded (WSAL)': 'gleiche Teile, gerundet (WSAL)',
  'Every finished run goes to the list under Runs, with its weights, instead of away.':
    'Jeder fertige Lauf kommt mit seinen Gewichten in die Liste unter „Läufe“, statt verworfen zu werden.',
  'Keep the runs': 'Läufe behalten',
  'Puts the runs into the queue. They are trained beside whatever is on screen.':
    'Stellt die Läufe in die Reihe. Sie werden neben dem trainiert, was gerade angezeigt ist.',
  'Run {what}': '{what} laufen lassen',
  '{n} row': '{n} Zeile',
  '{n} rows': '{n} Zeilen',
  '{n} seed': '{n} Startwert',
  '{n} seeds': '{n} Startwerte',
  'Experiment {name}': 'Experiment {name}',
  'Goes on with the run that was under way, from the step that it stood at.':
    'Macht mit dem Lauf weiter, der im Gang war, von dem Schritt aus, an dem er stand.',
  'Waits where it is, also when the page is closed; finished runs are kept.':
    'Wartet, wo es ist, auch wenn die Seite geschlossen ist; fertige Läufe bleiben.',
  'Go on': 'Weiter',
  'Delete this experiment': 'Dieses Experiment löschen',
  'Deletes this experiment with its figures; runs that were kept stay.':
    'Löscht dieses Experiment mit seinen Kennzahlen; behaltene Läufe bleiben.',
  '{n} of {total} runs done': '{n} von {total} Läufen fertig',
  ', waiting to go on': ', wartet darauf, weiterzugehen',
  ', running {row}, seed {seed}, step {step} of {steps}':
    ', gerade {row}, Startwert {seed}, Schritt {step} von {steps}',
  ', waiting for its turn': ', wartet, bis es an der Reihe ist',
  ', about {time} left': ', noch etwa {time}',
  stretch: 'strecken',
  'as they are': 'wie sie sind',

  // Steps
  'held-out videos': 'zurückgehaltenen Videos',
  'the test videos': 'den Testvideos',
  'This run counts its last step': 'Dieser Lauf zählt seinen letzten Schritt',
  'This run counts the best step on {videos}': 'Dieser Lauf zählt den besten Schritt auf {videos}',
  '{counts} and kept no weights chosen by {videos}: train it with that selection.':
    '{counts} und hat keine Gewichte behalten, die nach {videos} ausgewählt sind: Trainiere ihn mit dieser Auswahl.',
  '{counts}, and its file holds no other.': '{counts}, und seine Datei enthält keinen anderen.',

  // Runs
  'Adds a run that was saved, or a head’s weights from elsewhere, to this project; it may also be dropped anywhere on the page.':
    'Fügt diesem Projekt einen gespeicherten Lauf oder die Gewichte eines Kopfes von anderswo hinzu; man kann ihn auch irgendwo auf die Seite ziehen.',
  'Open a saved run …': 'Gespeicherten Lauf öffnen …',
  'No run yet.': 'Noch kein Lauf.',
  Drawn: 'Gezeichnet',
  Note: 'Notiz',
  Actions: 'Aktionen',
  'Draw these repeats': 'Diese Wiederholungen zeichnen',
  'Draws these runs, up to five in all, as their mean with a band over seeds: in the loss and in the curves.':
    'Zeichnet diese Läufe, insgesamt bis zu fünf, als ihren Mittelwert mit einem Band über Startwerte: im Verlust und in den Kurven.',
  '{n} repeats over seeds': '{n} Wiederholungen über Startwerte',
  'Shows the runs that this row is the mean of, or no longer.':
    'Zeigt die Läufe, deren Mittelwert diese Zeile ist, oder nicht mehr.',
  '{n} repeats': '{n} Wiederholungen',
  'Compare the others with this': 'Die anderen hiermit vergleichen',
  'The other rows are told by how much they differ from this one.':
    'Bei den anderen Zeilen steht, wie sehr sie sich von dieser unterscheiden.',
  'Draw this run on the timeline too': 'Diesen Lauf auch auf der Zeitachse zeichnen',
  'Draw this run’s scores beside those of the run on screen, up to five runs in all.':
    'Die Scores dieses Laufs neben denen des angezeigten zeichnen, insgesamt bis zu fünf Läufe.',
  'Put this run on screen: its settings, losses, scores and threshold':
    'Diesen Lauf anzeigen: seine Einstellungen, Verluste, Scores und Schwelle',
  'fork at {n}': 'Abzweig bei {n}',
  'with steps in part': 'mit Teilschritten',
  'Note on this run': 'Notiz zu diesem Lauf',
  'What you want to remember of this run; it is kept with it.':
    'Was du dir zu diesem Lauf merken willst; es wird mit ihm behalten.',
  'Save this run with its scores and figures as one file, which opens to the same numbers anywhere':
    'Diesen Lauf mit Scores und Kennzahlen als eine Datei speichern, die überall dieselben Zahlen ergibt',
  'Save this run': 'Diesen Lauf speichern',
  'Save the weights alone, with the names of the official state dict':
    'Nur die Gewichte speichern, mit den Namen des offiziellen State-Dict',
  'Save the weights': 'Die Gewichte speichern',
  'Delete this run': 'Diesen Lauf löschen',

  // Columns of the runs
  'Over all frames of the annotated test videos.': 'Über alle Bilder der annotierten Testvideos.',
  'Of one score a test video against its label.': 'Über einen Score je Testvideo, gegen sein Label.',
  Bags: 'Bags',
  Device: 'Gerät',
  val: 'zurückgehalten',
};
