/** What stands in lists: the tabs of the evidence, what can be saved, what a link can leave out. */
import type { Table } from '../text.svelte.ts';

export const lists: Table = {
  // Tabs of the evidence
  Figures: 'Kennzahlen',
  'What the run on screen is worth over the test part.': 'Was der angezeigte Lauf auf dem Testteil wert ist.',
  Curve: 'Kurve',
  'ROC and precision-recall, the operating point, and the alarms that are false or missing.':
    'ROC und Precision-Recall, der Arbeitspunkt und die Alarme, die falsch sind oder fehlen.',
  Protocol: 'Protokoll',
  'The same scores, judged as other papers judge them: what each choice does to the figure.':
    'Dieselben Scores, beurteilt wie in anderen Arbeiten: was jede Wahl mit der Kennzahl macht.',
  Attention: 'Aufmerksamkeit',
  'What the head looks at, from the first step of the run to the last.':
    'Worauf der Kopf achtet, vom ersten Schritt des Laufs bis zum letzten.',
  Provenance: 'Herkunft',
  'How the score under the cursor came about, back to the frames.':
    'Wie der Score unter dem Cursor zustande kam, zurück bis zu den Bildern.',
  Space: 'Raum',
  'Every segment as a point, before and after the head, and how long bags’ features are.':
    'Jedes Segment als Punkt, vor und nach dem Kopf, und wie lang die Merkmale der Bags sind.',
  Bag: 'Bag',
  'A bag of your own making: its scores, what speaks for it and what the loss makes of it.':
    'Eine selbst zusammengestellte Bag: ihre Scores, was für sie spricht und was der Verlust aus ihr macht.',
  Runs: 'Läufe',
  'Every run of this project, to draw, to keep or to delete.':
    'Jeder Lauf dieses Projekts, zum Zeichnen, Behalten oder Löschen.',
  Experiments: 'Experimente',
  'The papers’ tables over this project: a queue of runs that goes on by itself.':
    'Die Tabellen der Arbeiten über diesem Projekt: eine Reihe von Läufen, die von selbst weitergeht.',
  Import: 'Import',
  'What the latest folder of features came to, video by video.':
    'Was aus dem letzten Ordner mit Merkmalen geworden ist, Video für Video.',
  Cost: 'Aufwand',
  'Time by stage, what computes, what lies in this browser and can be freed.':
    'Zeit nach Abschnitten, was rechnet, was in diesem Browser liegt und gelöscht werden kann.',

  // What can be saved
  Run: 'Lauf',
  'Everything (.zip)': 'Alles (.zip)',
  'The run on screen with settings, seed, weights, scores and figures; dropped on any Weaklens page it opens to the same numbers.':
    'Der angezeigte Lauf mit Einstellungen, Startwert, Gewichten, Scores und Kennzahlen; auf irgendeine Weaklens-Seite gezogen ergibt er dieselben Zahlen.',
  'Weights (.safetensors)': 'Gewichte (.safetensors)',
  'The weights of the run on screen, with the names of the official state dict.':
    'Die Gewichte des angezeigten Laufs, mit den Namen des offiziellen State-Dict.',
  'Head (.onnx)': 'Kopf (.onnx)',
  'The head of the run on screen as a graph from features to scores, for ONNX Runtime and others.':
    'Der Kopf des angezeigten Laufs als Graph von Merkmalen zu Scores, für ONNX Runtime und andere.',
  'Backbone and head (.onnx)': 'Backbone und Kopf (.onnx)',
  'Both as one graph from pictures to scores, for ONNX Runtime and others; the file itself says how it is fed.':
    'Beide als ein Graph von Bildern zu Scores, für ONNX Runtime und andere; wie er gefüttert wird, sagt die Datei selbst.',
  'The backbone that made the features of this run is not here.':
    'Das Backbone, das die Merkmale dieses Laufs gemacht hat, ist nicht hier.',
  Scores: 'Scores',
  'Scores (.csv)': 'Scores (.csv)',
  'A line per snippet: video, label, snippet, score, and a column per class.':
    'Eine Zeile pro Snippet: Video, Label, Snippet, Score und eine Spalte pro Klasse.',
  'Scores (.json)': 'Scores (.json)',
  'The scores of every video as one file, which `lab evaluate` reads.':
    'Die Scores aller Videos in einer Datei, die `lab evaluate` liest.',
  Alarms: 'Alarme',
  'Alarms (.csv)': 'Alarme (.csv)',
  'A line per alarm at the threshold: frames, seconds, highest score.':
    'Eine Zeile pro Alarm an der Schwelle: Bilder, Sekunden, höchster Score.',
  'Alarms for VIA (.json)': 'Alarme für VIA (.json)',
  'A project of the VGG Image Annotator 3 with the alarms as stretches of time.':
    'Ein Projekt des VGG Image Annotator 3 mit den Alarmen als Zeitabschnitten.',
  'Alarms for CVAT (.xml)': 'Alarme für CVAT (.xml)',
  'Tracks that CVAT reads (“CVAT for video 1.1”), a file for each video.':
    'Spuren, die CVAT liest („CVAT for video 1.1“), eine Datei für jedes Video.',
  Features: 'Merkmale',
  'Features (.npy)': 'Merkmale (.npy)',
  'The features of every video as NumPy arrays [snippets, D], each with its notes, in a zip.':
    'Die Merkmale aller Videos als NumPy-Arrays [Snippets, D], jedes mit seinen Angaben, in einem Zip.',
  'Project (.weaklens)': 'Projekt (.weaklens)',
  'Labels, truths, features and runs, everything but the videos, as one file.':
    'Labels, Wahrheiten, Merkmale und Läufe, alles außer den Videos, in einer Datei.',
  'Train a head first, or open a saved run.':
    'Trainiere erst einen Kopf oder öffne einen gespeicherten Lauf.',
  'Score the videos first.': 'Bewerte erst die Videos.',
  'This head reads more than a feature for each snippet.':
    'Dieser Kopf liest mehr als ein Merkmal pro Snippet.',
  'Extract or add features first.': 'Extrahiere erst Merkmale oder füge welche hinzu.',

  // What a link can leave out
  Page: 'Seite',
  'Choosing, making, saving and deleting projects': 'Projekte wählen, anlegen, speichern und löschen',
  'Adding files': 'Dateien hinzufügen',
  'Moving, renaming and removing videos': 'Videos verschieben, umbenennen und entfernen',
  'Threshold on the timeline': 'Schwelle auf der Zeitachse',
  'Backbone and device': 'Backbone und Gerät',
  'Choice of head': 'Wahl des Kopfes',
  'Settings all at once': 'Einstellungen auf einmal',
  'Which step counts': 'Welcher Schritt zählt',

  // What a link says
  'the data': 'die Daten',
  'the training videos': 'die Trainingsvideos',
  'the head': 'der Kopf',
  'the protocol': 'das Protokoll',
  'the seed': 'der Startwert',
  'the steps': 'die Schritte',
  'the step that counts': 'der Schritt, der zählt',
  'the share that is held out': 'der Anteil, der zurückgehalten wird',
  'the threshold': 'die Schwelle',
  'the tab': 'der Reiter',
  'the video': 'das Video',
  'the frame': 'das Bild',
  'the zoom': 'der Zoom',
  'the language': 'die Sprache',
  'what is hidden': 'was ausgeblendet ist',
};
