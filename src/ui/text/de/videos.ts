/** The list of videos, where they come from, and the backbone that looks at them. */
import type { Table } from '../text.svelte.ts';

export const videos: Table = {
  // Adding
  Videos: 'Videos',
  'Take in every file of a folder, and of the folders in it.':
    'Alle Dateien eines Ordners aufnehmen, auch die der Ordner darin.',
  'Folder …': 'Ordner …',
  'Choose files, or drop them anywhere on the page; they stay on this machine.':
    'Wähle Dateien oder zieh sie irgendwo auf die Seite; sie bleiben auf diesem Gerät.',
  'Drop videos': 'Videos ablegen',
  'or choose files': 'oder auswählen',
  'MP4, MOV, MKV, WebM, or a folder of features; they stay here':
    'MP4, MOV, MKV, WebM, Merkmalsordner; alles bleibt hier',
  'Looking through files {done} of {total}': 'Dateien werden durchgesehen, {done} von {total}',
  'Importing {done} of {total}': 'Import, {done} von {total}',
  'Ends the import where it stands; what is stored stays, and the same files later go on from there.':
    'Beendet den Import, wo er steht; was gespeichert ist, bleibt, und mit denselben Dateien geht es später dort weiter.',
  'Cancel the import': 'Import abbrechen',
  'A large import waits: see “Import” below.': 'Ein großer Import wartet: siehe „Import“ unten.',
  'Drawing video {n} of {total}': 'Video {n} von {total} wird gezeichnet',
  'No videos at hand?': 'Keine Videos zur Hand?',
  'Draw a street for me': 'Zeichne mir eine Straße',
  'Eighty short drawn videos, half of them with something that does not belong, labelled and split.':
    'Achtzig kurze gezeichnete Videos, die Hälfte davon mit etwas, das nicht hineingehört, gelabelt und aufgeteilt.',
  'Reading {name}, {n} of {total}': '{name} wird gelesen, {n} von {total}',
  'Stop here; what was taken in so far stays.': 'Hier aufhören; was bisher aufgenommen ist, bleibt.',
  Reading: 'Gelesen wird',
  'and {n} more': 'und {n} weitere',
  Planning: 'Planung',
  'Filming {n} of {total}': 'Film {n} von {total}',
  '{n} video of the street are in the list.': '{n} Video der Straße ist in der Liste.',
  '{n} videos of the street are in the list.': '{n} Videos der Straße sind in der Liste.',
  '{name} is in the list of runs.': '{name} ist in der Liste der Läufe.',
  '{name} is in the list of runs, with its threshold of {threshold}.':
    '{name} ist in der Liste der Läufe, mit seiner Schwelle von {threshold}.',
  '{name}: {n} videos labelled.': '{name}: {n} Videos gelabelt.',
  '{name}: {n} videos given their truth.': '{name}: {n} Videos haben ihre Wahrheit.',
  '{name}: {n} videos given their boxes.': '{name}: {n} Videos haben ihre Boxen.',

  // The list
  Train: 'Training',
  Test: 'Test',
  train: 'Training',
  test: 'Test',
  '{n} video': '{n} Video',
  '{n} videos': '{n} Videos',
  'Unlabelled to test': 'Ohne Label zum Test',
  'Move some videos here to see how the head does on what it has not seen.':
    'Verschieb einige Videos hierher, um zu sehen, wie der Kopf mit Ungesehenem zurechtkommt.',
  'None.': 'Keine.',
  '{n} frames': '{n} Bilder',
  starting: 'beginnt',
  failed: 'fehlgeschlagen',
  features: 'Merkmale',
  'features cached': 'Merkmale liegen bereit',
  'Drawn by the step that is shown': 'Vom gezeigten Schritt gezogen',
  drawn: 'dabei',
  max: 'max',
  'Highest score': 'Höchster Score',
  normal: 'normal',
  'Normal: nothing unusual happens': 'Normal: Es geschieht nichts Auffälliges',
  anomalous: 'anomal',
  'Anomalous: something unusual happens, somewhere': 'Anomal: Irgendwo geschieht etwas Auffälliges',
  'Label of {name}': 'Label von {name}',
  'More for {name}': 'Mehr zu {name}',
  More: 'Mehr',
  'Move to test': 'Zum Test verschieben',
  'Move to train': 'Zum Training verschieben',
  'Rename …': 'Umbenennen …',
  Remove: 'Entfernen',
  'No copy is kept in this browser.': 'In diesem Browser liegt keine Kopie.',
  'Rename the video': 'Video umbenennen',
  'Removed {name}.': '{name} ist entfernt.',
  'One camera': 'Eine Kamera',
  '{n} cameras': '{n} Kameras',
  'on both sides: figures over the test part are too good.':
    'auf beiden Seiten: Die Kennzahlen auf dem Testteil sind zu gut.',
  'By their names, these are of one place. A head that saw it in training knows its background.':
    'Den Namen nach sind diese vom selben Ort. Ein Kopf, der ihn im Training sah, kennt seinen Hintergrund.',
  'train {train}, test {test}': 'Training {train}, Test {test}',
  'Moves videos so that each camera stands on one side, with about as many test videos as now. It can be undone.':
    'Verschiebt Videos so, dass jede Kamera auf einer Seite steht, mit etwa so vielen Testvideos wie jetzt. Es lässt sich rückgängig machen.',
  'Split by camera, moving {videos}': 'Nach Kamera aufteilen, {videos} verschieben',

  // What can be taken back
  'label {label}': 'Label {label}',
  'remove the label': 'Label entfernen',
  'move to {part}': 'Verschieben nach {part}',
  rename: 'Umbenennen',
  'remove {subject}': '{subject} entfernen',

  // Extracting
  'Extracting {n} of {total}': 'Extrahiert wird {n} von {total}',
  '{n} frames/s': '{n} Bilder/s',
  paused: 'angehalten',
  '{time} left': 'noch {time}',
  Resume: 'Weiter',
  Pause: 'Pause',
  'Extract features of {n}': 'Merkmale von {n} extrahieren',
  'All features are cached': 'Alle Merkmale liegen bereit',
  'Features of {n} videos are ready.': 'Die Merkmale von {n} Videos sind fertig.',

  // Backbone
  'The video network that features come from, how it looks, and others that can be brought in.':
    'Das Videonetz, aus dem die Merkmale kommen, wie es hinsieht, und andere, die sich hinzufügen lassen.',
  Backbone: 'Backbone',
  'best there is': 'bestes vorhandenes',
  'plain JavaScript': 'reines JavaScript',
  'Frames per second shown to the backbone; 0 for the rate it was made for.':
    'Bilder pro Sekunde, die das Backbone sieht; 0 für die Rate, für die es gemacht ist.',
  'Frames per second': 'Bilder pro Sekunde',
  'Centre; corners and centre; these and the same mirrored. More crops cost as much more time.':
    'Mitte; Ecken und Mitte; diese und dasselbe gespiegelt. Mehr Ausschnitte kosten entsprechend mehr Zeit.',
  'Crops of a frame': 'Ausschnitte je Bild',
  'Computed with': 'Gerechnet mit',
  'The backend is chosen when the page starts; reload to change it.':
    'Womit gerechnet wird, entscheidet sich beim Start der Seite; lade sie neu, um es zu ändern.',
  'Untrained eyes:': 'Untrainierte Augen:',
  'features come from random weights.': 'Die Merkmale kommen aus zufälligen Gewichten.',
  'Random weights tell motion and texture apart and know nothing else, so figures are modest. They are here to be compared with: choose a trained backbone above.':
    'Zufällige Gewichte unterscheiden Bewegung und Textur und wissen sonst nichts, daher sind die Kennzahlen bescheiden. Sie sind zum Vergleichen da: Wähle oben ein trainiertes Backbone.',
  'in use': 'in Gebrauch',
  'not installed': 'nicht installiert',
  'names what it sees by {n} classes': 'benennt, was es sieht, mit {n} Klassen',
  'A text file with a line for each of the {n} classes, in their order.':
    'Eine Textdatei mit einer Zeile für jede der {n} Klassen, in ihrer Reihenfolge.',
  'other names …': 'andere Namen …',
  'their names …': 'ihre Namen …',
  'Remove {name}': '{name} entfernen',
  'Remove from this browser; features stay': 'Aus diesem Browser entfernen; Merkmale bleiben',
  'Backbone file': 'Backbone-Datei',
  'Names of classes': 'Namen der Klassen',
  'Reading …': 'Wird gelesen …',
  'Add a backbone file…': 'Backbone-Datei hinzufügen …',
  'MoViNet-A0-Stream (safetensors, TFLite) or I3D (safetensors, PyTorch .pt with tensors only). The file stays in this browser.':
    'MoViNet-A0-Stream (safetensors, TFLite) oder I3D (safetensors, PyTorch-.pt nur mit Tensoren). Die Datei bleibt in diesem Browser.',
  '{name} is kept in this browser, and features come from it now.':
    '{name} liegt in diesem Browser, und die Merkmale kommen jetzt von dort.',
  'The classes have their names.': 'Die Klassen haben ihre Namen.',
};
