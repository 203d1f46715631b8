/** Choosing a threshold: curves, the operating point, what alarms get wrong. */
import type { Table } from '../text.svelte.ts';

export const alarms: Table = {
  // Clips
  'Another clip is being made.': 'Es wird schon ein anderer Clip gemacht.',
  'Only the features of this video are here: there is no picture to export.':
    'Nur die Merkmale dieses Videos sind hier: Es gibt kein Bild zu exportieren.',
  'This browser keeps no copy of the video: drop it again to export from it.':
    'In diesem Browser liegt keine Kopie des Videos: Zieh es noch einmal hierher, um daraus zu exportieren.',
  'Nobody knows when these frames are shown.': 'Niemand weiß, wann diese Bilder gezeigt werden.',
  'This browser keeps no copy of the video any more: drop it again.':
    'In diesem Browser liegt keine Kopie des Videos mehr: Zieh es noch einmal hierher.',
  'No clip was saved.': 'Es wurde kein Clip gespeichert.',

  // Alarms
  'Alarms and misses to list': 'Alarme und Verpasstes zum Auflisten',
  'Saving {name}': '{name} wird gespeichert',
  'Choose what to list. The list tells what is true of the videos in it.':
    'Wähle, was aufgelistet werden soll. Die Liste verrät, was in den Videos wahr ist.',
  'None at this threshold.': 'Keine an dieser Schwelle.',
  'The clip is made of eighteen rows of pixels: nobody can be told in it.':
    'Der Clip besteht aus achtzehn Zeilen von Pixeln: Niemand ist darin zu erkennen.',
  'Blur the picture of clips': 'Bild der Clips unkenntlich machen',
  Length: 'Länge',
  Peak: 'Spitze',
  Clip: 'Clip',
  'Puts the video on stage, at frame {n}.': 'Holt das Video auf die Bühne, bei Bild {n}.',
  'Save a clip of {name}, frames {from} to {to}': 'Einen Clip von {name} speichern, Bilder {from} bis {to}',
  'Save these frames as a video file, without sound.': 'Diese Bilder als Videodatei ohne Ton speichern.',
  'Show more of {n}': 'Mehr von {n} zeigen',
  'false alarms': 'Fehlalarme',
  'false alarms at the threshold, those of the highest score first':
    'Fehlalarme an der Schwelle, die mit dem höchsten Score zuerst',
  'Lists the alarms that touch no anomalous frame; this tells where the truth is.':
    'Listet die Alarme auf, die kein anomales Bild berühren; das verrät, wo die Wahrheit ist.',
  'missed event': 'verpasstes Ereignis',
  'missed events': 'verpasste Ereignisse',
  'missed events at the threshold, those of the highest score first':
    'verpasste Ereignisse an der Schwelle, die mit dem höchsten Score zuerst',
  'Lists the true events that no alarm touches; this tells where the truth is.':
    'Listet die wahren Ereignisse auf, die kein Alarm berührt; das verrät, wo die Wahrheit ist.',
  'true alarm': 'richtiger Alarm',
  'true alarms': 'richtige Alarme',
  'true alarms at the threshold, those of the highest score first':
    'richtige Alarme an der Schwelle, die mit dem höchsten Score zuerst',
  'Lists the alarms that touch an anomalous frame; this tells where the truth is.':
    'Listet die Alarme auf, die ein anomales Bild berühren; das verrät, wo die Wahrheit ist.',
  'alarm not judged': 'nicht beurteilter Alarm',
  'alarms not judged': 'nicht beurteilte Alarme',
  'alarms not judged at the threshold, those of the highest score first':
    'nicht beurteilte Alarme an der Schwelle, die mit dem höchsten Score zuerst',
  'Lists the alarms of videos whose truth nobody has told, whichever part they are in.':
    'Listet die Alarme der Videos auf, deren Wahrheit niemand gesagt hat, in welchem Teil auch immer.',

  // Curve
  'No video of the train part has a score yet.': 'Noch kein Video des Trainingsteils hat einen Score.',
  'Train a head, and the thresholds of its scores are weighed here.':
    'Trainiere einen Kopf, dann werden hier die Schwellen seiner Scores abgewogen.',
  'Which curve': 'Welche Kurve',
  'Recall against the share of normal frames that are marked.':
    'Recall gegen den Anteil normaler Bilder, die markiert sind.',
  'Precision against recall: where anomalies are rare, it tells more.':
    'Precision gegen Recall: Wo Anomalien selten sind, sagt sie mehr.',
  'Precision-recall': 'Precision-Recall',
  'Whose frames are counted. A head has seen the train part: figures over it say little.':
    'Wessen Bilder gezählt werden. Den Trainingsteil hat ein Kopf gesehen: Kennzahlen darauf sagen wenig.',
  'over the': 'auf dem',
  'test part': 'Testteil',
  'train part': 'Trainingsteil',
  '{frames} annotated frames of {videos}': '{frames} annotierte Bilder von {videos}',
  Curves: 'Kurven',
  'Areas under the curves': 'Flächen unter den Kurven',
  'ROC-AUC': 'ROC-AUC',
  'Average precision': 'Mittlere Precision',
  ', mean ± standard deviation (n − 1)': ', Mittelwert ± Standardabweichung (n − 1)',
  'A curve needs frames of both kinds whose truth is known: drop a truth file, or use made videos.':
    'Eine Kurve braucht Bilder beider Arten, deren Wahrheit bekannt ist: Zieh eine Wahrheitsdatei hierher oder nimm erzeugte Videos.',
  'What the threshold does': 'Was die Schwelle tut',
  'False alarms that can be borne: the lowest threshold is sought that keeps within it.':
    'Erträgliche Fehlalarme: Gesucht wird die niedrigste Schwelle, die darin bleibt.',
  'At most': 'Höchstens',
  'an hour:': 'pro Stunde:',
  'nobody knows how long these videos are.': 'niemand weiß, wie lang diese Videos sind.',
  'at threshold': 'an der Schwelle',
  '({n} an hour)': '({n} pro Stunde)',
  'Moves the threshold to the lowest that keeps within the budget.':
    'Verschiebt die Schwelle auf die niedrigste, die in dieser Grenze bleibt.',
  'Set it': 'Einstellen',
  'not even the highest score keeps within it.': 'nicht einmal der höchste Score bleibt darin.',
  'Alarms and misses': 'Alarme und Verpasstes',
  'Curve as a table': 'Kurve als Tabelle',
  'What thresholds of the run on screen do': 'Was Schwellen des angezeigten Laufs tun',
  Threshold: 'Schwelle',
  'False an hour': 'Falsche pro Stunde',
  'Event recall': 'Ereignis-Recall',
  'Scores of snippets by the weak label of their video':
    'Scores der Snippets nach dem schwachen Label ihres Videos',
  'Normal videos': 'Normale Videos',
  'Scores at or above it are alarms, on every timeline. It is kept with the run.':
    'Scores auf oder über ihr sind Alarme, auf jeder Zeitachse. Sie wird mit dem Lauf behalten.',
  'Alarms in the annotated videos of the part; frames in a row make one.':
    'Alarme in den annotierten Videos des Teils; Bilder hintereinander ergeben einen.',
  'Alarms that touch no anomalous frame, by the hours of annotated video.':
    'Alarme, die kein anomales Bild berühren, pro Stunde annotierten Videos.',
  'Share of the true events that an alarm touches.': 'Anteil der wahren Ereignisse, die ein Alarm berührt.',
  'Frame recall': 'Bild-Recall',
  'Share of the anomalous frames that are in an alarm.':
    'Anteil der anomalen Bilder, die in einem Alarm liegen.',
  'Share of the normal frames that are in an alarm.':
    'Anteil der normalen Bilder, die in einem Alarm liegen.',
  'Share of the frames in alarms that are anomalous.': 'Anteil der Bilder in Alarmen, die anomal sind.',
};
