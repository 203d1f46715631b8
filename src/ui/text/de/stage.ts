/** The stage: the video, one's guess and the truth, what is watched live, and the figures that come of it. */
import type { Table } from '../text.svelte.ts';

export const stage: Table = {
  Stage: 'Bühne',
  frame: 'Bild',
  snippet: 'Snippet',
  score: 'Score',
  'no picture: the file is damaged here': 'kein Bild: Die Datei ist hier beschädigt',
  'Hide truth': 'Wahrheit verbergen',
  'See weak supervision learn': 'Sieh schwacher Aufsicht beim Lernen zu',
  'Drop surveillance videos. Say of each one only “normal” or “contains an anomaly”. Press Play, and watch a small head find out':
    'Zieh Überwachungsvideos hierher. Sag von jedem nur „normal“ oder „enthält eine Anomalie“. Drücke Start und sieh zu, wie ein kleiner Kopf herausfindet,',
  when: 'wann',
  'Nothing leaves this machine: no upload, no account, no server that computes for you.':
    'Nichts verlässt dieses Gerät: kein Hochladen, kein Konto, kein Server, der für dich rechnet.',

  // Picture
  '{name}, frame {n} of {total}': '{name}, Bild {n} von {total}',
  'Play or pause ( Space )': 'Abspielen oder anhalten ( Leertaste )',
  'Pause the video': 'Video anhalten',
  'Play the video': 'Video abspielen',
  'This browser cannot play the file; single frames are shown.':
    'Dieser Browser kann die Datei nicht abspielen; gezeigt werden einzelne Bilder.',
  'Features only: there is no picture to show.': 'Nur Merkmale: Es gibt kein Bild zu zeigen.',
  'This browser keeps no copy of': 'In diesem Browser liegt keine Kopie von',
  'Drop the file again to watch it; its label, features and scores are here.':
    'Zieh die Datei noch einmal hierher, um sie anzusehen; ihr Label, ihre Merkmale und Scores sind da.',
  'What {backbone} would call these 16 frames in the words it was trained with; no head uses it.':
    'Wie {backbone} diese 16 Bilder nennen würde, in den Worten, mit denen es trainiert wurde; kein Kopf benutzt das.',
  'The backbone sees': 'Das Backbone sieht',
  nothing: 'nichts',
  '(the names of its classes can be added under “Backbone”)':
    '(die Namen seiner Klassen lassen sich unter „Backbone“ hinzufügen)',
  'Scoring {n} new video with this run': '{n} neues Video wird bewertet',
  'Scoring {n} new videos with this run': '{n} neue Videos werden bewertet',
  'Score {n} new video with this run': '{n} neues Video mit diesem Lauf bewerten',
  'Score {n} new videos with this run': '{n} neue Videos mit diesem Lauf bewerten',

  // Guess
  'Your guess': 'Dein Tipp',
  You: 'Du',
  'Your mark, frames {from}–{to}': 'Deine Markierung, Bilder {from}–{to}',
  'Go to this mark; its ends move with [ and ] then':
    'Zu dieser Markierung gehen; ihre Enden bewegen sich dann mit [ und ]',
  'Your marks become the truth of this video, which figures then count.':
    'Deine Markierungen werden die Wahrheit dieses Videos, die in die Kennzahlen eingeht.',
  'Keep as truth …': 'Als Wahrheit behalten …',
  'Keep as truth': 'Als Wahrheit behalten',
  'Replace the truth of {name}?': 'Die Wahrheit von {name} ersetzen?',
  'The truth of {name}': 'Die Wahrheit von {name}',
  'It has a truth already, and your marks would take its place; Undo brings it back.':
    'Es hat schon eine Wahrheit, und deine Markierungen würden sie ersetzen; „Rückgängig“ bringt sie zurück.',
  'Figures count it from then on; training never sees it.':
    'Sie geht von da an in die Kennzahlen ein; das Training sieht sie nie.',
  'Name the class of anomaly, if you like:': 'Nenne die Klasse der Anomalie, wenn du magst:',
  'Replace the truth': 'Wahrheit ersetzen',
  'Marked with the truth in sight: it does not count.':
    'Mit der Wahrheit vor Augen markiert: Das zählt nicht.',
  'Changed with the truth in sight: what you said first counts.':
    'Mit der Wahrheit vor Augen geändert: Es zählt, was du zuerst gesagt hast.',
  'Begun at frame {n}: go to where it ends and press ].':
    'Begonnen bei Bild {n}: Geh dahin, wo es endet, und drücke ].',
  'You saw the truth before you marked anything.':
    'Du hast die Wahrheit gesehen, bevor du etwas markiert hast.',
  'Mark where you think it happens, then reveal.':
    'Markiere, wo es deiner Meinung nach geschieht, dann deck auf.',
  'You say that nothing unusual happens.': 'Du sagst, dass nichts Auffälliges geschieht.',
  'Reveal to see how you did.': 'Deck auf, um zu sehen, wie gut du warst.',
  'Its truth is not told.': 'Seine Wahrheit ist nicht bekannt.',
  'Your marks are the truth of {name} now.': 'Deine Markierungen sind jetzt die Wahrheit von {name}.',
  'mark frames {frames}': 'Bilder {frames} markieren',
  'mark frames {frames} instead': 'stattdessen Bilder {frames} markieren',
  'remove the mark {frames}': 'Markierung {frames} entfernen',
  'take "nothing unusual" back': '„nichts Auffälliges“ zurücknehmen',
  'say "nothing unusual"': '„nichts Auffälliges“ sagen',
  'keep marks as truth: {name}': 'Markierungen als Wahrheit behalten: {name}',

  // Reveal
  'You, the head and the truth': 'Du, der Kopf und die Wahrheit',
  Who: 'Wer',
  Says: 'Sagt',
  'Found: what is marked and the truth overlap by an IoU of at least {share}.':
    'Gefunden: Markierung und Wahrheit überlappen mit einer IoU von mindestens {share}.',
  'Area under the ROC curve over the frames of this video; only scores have one.':
    'Fläche unter der ROC-Kurve über die Bilder dieses Videos; nur Scores haben eine.',
  'The truth of this video is what you marked, so it does not judge you.':
    'Die Wahrheit dieses Videos ist, was du markiert hast, also urteilt sie nicht über dich.',
  'So far you {you}; the head {head}.': 'Bisher hast du {you}; der Kopf hat {head}.',
  'So far you {you}.': 'Bisher hast du {you}.',
  'found {n} of {total} anomalies': '{n} von {total} Anomalien gefunden',
  'left {n} of {total} normal videos alone': '{n} von {total} normalen Videos in Ruhe gelassen',
  and: 'und',
  'Nobody has told the truth of this video. Keep your marks as its truth, and figures count them.':
    'Niemand hat die Wahrheit dieses Videos gesagt. Behalte deine Markierungen als Wahrheit, dann gehen sie in die Kennzahlen ein.',
  found: 'gefunden',
  missed: 'verpasst',
  'right: nothing there': 'richtig: Da ist nichts',
  'false alarm': 'Fehlalarm',
  '{n} mark': '{n} Markierung',
  '{n} marks': '{n} Markierungen',
  '{n} alarm': '{n} Alarm',
  '{n} alarms': '{n} Alarme',
  '{n} interval': '{n} Intervall',
  '{n} intervals': '{n} Intervalle',
  Truth: 'Wahrheit',
  'nothing unusual': 'nichts Auffälliges',
  Precision: 'Precision',
  'Of the frames marked, the share that is anomalous.':
    'Von den markierten Bildern der Anteil, der anomal ist.',
  Recall: 'Recall',
  'Of the anomalous frames, the share that is marked.':
    'Von den anomalen Bildern der Anteil, der markiert ist.',
  'The harmonic mean of precision and recall, over frames.':
    'Das harmonische Mittel von Precision und Recall, über Bilder.',
  'Frames that are both, over frames that are either.':
    'Bilder, die beides sind, geteilt durch Bilder, die eins von beiden sind.',
  'Revealed.': 'Aufgedeckt.',

  // What labels cost
  'The head was told {weakBits} bits, {weakTime} of work; a label for every frame is {frameBits} bits, {frameTime}':
    'Dem Kopf wurden {weakBits} Bits gesagt, {weakTime} Arbeit; ein Label für jedes Bild sind {frameBits} Bits, {frameTime}',
  '(at {label} s a video, {interval} s an interval).': '(bei {label} s je Video, {interval} s je Intervall).',
  'What the labels cost': 'Was die Labels kosten',
  Labels: 'Labels',
  Bits: 'Bits',
  Time: 'Zeit',
  'What the head on screen was told: of each training video whether it contains an anomaly.':
    'Was dem angezeigten Kopf gesagt wurde: von jedem Trainingsvideo, ob es eine Anomalie enthält.',
  'Weak, as the head had them': 'Schwach, wie der Kopf sie hatte',
  'What full supervision would have told it: of every frame of the same videos whether it is anomalous.':
    'Was volle Aufsicht ihm gesagt hätte: von jedem Bild derselben Videos, ob es anomal ist.',
  'Every frame of the same {n} videos': 'Jedes Bild derselben {n} Videos',
  'Your own time on this video, from the first mark to the reveal; gaps of more than {n} s are left out.':
    'Deine eigene Zeit für dieses Video, von der ersten Markierung bis zum Aufdecken; Pausen von mehr als {n} s zählen nicht.',
  'Your marks in this video': 'Deine Markierungen in diesem Video',
  '{time}, measured': '{time}, gemessen',
  'Assumed, beyond watching each video once and with one interval in each anomalous one:':
    'Angenommen, über einmaliges Ansehen jedes Videos hinaus und mit einem Intervall in jedem anomalen:',
  'You took {time} an interval.': 'Du hast {time} je Intervall gebraucht.',
  's to label a video': 's, um ein Video zu labeln',
  'Seconds to decide whether a video contains an anomaly, beyond watching it.':
    'Sekunden, um zu entscheiden, ob ein Video eine Anomalie enthält, über das Ansehen hinaus.',
  's to mark an interval': 's, um ein Intervall zu markieren',
  'Seconds to find where an interval starts and ends, beyond watching the video.':
    'Sekunden, um zu finden, wo ein Intervall beginnt und endet, über das Ansehen hinaus.',

  // Live
  Live: 'Live',
  'The picture stays on this machine; nothing of it is kept.':
    'Das Bild bleibt auf diesem Gerät; nichts davon wird behalten.',
  'The camera was disconnected.': 'Die Kamera wurde getrennt.',
  'Simulated here, frame by frame: set an event off and see what the head makes of it.':
    'Hier simuliert, Bild für Bild: Löse ein Ereignis aus und sieh, was der Kopf daraus macht.',
  'Picture of the camera': 'Bild der Kamera',
  'Picture of the street': 'Bild der Straße',
  'Let go of the camera and go back to the stage.': 'Die Kamera loslassen und zur Bühne zurückkehren.',
  'Let go of the street and go back to the stage.': 'Die Straße verlassen und zur Bühne zurückkehren.',
  Stop: 'Beenden',
  Alarm: 'Alarm',
  'Alarm.': 'Alarm.',
  'How anomalous the latest 16 frames are, by the run on screen.':
    'Wie anomal die letzten 16 Bilder sind, nach dem angezeigten Lauf.',
  latency: 'Verzögerung',
  'From the last frame of a snippet to its score.': 'Vom letzten Bild eines Snippets bis zu seinem Score.',
  camera: 'Kamera',
  street: 'Straße',
  'Frames that the camera shows in a second.': 'Bilder, die die Kamera in einer Sekunde zeigt.',
  'Frames that the street shows in a second.': 'Bilder, die die Straße in einer Sekunde zeigt.',
  dropped: 'ausgelassen',
  'Frames that came while the backbone or the page was still at work on others; they are left out.':
    'Bilder, die kamen, während Backbone oder Seite noch mit anderen beschäftigt waren; sie werden ausgelassen.',
  magnitude: 'Betrag',
  "Length of the latest snippet's feature.": 'Länge des Merkmals des letzten Snippets.',
  'seen by': 'gesehen von',
  'What looks at the picture, and the run that scores it.':
    'Was das Bild ansieht, und der Lauf, der es bewertet.',
  'No head has been trained yet: train one on videos of this camera, and it will score here.':
    'Noch ist kein Kopf trainiert: Trainiere einen mit Videos dieser Kamera, dann bewertet er hier.',
  '{head} reads feature maps, which a live picture has not: choose a run of another head.':
    '{head} liest Merkmalskarten, die ein Live-Bild nicht hat: Wähle einen Lauf eines anderen Kopfes.',
  '{head} reads tubes, which a live picture has not: choose a run of another head.':
    '{head} liest Tubes, die ein Live-Bild nicht hat: Wähle einen Lauf eines anderen Kopfes.',

  // Figures
  Evidence: 'Belege',
  Taller: 'Höher',
  'Gives this panel more of the height of the page, and the stage less.':
    'Gibt diesem Bereich mehr von der Höhe der Seite und der Bühne weniger.',
  'Train a head, and its scores are judged here.':
    'Trainiere einen Kopf, und seine Scores werden hier beurteilt.',
  'Frame AUC': 'Bild-AUC',
  'Area under the ROC curve over all frames of the annotated test videos.':
    'Fläche unter der ROC-Kurve über alle Bilder der annotierten Testvideos.',
  'Video AUC': 'Video-AUC',
  'Area under the ROC curve of the highest score of each test video against its label.':
    'Fläche unter der ROC-Kurve des höchsten Scores jedes Testvideos gegen sein Label.',
  AP: 'AP',
  'Average precision over the same frames.': 'Mittlere Precision (average precision) über dieselben Bilder.',
  'Anomalous videos': 'Anomale Videos',
  'Frame AUC within the anomalous videos only.': 'Bild-AUC nur innerhalb der anomalen Videos.',
  MIoU: 'MIoU',
  'Mean S_loc of the anomalous test videos with boxes: how far the highest-scoring tube overlaps with the annotated boxes (Eq. 10 of Wu et al. 2021).':
    'Mittleres S_loc der anomalen Testvideos mit Boxen: wie weit die Tube mit dem höchsten Score die annotierten Boxen überdeckt (Gl. 10 von Wu et al. 2021).',
  'Share of those videos whose S_loc (Eq. 10) is larger than {overlap}.':
    'Anteil dieser Videos, deren S_loc (Gl. 10) größer als {overlap} ist.',
  'False alarms an hour': 'Fehlalarme pro Stunde',
  'Alarms at the threshold that touch no anomalous frame.':
    'Alarme an der Schwelle, die kein anomales Bild berühren.',
  'Over {n} test video, {frames} annotated frames;': 'Über {n} Testvideo, {frames} annotierte Bilder;',
  'Over {n} test videos, {frames} annotated frames;': 'Über {n} Testvideos, {frames} annotierte Bilder;',
  'each segment’s score holds for the frames that it was made of':
    'der Score jedes Segments gilt für die Bilder, aus denen es gemacht ist',
  'each snippet’s score holds for its 16 frames': 'der Score jedes Snippets gilt für seine 16 Bilder',
  'Frame figures need truth: drop a truth file, or use made videos.':
    'Kennzahlen über Bilder brauchen Wahrheit: Zieh eine Wahrheitsdatei hierher oder nimm erzeugte Videos.',
  'Figures over the test part come when training is done or paused.':
    'Kennzahlen auf dem Testteil kommen, wenn das Training fertig oder angehalten ist.',
  'Move some labelled videos to the test part: figures over videos that the head learned from say little.':
    'Verschieb einige gelabelte Videos in den Testteil: Kennzahlen über Videos, aus denen der Kopf gelernt hat, sagen wenig.',
  'Highest score of each video': 'Höchster Score jedes Videos',
  Video: 'Video',
  Part: 'Teil',
  Label: 'Label',
  'Put this video on stage': 'Dieses Video auf die Bühne holen',
};
