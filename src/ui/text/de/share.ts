/** Links: the dialog that makes them, and what is said of those that are opened. */
import type { Table } from '../text.svelte.ts';

export const share: Table = {
  Share: 'Teilen',
  'Share what is on screen': 'Teilen, was zu sehen ist',
  'The link says the head, its settings, the seed, the run’s length, the threshold and what is looked at.':
    'Der Link nennt den Kopf, seine Einstellungen, den Startwert, die Länge des Laufs, die Schwelle und was betrachtet wird.',
  'The data comes with the page, so whoever opens the link and presses Play gets this very run.':
    'Die Daten kommen mit der Seite: Wer den Link öffnet und Start drückt, bekommt genau diesen Lauf.',
  'The data comes with the page; but this run was forked or stepped by phases, and a link does not say at which steps: save the run itself to share it.':
    'Die Daten kommen mit der Seite; aber dieser Lauf wurde verzweigt oder phasenweise weitergeführt, und bei welchen Schritten, sagt kein Link: Zum Teilen den Lauf selbst speichern.',
  'It holds no video, no label and no score: whoever shall see the same needs the project as a file':
    'Er enthält kein Video, kein Label und keinen Score: Wer dasselbe sehen soll, braucht das Projekt als Datei',
  'beside it. It names the video on stage.': 'dazu. Er nennt das Video auf der Bühne.',
  'What it says stands behind “#”, which browsers send to no server.':
    'Was er sagt, steht hinter „#“, und das schicken Browser an keinen Server.',
  Link: 'Link',
  'The address of what is on screen.': 'Die Adresse dessen, was zu sehen ist.',
  'Puts the link into the clipboard.': 'Legt den Link in die Zwischenablage.',
  Copied: 'Kopiert',
  Copy: 'Kopieren',
  'The link as a QR code': 'Der Link als QR-Code',
  'The link is too long for a QR code: hide fewer controls.':
    'Der Link ist zu lang für einen QR-Code: Blende weniger Bedienelemente aus.',
  'Opens the link in a new tab, as others will see it.':
    'Öffnet den Link in einem neuen Tab, so wie andere ihn sehen werden.',
  'Try it in a new tab': 'In neuem Tab ausprobieren',
  'Leave out, for a lesson': 'Für den Unterricht weglassen',
  'What is ticked is not there for whoever opens the link: no button, no key.':
    'Was angekreuzt ist, fehlt für alle, die den Link öffnen: kein Knopf, keine Taste.',
  'Unticks everything.': 'Entfernt alle Kreuze.',
  'Leave out nothing': 'Nichts weglassen',
  'Controls of this part of the page.': 'Bedienelemente dieses Teils der Seite.',
  'Back to the page.': 'Zurück zur Seite.',
  'The browser does not allow copying here: select the link and copy it by hand.':
    'Der Browser erlaubt hier kein Kopieren: Wähle den Link aus und kopiere ihn von Hand.',

  // Opened links
  'The link': 'Der Link',
  '“{name}” is not known here': '„{name}“ ist hier nicht bekannt',
  '{what} cannot be “{value}”': '{what} kann nicht „{value}“ sein',
  'there is no control “{names}” to hide': 'es gibt kein Bedienelement „{names}“ zum Ausblenden',
  'Ignored, because it makes no sense: {what}.': 'Nicht beachtet, weil es keinen Sinn ergibt: {what}.',
  'It was made with videos of someone’s own, and no link holds videos: ask for the project as a file and drop it here. What else the link says is set up.':
    'Er wurde mit eigenen Videos gemacht, und kein Link enthält Videos: Bitte um das Projekt als Datei und zieh sie hierher. Was der Link sonst sagt, ist eingestellt.',
  'It was made with other labels or features than those that come with this page, so losses will differ.':
    'Er wurde mit anderen Labels oder Merkmalen gemacht als denen, die mit dieser Seite kommen; die Verluste werden also abweichen.',
  'It shows this video, which is not in the project: drop it to see what is meant.':
    'Er zeigt dieses Video, das nicht im Projekt ist: Zieh es hierher, um zu sehen, was gemeint ist.',
};
