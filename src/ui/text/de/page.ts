/** The frame of the page: header, dialogs, help, notices. */
import type { Table } from '../text.svelte.ts';

export const page: Table = {
  // Header
  Project: 'Projekt',
  'Which project is open: each has its own videos, labels and runs, all kept in this browser.':
    'Welches Projekt offen ist: Jedes hat eigene Videos, Labels und Läufe, alle in diesem Browser.',
  'Rename this project': 'Dieses Projekt umbenennen',
  'New project': 'Neues Projekt',
  'Save this project as a file: labels, truths, features and runs, everything but the videos. Drop the file to open it again, anywhere.':
    'Dieses Projekt als Datei speichern: Labels, Wahrheiten, Merkmale und Läufe, alles außer den Videos. Zieh die Datei auf die Seite, um es wieder zu öffnen, wo du willst.',
  'Save this project': 'Dieses Projekt speichern',
  'Delete this project': 'Dieses Projekt löschen',
  'Undo: {what}': 'Rückgängig: {what}',
  'Requests to other servers since the page was loaded. Videos never leave this machine.':
    'Anfragen an andere Server, seit die Seite geladen ist. Videos verlassen dieses Gerät nie.',
  'requests elsewhere': 'externe Anfragen',
  'The tensor backend is starting.': 'Das Tensor-Backend startet.',
  'A link to what is on screen, to send, to show as a code, or to set a lesson with.':
    'Ein Link zu dem, was zu sehen ist: zum Verschicken, als Code zum Zeigen oder für den Unterricht.',
  'Keys and help ( / )': 'Tasten und Hilfe ( / )',
  Help: 'Hilfe',
  'The language of the page.': 'Die Sprache der Seite.',
  Language: 'Sprache',
  'This project is open in another tab, which is the one that may change it. You can look.':
    'Dieses Projekt ist in einem anderen Tab offen, und nur der darf es ändern. Ansehen kannst du es.',
  'Use it here': 'Hier benutzen',
  'Rename the project': 'Projekt umbenennen',
  Rename: 'Umbenennen',
  'Delete “{name}”?': '„{name}“ löschen?',
  'Its labels and runs are gone for good. Features stay until no other project uses them.':
    'Seine Labels und Läufe sind dann endgültig weg. Merkmale bleiben, bis kein anderes Projekt sie mehr benutzt.',
  Delete: 'Löschen',
  'starting …': 'startet …',
  '{backend}, {n} thread': '{backend}, {n} Thread',
  '{backend}, {n} threads': '{backend}, {n} Threads',
  Export: 'Export',
  'Save runs, scores, alarms, features or the whole project as files for other tools.':
    'Läufe, Scores, Alarme, Merkmale oder das ganze Projekt als Dateien für andere Werkzeuge speichern.',
  '{name} is saved.': '{name} ist gespeichert.',

  // Projects
  'First project': 'Erstes Projekt',
  'Project {n}': 'Projekt {n}',
  '{name} is open, with {n} videos.': '{name} ist offen, mit {n} Videos.',
  'Yours is a project of its own now; the exhibit stays in the list of projects.':
    'Deins ist jetzt ein eigenes Projekt; das Ausstellungsstück bleibt in der Liste der Projekte.',
  'Fetches the features of all 120 videos and a trained run of six heads, as a project of its own: to compare them, and to train on.':
    'Holt die Merkmale aller 120 Videos und je einen trainierten Lauf von sechs Köpfen als eigenes Projekt: zum Vergleichen und Weitertrainieren.',
  'Four streets that a small head (Feature magnitude (RTFM)) never saw. It learned from 96 others, of which it was told only “normal” or “contains an anomaly”. Its score is below the picture. Watch, decide when something happens, then reveal the truth.':
    'Vier Straßen, die ein kleiner Kopf (Feature magnitude (RTFM)) nie gesehen hat. Er lernte aus 96 anderen, von denen ihm nur „normal“ oder „enthält eine Anomalie“ gesagt wurde. Sein Score steht unter dem Bild. Sieh zu, entscheide, wann etwas geschieht, und deck dann die Wahrheit auf.',
  'Features of 120 simulated streets of 20 s, 96 of them to train on, and a trained run of every head that reads snippets. The heads were told one bit a video; what really happens is hidden until you reveal it.':
    'Merkmale von 120 simulierten Straßen zu je 20 s, 96 davon zum Trainieren, und ein trainierter Lauf jedes Kopfes, der Snippets liest. Den Köpfen wurde ein Bit pro Video gesagt; was wirklich geschieht, ist verborgen, bis du es aufdeckst.',
  'Opening …': 'Wird geöffnet …',
  'Open the whole dataset': 'Den ganzen Datensatz öffnen',
  'Close this note': 'Diesen Hinweis schließen',

  // Questions
  Cancel: 'Abbrechen',
  'How is {name} to be read?': 'Wie ist {name} zu lesen?',
  'Its shape, ({shape}), fits several readings.': 'Die Form, ({shape}), passt zu mehreren Lesarten.',
  'Files like it are read the same way.': 'Gleichartige Dateien werden ebenso gelesen.',
  'Read it so': 'So lesen',
  'Leave it out': 'Auslassen',
  'The first is the likeliest.': 'Die erste ist die wahrscheinlichste.',
  'Read it as {reading}.': 'Als {reading} lesen.',
  'Leave this file out and go on.': 'Diese Datei auslassen und weitermachen.',
  'Read it this way, and all files like it.': 'Diese und alle gleichartigen Dateien so lesen.',

  // Notices
  Notices: 'Meldungen',
  'Close the notices that are not shown': 'Die Meldungen schließen, die nicht zu sehen sind',
  'Dismiss {n} more': '{n} weitere schließen',
  'Close this notice': 'Diese Meldung schließen',
  Dismiss: 'Schließen',
  Failed: 'Fehlgeschlagen',
  Warning: 'Warnung',
  Done: 'Fertig',
  'Weaklens cannot start': 'Weaklens kann nicht starten',
  'A new version of Weaklens is here.': 'Eine neue Version von Weaklens ist da.',
  Reload: 'Neu laden',
  'Something is running: pause it first, then reload.':
    'Es läuft noch etwas: Halte es erst an und lade dann neu.',
  'A newer version of Weaklens is open in another tab. Reload this one to go on here.':
    'In einem anderen Tab ist eine neuere Version von Weaklens offen. Lade diesen neu, um hier weiterzumachen.',
  'The browser removed the data of this site. What is on the page is still here: export what you need.':
    'Der Browser hat die Daten dieser Seite entfernt. Was zu sehen ist, ist noch da: Exportiere, was du brauchst.',
  undefined: 'nicht bestimmt',

  // Help
  'How it works': 'So geht es',
  'Drop videos.': 'Videos hierher ziehen.',
  'They are read on this machine and never leave it.':
    'Sie werden auf diesem Gerät gelesen und verlassen es nie.',
  'Say of each one': 'Von jedem nur sagen,',
  'only “normal” or “anomalous”: one bit per video, never where or when.':
    'ob es „normal“ oder „anomal“ ist: ein Bit pro Video, nie wo oder wann.',
  'Extract features.': 'Merkmale extrahieren.',
  'A video network looks at every video once; what it saw is kept.':
    'Ein Videonetz sieht jedes Video einmal an; was es sah, wird behalten.',
  'Press Play.': 'Start drücken.',
  'A small head learns from the labels, and scores every moment of every video.':
    'Ein kleiner Kopf lernt aus den Labels und bewertet jeden Moment jedes Videos.',
  'Lists of labels (`name 0|1` a line), truth files (`name class frames start end`) and feature arrays (`.npy`) can be dropped too.':
    'Auch Listen von Labels (`name 0|1` je Zeile), Wahrheitsdateien (`name class frames start end`) und Merkmals-Arrays (`.npy`) können auf die Seite gezogen werden.',
  Close: 'Schließen',
  'Ctrl Z': 'Strg Z',
  'Delete~key': 'Entf',
  'Backspace~key': 'Rücktaste',
};
