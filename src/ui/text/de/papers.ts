/** The tables and figures of papers that experiments are made after. */
import type { Table } from '../text.svelte.ts';

export const papers: Table = {
  // Figures
  'Area under the ROC curve over all frames of the test videos.':
    'Fläche unter der ROC-Kurve über alle Bilder der Testvideos.',
  'Anomaly subset': 'Nur anomale Videos',
  'Frame AUC within the anomalous test videos only.': 'Bild-AUC nur innerhalb der anomalen Testvideos.',
  'Area under the ROC curve of one score a test video against its label.':
    'Fläche unter der ROC-Kurve eines Scores je Testvideo gegen sein Label.',
  MF1: 'MF1',
  'Mean F1 of the classes over frames.': 'Mittlerer F1-Wert der Klassen über Bilder.',
  'Mean overlap of the top tube with the annotated one.':
    'Mittlere Überlappung der höchstbewerteten Tube mit der annotierten.',
  'IoU@0.1': 'IoU@0.1',
  'Share of the anomalous videos whose top tube overlaps by more than a tenth.':
    'Anteil der anomalen Videos, deren höchstbewertete Tube um mehr als ein Zehntel überlappt.',
  'IoU@0.2': 'IoU@0.2',
  'Share of the anomalous videos whose top tube overlaps by more than a fifth.':
    'Anteil der anomalen Videos, deren höchstbewertete Tube um mehr als ein Fünftel überlappt.',
  'IoU@0.3': 'IoU@0.3',
  'Share of the anomalous videos whose top tube overlaps by more than three tenths.':
    'Anteil der anomalen Videos, deren höchstbewertete Tube um mehr als drei Zehntel überlappt.',
  'Frame AUC, noisy': 'Bild-AUC, verrauscht',
  'Frame AUC of the same test videos with noise (NAME.noise.npy).':
    'Bild-AUC derselben Testvideos mit Rauschen (NAME.noise.npy).',
  'Anomaly subset, noisy': 'Nur anomale Videos, verrauscht',
  'Anomaly-subset AUC of the same test videos with noise.':
    'Bild-AUC der anomalen unter denselben Testvideos, mit Rauschen.',
  Parameters: 'Parameter',
  'Numbers that are trained, at the length of the features here.':
    'Zahlen, die trainiert werden, bei der Länge der Merkmale hier.',

  // Several papers
  'Heads on snippet features, as in their papers': 'Köpfe auf Snippet-Merkmalen, wie in ihren Arbeiten',
  'Each paper has features of its own; the figures are those of whole methods, features included.':
    'Jede Arbeit hat eigene Merkmale; die Kennzahlen sind die ganzer Verfahren, Merkmale eingeschlossen.',
  'Baselines: Sultani et al., RTFM, GCN': 'Vergleichsverfahren: Sultani et al., RTFM, GCN',
  'Sultani on C3D, GCN on TSN and RTFM on I3D features, as the tables that compare them have it.':
    'Sultani auf C3D-, GCN auf TSN- und RTFM auf I3D-Merkmalen, wie in den Tabellen, die sie vergleichen.',

  // Watanabe et al.
  'Segments in random order (table 1)': 'Segmente in zufälliger Reihenfolge (Tabelle 1)',
  'The paper shuffles the training segments of Sultani et al. and of RTFM; its own head is added here.':
    'Die Arbeit mischt die Trainingssegmente von Sultani et al. und von RTFM; ihr eigener Kopf kommt hier dazu.',
  'LSTM and self-attention (table 2)': 'LSTM und Selbstaufmerksamkeit (Tabelle 2)',
  'The best figures of the table are those of d_a 128: r 7 for UCF-Crime, r 1 for XD-Violence.':
    'Die besten Kennzahlen der Tabelle sind die mit d_a 128: r 7 für UCF-Crime, r 1 für XD-Violence.',
  'Numbers that are trained (table 6)': 'Zahlen, die trainiert werden (Tabelle 6)',
  'The counts depend on the length D of a feature; they agree where features of 2048 numbers are loaded.':
    'Die Anzahlen hängen von der Länge D eines Merkmals ab; sie stimmen überein, wo Merkmale aus 2048 Zahlen geladen sind.',
  'Each class of anomaly (figure 3)': 'Jede Klasse von Anomalien (Abbildung 3)',
  'd_a and r (figure 4)': 'd_a und r (Abbildung 4)',
  'The paper draws curves and prints no numbers, so there are none to set beside these.':
    'Die Arbeit zeichnet Kurven und nennt keine Zahlen, also gibt es keine, die daneben stehen könnten.',
  'd_a and r behind the LSTM (figure 5)': 'd_a und r hinter dem LSTM (Abbildung 5)',
  'Split size (figure 6)': 'Größe der Teilung (Abbildung 6)',
  'The paper draws curves; the figures at l 28 are those of its table 3.':
    'Die Arbeit zeichnet Kurven; die Kennzahlen bei l 28 sind die ihrer Tabelle 3.',
  'The paper draws bars and prints no numbers, so there are none to set beside these.':
    'Die Arbeit zeichnet Balken und nennt keine Zahlen, also gibt es keine, die daneben stehen könnten.',

  // WSAL
  'Components (table IV)': 'Bausteine (Tabelle IV)',
  'Window of the context (table V)': 'Fenster des Kontexts (Tabelle V)',
  'The paper measures this on training videos that it sets apart; here it is measured on the test videos.':
    'Die Arbeit misst das an Trainingsvideos, die sie beiseitelegt; hier wird es an den Testvideos gemessen.',
  'Sources of features, with and without HCE (table VI)':
    'Quellen der Merkmale, mit und ohne HCE (Tabelle VI)',
  'The sources are those of the data at hand: every source is a pair of rows.':
    'Die Quellen sind die der vorhandenen Daten: Jede Quelle ist ein Paar von Zeilen.',
  'Noise: before and after it was simulated in training (figure 7)':
    'Rauschen: bevor und nachdem es im Training nachgebildet wurde (Abbildung 7)',
  'The paper shows one video. Here every test video that has NAME.noise.npy beside it is judged with and without noise; without any the noisy figures are undefined.':
    'Die Arbeit zeigt ein Video. Hier wird jedes Testvideo, neben dem NAME.noise.npy liegt, mit und ohne Rauschen beurteilt; ohne eines sind die verrauschten Kennzahlen nicht bestimmt.',

  // MGFN
  'Glance and focus (table 3)': 'Glance und Focus (Tabelle 3)',
  'Feature amplification and the magnitude contrast (table 4)':
    'Verstärkung der Merkmale und Kontrast der Beträge (Tabelle 4)',
  'The last row of the paper has I3D features on UCF-Crime and VideoSwin features on XD-Violence.':
    'Die letzte Zeile der Arbeit hat I3D-Merkmale auf UCF-Crime und VideoSwin-Merkmale auf XD-Violence.',

  // GIG
  'The other rows are entries of a challenge, whose methods are not here. MF1 needs labels that name classes.':
    'Die anderen Zeilen sind Beiträge zu einem Wettbewerb, deren Verfahren nicht hier sind. MF1 braucht Labels, die Klassen nennen.',
  'General anomalies (table 1)': 'Allgemeine Anomalien (Tabelle 1)',
  'Specific anomalies (table 2)': 'Bestimmte Anomalien (Tabelle 2)',

  // MGPR
  'It reads tubes (NAME.tubes.safetensors). MIoU needs boxes of the tubes and annotated ones, and is undefined without.':
    'Es liest Tubes (NAME.tubes.safetensors). MIoU braucht Boxen der Tubes und annotierte und ist ohne sie nicht bestimmt.',
  'Whole methods (table 1)': 'Ganze Verfahren (Tabelle 1)',
  'Branches (table 2)': 'Zweige (Tabelle 2)',
  'Losses (table 3)': 'Verluste (Tabelle 3)',
  'Interaction (table 4)': 'Zusammenspiel (Tabelle 4)',
};
