/** What can be done, why not, and what might be done next. */
import type { Table } from '../text.svelte.ts';

export const actions: Table = {
  // Groups of the help sheet
  Guess: 'Tipp',
  Training: 'Training',

  // Labels and sentences
  Normal: 'Normal',
  'Say of the video on stage that nothing unusual happens in it; once more takes the label away.':
    'Vom Video auf der Bühne sagen, dass nichts Auffälliges darin geschieht; noch einmal nimmt das Label weg.',
  Anomalous: 'Anomal',
  'Say of the video on stage that it contains an anomaly, somewhere; once more takes the label away.':
    'Vom Video auf der Bühne sagen, dass es irgendwo eine Anomalie enthält; noch einmal nimmt das Label weg.',
  'Next video': 'Nächstes Video',
  'Put the next video of the list on stage.': 'Das nächste Video der Liste auf die Bühne holen.',
  'Previous video': 'Voriges Video',
  'Put the video before it on stage.': 'Das Video davor auf die Bühne holen.',
  'Extract features': 'Merkmale extrahieren',
  'Look at every video through the backbone once and keep what it saw.':
    'Jedes Video einmal durch das Backbone ansehen und behalten, was es sah.',
  Camera: 'Kamera',
  'Watch the camera of this machine, scored by the run on screen as it goes; once more lets go of it.':
    'Der Kamera dieses Geräts zusehen, während der angezeigte Lauf sie bewertet; noch einmal lässt sie los.',
  Street: 'Straße',
  'Watch a simulated street, set an event off in it, and make videos of it; once more goes back to the stage.':
    'Einer simulierten Straße zusehen, darin etwas auslösen und Videos davon machen; noch einmal geht zurück zur Bühne.',
  Undo: 'Rückgängig',
  'Take back the latest change to the list of videos or to your marks.':
    'Die letzte Änderung an der Videoliste oder an deinen Markierungen zurücknehmen.',
  'Next frame': 'Nächstes Bild',
  'One frame on.': 'Ein Bild weiter.',
  'Previous frame': 'Voriges Bild',
  'One frame back.': 'Ein Bild zurück.',
  'Next snippet': 'Nächstes Snippet',
  'To the beginning of the next 16 frames.': 'Zum Anfang der nächsten 16 Bilder.',
  'Previous snippet': 'Voriges Snippet',
  'To the beginning of the 16 frames before.': 'Zum Anfang der 16 Bilder davor.',
  'Zoom in': 'Vergrößern',
  'Show less of the video’s time, around the cursor; the wheel over the timeline does the same.':
    'Weniger von der Zeit des Videos zeigen, rund um den Cursor; das Mausrad über der Zeitachse tut dasselbe.',
  'Zoom out': 'Verkleinern',
  'Show more of it.': 'Mehr davon zeigen.',
  'Whole video': 'Ganzes Video',
  'Show all of the video’s time.': 'Die ganze Zeit des Videos zeigen.',
  'Start here': 'Beginnt hier',
  'Mark that the anomaly begins at the cursor; inside a mark, its start moves here.':
    'Markieren, dass die Anomalie am Cursor beginnt; in einer Markierung rückt ihr Anfang hierher.',
  'End here': 'Endet hier',
  'Mark that it ends at the cursor; without a start, the end of the mark that is selected moves here.':
    'Markieren, dass sie am Cursor endet; ohne Anfang rückt das Ende der gewählten Markierung hierher.',
  'Remove mark': 'Markierung entfernen',
  'Remove the mark that is selected, or the start that has no end yet.':
    'Die gewählte Markierung entfernen oder den Anfang, der noch kein Ende hat.',
  'Nothing unusual': 'Nichts Auffälliges',
  'Your guess is that nothing unusual happens in this video; once more takes that back.':
    'Dein Tipp ist, dass in diesem Video nichts Auffälliges geschieht; noch einmal nimmt das zurück.',
  Where: 'Wo',
  'Lay over the picture how much each part of it looks like what the whole video is about; once more takes it away.':
    'Über das Bild legen, wie sehr jeder Teil davon dem gleicht, worum es im ganzen Video geht; noch einmal nimmt es weg.',
  'Why this score': 'Woher dieser Score',
  'Walk the score under the cursor back to the activations, the feature and the frames that it comes from.':
    'Den Score unter dem Cursor zurückverfolgen zu den Aktivierungen, dem Merkmal und den Bildern, aus denen er kommt.',
  'Reveal truth': 'Wahrheit aufdecken',
  'Show where the anomaly really is, beside your guess and the head’s alarms; the head never saw this.':
    'Zeigen, wo die Anomalie wirklich ist, neben deinem Tipp und den Alarmen des Kopfes; der Kopf hat das nie gesehen.',
  Play: 'Start',
  'Train the head, or pause it.': 'Den Kopf trainieren oder anhalten.',
  Step: 'Schritt',
  'One training step: sample bags, score, choose, loss, update; one that was begun in slow motion is brought to its end.':
    'Ein Trainingsschritt: Bags ziehen, bewerten, auswählen, Verlust, ändern; ein in Zeitlupe begonnener wird zu Ende gebracht.',
  Slow: 'Zeitlupe',
  'Train in slow motion: what a step draws, how that scores, what the loss chooses, what it is, how far the head moves; once more pauses, also in the midst of a step.':
    'In Zeitlupe trainieren: was ein Schritt zieht, wie es bewertet wird, was der Verlust auswählt, wie groß er ist, wie weit sich der Kopf bewegt; noch einmal hält an, auch mitten im Schritt.',
  'Next phase': 'Nächste Phase',
  'Go on to the next phase of a step in slow motion, now; it begins a step where none is under way.':
    'Sofort zur nächsten Phase eines Schritts in Zeitlupe gehen; beginnt einen Schritt, wo keiner im Gang ist.',
  Fork: 'Abzweigen',
  'From the step that the run on screen stands at, go on with the components as they are set now; the run before goes on beside it.':
    'Vom Schritt aus, an dem der angezeigte Lauf steht, mit den jetzt eingestellten Bausteinen weitermachen; der bisherige Lauf geht daneben weiter.',
  'Score new videos': 'Neue Videos bewerten',
  'Let the run on screen score the videos that it has not met yet; its threshold says what is an alarm.':
    'Den angezeigten Lauf die Videos bewerten lassen, die er noch nicht kennt; seine Schwelle sagt, was ein Alarm ist.',
  Reset: 'Neu',
  'Begin a new run from initial parameters; the one before stays in the list of runs.':
    'Einen neuen Lauf mit frischen Parametern beginnen; der bisherige bleibt in der Liste der Läufe.',

  // Why something cannot be done
  'Put a video on stage first.': 'Hol erst ein Video auf die Bühne.',
  'Extraction is under way.': 'Es wird schon extrahiert.',
  'Every video has its features.': 'Jedes Video hat seine Merkmale.',
  'The browser is asking whether the camera may be used.':
    'Der Browser fragt gerade, ob die Kamera benutzt werden darf.',
  'There is nothing to take back.': 'Es gibt nichts zurückzunehmen.',
  'Taken back: {what}.': 'Zurückgenommen: {what}.',
  'Select a mark first.': 'Wähle erst eine Markierung.',
  'Only a head that reads feature maps (GIG) tells where.':
    'Nur ein Kopf, der Merkmalskarten liest (GIG), sagt, wo.',
  'Train a head first, and put a video on stage.':
    'Trainiere erst einen Kopf und hol ein Video auf die Bühne.',
  'Pause first.': 'Halte erst an.',
  'Pause a run, and switch one of its components first; while it trains, switching forks it at once.':
    'Halte erst einen Lauf an und schalte einen seiner Bausteine um; während er trainiert, zweigt das Umschalten sofort ab.',
  'Train a head first, or drop a run that was saved.':
    'Trainiere erst einen Kopf oder zieh einen gespeicherten Lauf hierher.',
  'The run has not learned anything yet.': 'Der Lauf hat noch nichts gelernt.',
  'Every video that has features has its scores.': 'Jedes Video mit Merkmalen hat seine Scores.',
  'Mark first where it starts: press [ there.': 'Markiere erst, wo es beginnt: Drücke dort [.',
  'Mark something first, or say that nothing unusual happens.':
    'Markiere erst etwas oder sag, dass nichts Auffälliges geschieht.',

  // Hints
  'Watch the score under the picture: rings mark the segments that the latest step’s loss looked at.':
    'Beobachte den Score unter dem Bild: Ringe markieren die Segmente, auf die der Verlust des letzten Schritts sah.',
  'Put a video on stage to see its score change.':
    'Hol ein Video auf die Bühne, um zu sehen, wie sich sein Score ändert.',
  'Put a video on stage to see its score.': 'Hol ein Video auf die Bühne, um seinen Score zu sehen.',
  'This video has no score of this run yet: v scores new videos.':
    'Dieser Lauf hat das Video noch nicht bewertet: v bewertet neue Videos.',
  'Where does it happen? Mark your guess with [ and ], then reveal the truth with t.':
    'Wo geschieht es? Markiere deinen Tipp mit [ und ], dann deck mit t die Wahrheit auf.',
  'Your guess is marked: reveal the truth with t.': 'Dein Tipp ist markiert: Deck mit t die Wahrheit auf.',
  'Choose a threshold: drag it beside the score, or say under Curve how many false alarms an hour can be borne.':
    'Wähle eine Schwelle: Zieh sie neben dem Score oder sag unter „Kurve“, wie viele Fehlalarme pro Stunde erträglich sind.',
  'Switch a component below and press Play: a second run is drawn beside this one.':
    'Schalte unten einen Baustein um und drücke Start: Ein zweiter Lauf wird neben diesem gezeichnet.',
};
