/** What it takes and what lies here: time, device, storage, what an import came to. */
import type { Table } from '../text.svelte.ts';

export const cost: Table = {
  // Cost
  'Time of extraction by stage': 'Zeit des Extrahierens nach Abschnitten',
  'Features of {n} video': 'Merkmale von {n} Video',
  'Features of {n} videos': 'Merkmale von {n} Videos',
  'A frame': 'Je Bild',
  'No features were extracted here yet: those that come from files cost nothing.':
    'Hier wurden noch keine Merkmale extrahiert: Die aus Dateien kosten nichts.',
  'The mean since training was last started.': 'Das Mittel, seit das Training zuletzt gestartet wurde.',
  'A step of training': 'Ein Trainingsschritt',
  'Programs that the graphics device runs for a step, or kernels of the library on other backends.':
    'Programme, die das Grafikgerät für einen Schritt ausführt, oder Kernel der Bibliothek auf anderen Backends.',
  'Dispatches of a step': 'Aufrufe je Schritt',
  'Share of the time of training that went by waiting for features to be read.':
    'Anteil der Trainingszeit, der mit Warten auf das Lesen von Merkmalen verging.',
  'Waiting for features': 'Warten auf Merkmale',
  Heads: 'Köpfe',
  Threads: 'Threads',
  'not started yet': 'noch nicht gestartet',
  'Bytes that tensors hold on the device; with wasm the most they ever held.':
    'Bytes, die Tensoren auf dem Gerät belegen; mit wasm das meiste, das sie je belegten.',
  'Memory of heads': 'Speicher der Köpfe',
  'Memory of the backbone': 'Speicher des Backbones',
  'Largest buffer': 'Größter Puffer',
  'A known picture was read back at the start. Features made from altered pixels are those of no other machine.':
    'Ein bekanntes Bild wurde beim Start zurückgelesen. Merkmale aus veränderten Pixeln sind die keines anderen Geräts.',
  'Pixels of frames': 'Pixel von Bildern',
  'The way that is left where a browser has no better one; protections against fingerprinting alter it first.':
    'Der Weg, der bleibt, wo ein Browser keinen besseren hat; Schutz gegen Fingerprinting verändert ihn zuerst.',
  'Pixels of a canvas': 'Pixel eines Canvas',
  Network: 'Netzwerk',
  'Requests to any server but the one that this page comes from, since it was loaded.':
    'Anfragen an andere Server als den, von dem diese Seite kommt, seit sie geladen ist.',
  'Requests to other servers': 'Anfragen an andere Server',
  'Files of the page itself; what the browser still had counts as nothing.':
    'Dateien der Seite selbst; was der Browser noch hatte, zählt als nichts.',
  'Files of this page': 'Dateien dieser Seite',
  'Puts versions, devices and figures into the clipboard, for a report; no video and no name of one.':
    'Legt Versionen, Geräte und Kennzahlen für einen Bericht in die Zwischenablage; weder ein Video noch den Namen eines Videos.',
  'Copy diagnostics': 'Diagnose kopieren',
  'Stored in this browser': 'In diesem Browser gespeichert',
  'altered by this browser': 'von diesem Browser verändert',
  'not offered by this browser': 'von diesem Browser nicht angeboten',
  'The diagnostics are in the clipboard. They hold no names and no labels.':
    'Die Diagnose liegt in der Zwischenablage. Sie enthält keine Namen und keine Labels.',
  'The browser does not allow copying here; the diagnostics are in its console.':
    'Der Browser erlaubt hier kein Kopieren; die Diagnose steht in seiner Konsole.',

  // Import
  'A large import waits': 'Ein großer Import wartet',
  'of numbers are to be stored. Pooled to segments they take less and train the same, as long as a head reads as many segments; snippets that are kept can be scored one by one.':
    'an Zahlen sind zu speichern. Zu Segmenten zusammengefasst brauchen sie weniger und trainieren ebenso, solange ein Kopf ebenso viele Segmente liest; Snippets, die bleiben, lassen sich einzeln bewerten.',
  'Longer videos become so many rows, each the mean of its snippets.':
    'Aus längeren Videos werden so viele Zeilen, jede das Mittel ihrer Snippets.',
  Rows: 'Zeilen',
  'keep every snippet': 'jedes Snippet behalten',
  '{n} segments': '{n} Segmente',
  'Half precision takes half the space; heads do not tell the difference.':
    'Halbe Genauigkeit braucht halb so viel Platz; Köpfe merken keinen Unterschied.',
  Numbers: 'Zahlen',
  'Stores the features as chosen; it can be cancelled and gone on with.':
    'Speichert die Merkmale wie gewählt; es lässt sich abbrechen und später fortsetzen.',
  'Stores nothing.': 'Speichert nichts.',
  'Leave it': 'Sein lassen',
  '{features} of {videos} videos have features, {train} to train and {test} to test; {anomalous} anomalous, {normal} normal{unlabelled}; {truths} with truth{boxes}.':
    '{features} von {videos} Videos haben Merkmale, {train} zum Trainieren und {test} zum Testen; {anomalous} anomal, {normal} normal{unlabelled}; {truths} mit Wahrheit{boxes}.',
  ', {n} with boxes': ', {n} mit Boxen',
  ', {n} without a label': ', {n} ohne Label',
  '{n} stored in {time} s': '{n} in {time} s gespeichert',
  ', of which {n} were here before': ', davon waren {n} schon da',
  'How long the {n} test videos are to the field’s codes: another choice is another figure.':
    'Wie lang die {n} Testvideos für die Programme des Felds sind: Eine andere Wahl ergibt andere Kennzahlen.',
  'Scores cut': 'Abgeschnittene Scores',
  'Scores held on': 'Fortgesetzte Scores',
  'Judge by {rule}': 'Nach {rule} beurteilen',
  'From now on every figure takes the test videos to be as long as that.':
    'Von nun an nimmt jede Kennzahl die Testvideos als so lang an.',
  'The table of all videos, as tab-separated text.': 'Die Tabelle aller Videos, als Text mit Tabulatoren.',
  'Save the report': 'Bericht speichern',
  'Videos of which nothing is missing and nothing disagrees are left out of the table.':
    'Videos, bei denen nichts fehlt und nichts sich widerspricht, bleiben aus der Tabelle weg.',
  '; lines that were not understood: {list}': '; nicht verstandene Zeilen: {list}',
  'Only the {n} video with something to say': 'Nur das {n} Video, zu dem etwas zu sagen ist',
  'Only the {n} videos with something to say': 'Nur die {n} Videos, zu denen etwas zu sagen ist',
  'Every video of the import': 'Jedes Video des Imports',
  'What is to be said': 'Was zu sagen ist',
  '{n} file': '{n} Datei',
  '{n} files': '{n} Dateien',
  '{n} more are in the saved report.': '{n} weitere stehen im gespeicherten Bericht.',
  'as small as is safe': 'so klein, wie es sicher ist',
  'half precision': 'halbe Genauigkeit',
  'single precision': 'einfache Genauigkeit',
  'as many as the video has: Sultani, WSAL': 'so viele, wie das Video hat: Sultani, WSAL',
  '16 ⌈F/16⌉: RTFM, MGFN, Watanabe': '16 ⌈F/16⌉: RTFM, MGFN und Watanabe',
  '16 ⌊F/16⌋: whole snippets only': '16 ⌊F/16⌋: nur ganze Snippets',
  '16 ⌊(F−1)/16⌋: DeepMIL, UR-DMU, PEL4VAD, XDVioDet': '16 ⌊(F−1)/16⌋: DeepMIL, UR-DMU, PEL4VAD und XDVioDet',
  '16 N: what repeating each score 16 times covers; VadCLIP':
    '16 N: was 16-faches Wiederholen jedes Scores abdeckt; VadCLIP',

  // Storage
  'What each project keeps in this browser': 'Was jedes Projekt in diesem Browser behält',
  'Copies of videos': 'Kopien der Videos',
  'Features that came from files: they cannot be made again here.':
    'Merkmale, die aus Dateien kamen: Sie können hier nicht noch einmal gemacht werden.',
  'From files': 'Aus Dateien',
  'Free copies of {name}': 'Kopien von {name} löschen',
  'Frees the space of the files; labels, features and runs stay, and a video is watched again once it is dropped again.':
    'Gibt den Platz der Dateien frei; Labels, Merkmale und Läufe bleiben, und ein Video ist wieder zu sehen, sobald man es noch einmal hierher zieht.',
  Free: 'Löschen',
  'Free features of {name}': 'Merkmale von {name} löschen',
  'Frees their space; they can be extracted again from the videos. Those that another project has as well stay.':
    'Gibt ihren Platz frei; sie lassen sich aus den Videos noch einmal extrahieren. Die, die auch ein anderes Projekt hat, bleiben.',
  'In all': 'Insgesamt',
  'With everything else': 'Mit allem anderen',
  'of the': 'von',
  ' that the browser allows': ', die der Browser erlaubt',
  'The browser has promised to keep it.': 'Der Browser hat versprochen, es zu behalten.',
  'The browser may clear this when space runs low: save the weights that matter to you.':
    'Der Browser kann das löschen, wenn der Platz knapp wird: Speichere die Gewichte, die dir wichtig sind.',

  // Stages
  Decode: 'Dekodieren',
  Pixels: 'Pixel',
};
