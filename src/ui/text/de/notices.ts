/** What states of the page have to say: cameras, browsers, projects, imports. */
import type { Table } from '../text.svelte.ts';

export const notices: Table = {
  // Camera
  'Nothing else has changed.': 'Sonst hat sich nichts geändert.',
  'This page may not use a camera.': 'Diese Seite darf keine Kamera benutzen.',
  'Open it by https or on localhost, in a browser that has camera access.':
    'Öffne sie über https oder auf localhost, in einem Browser, der Kameras zugänglich macht.',
  'The camera was not allowed.': 'Die Kamera wurde nicht erlaubt.',
  'Allow it in the address bar and try again.': 'Erlaube sie in der Adresszeile und versuch es noch einmal.',
  'There is no camera.': 'Es gibt keine Kamera.',
  'Connect one and try again.': 'Schließ eine an und versuch es noch einmal.',
  'The camera does not start.': 'Die Kamera startet nicht.',
  'Close other programs that use it and try again.':
    'Schließ andere Programme, die sie benutzen, und versuch es noch einmal.',

  // Datasets
  '{n} videos were refused; the import report names each.':
    '{n} Videos wurden abgelehnt; der Importbericht nennt jedes.',
  '{name}: {n} videos are here, of {train} to train and {test} to test; {truths} have their truth.':
    '{name}: {n} Videos sind hier, davon {train} zum Trainieren und {test} zum Testen; {truths} haben ihre Wahrheit.',
  'Another import is under way.': 'Ein anderer Import ist im Gang.',
  'Wait for it, or cancel it.': 'Warte ihn ab oder brich ihn ab.',

  // Dropping
  'Drop it with what it speaks of.': 'Zieh es mit dem hierher, wovon es spricht.',

  // Failures
  'Something went wrong inside Weaklens.': 'In Weaklens ist etwas schiefgegangen.',
  'Copy the diagnostics and report it.': 'Kopiere die Diagnose und melde es.',

  // Browsers that alter pixels
  'Open Shields in the address bar and let this page be without “Block fingerprinting”.':
    'Öffne „Shields“ in der Adresszeile und nimm diese Seite von „Fingerprinting blockieren“ aus.',
  'Take this page out of “resistFingerprinting” (about:config, privacy.resistFingerprinting.exemptedDomains).':
    'Nimm diese Seite von „resistFingerprinting“ aus (about:config, privacy.resistFingerprinting.exemptedDomains).',
  'This browser': 'Dieser Browser',
  'Turn its protection against fingerprinting off for this page, or use another browser.':
    'Schalte seinen Schutz gegen Fingerprinting für diese Seite aus oder nimm einen anderen Browser.',
  '{name} alters pixels that a page reads back, by up to {n} of 255 levels: features extracted here would be those of no other machine.':
    '{name} verändert Pixel, die eine Seite zurückliest, um bis zu {n} von 255 Stufen: Merkmale, die hier extrahiert werden, wären die keines anderen Geräts.',

  // Project
  'It is here already, as {name}.': 'Es ist schon da, als {name}.',
  'This browser keeps no copy of the file.': 'In diesem Browser liegt keine Kopie der Datei.',
  'Drop it again; its label and place are kept.':
    'Zieh sie noch einmal hierher; ihr Label und ihr Platz sind noch da.',
  'This project is open in another tab, and only one tab may change it.':
    'Dieses Projekt ist in einem anderen Tab offen, und nur ein Tab darf es ändern.',
  'Choose "Use it here".': 'Wähle „Hier benutzen“.',

  // Data that comes with the page
  'This data comes with the page, and it cannot be fetched now.':
    'Diese Daten kommen mit der Seite und sind gerade nicht zu holen.',
  'Check the connection, and try again.': 'Prüf die Verbindung und versuch es noch einmal.',

  // Training
  'Features unlike those that this run was trained on: {what}. Its scores may mean nothing.':
    'Die Merkmale sind anders als die, mit denen dieser Lauf trainiert wurde: {what}. Seine Scores bedeuten vielleicht nichts.',
  'A video': 'Ein Video',
};
