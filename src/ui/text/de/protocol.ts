/** The switches of a protocol, and who uses which. */
import type { Table } from '../text.svelte.ts';

export const protocol: Table = {
  // Switchboard
  'It is a file of boxes; a truth file says where anomalies are.':
    'Das ist eine Datei mit Boxen; eine Wahrheitsdatei sagt, wo Anomalien sind.',
  'It is a list of labels; a truth file says where anomalies are.':
    'Das ist eine Liste von Labels; eine Wahrheitsdatei sagt, wo Anomalien sind.',
  'Widths come with a file: lab evaluate --expand widths:FILE.':
    'Breiten kommen mit einer Datei: lab evaluate --expand widths:FILE.',
  'Area under the ROC curve over frames.': 'Fläche unter der ROC-Kurve über Bilder.',
  'AP (steps)': 'AP (Stufen)',
  'Average precision as scikit-learn defines it: the step sum.':
    'Mittlere Precision, wie scikit-learn sie festlegt: die Summe der Stufen.',
  'AP (trapezoid)': 'AP (Trapez)',
  'Area under the precision-recall curve: what RTFM, UR-DMU and most code here print as “AP”.':
    'Fläche unter der Precision-Recall-Kurve: was RTFM, UR-DMU und der meiste Code hier als „AP“ ausgeben.',
  'Area under the ROC curve of one score a video against its label.':
    'Fläche unter der ROC-Kurve eines Scores je Video gegen sein Label.',
  'No video of the test part has a score yet.': 'Noch kein Video des Testteils hat einen Score.',

  // Protocols
  'Figures come when training is done or paused.':
    'Kennzahlen kommen, wenn das Training fertig oder angehalten ist.',
  'Train a head, and its scores are judged here as other papers would judge them.':
    'Trainiere einen Kopf, dann werden seine Scores hier so beurteilt, wie andere Arbeiten es täten.',
  'Which figure is watched.': 'Welche Kennzahl beobachtet wird.',
  Figure: 'Kennzahl',
  'Sets all switches as a paper’s released code, or a habit of the field, has them.':
    'Stellt alle Schalter so, wie sie der Code einer Arbeit oder eine Gewohnheit des Felds hat.',
  'Judge as': 'Beurteilen wie',
  'your choice': 'deine Wahl',
  default: 'Standard',
  'all choices together': 'alle Entscheidungen zusammen',
  'Scores are those that the run counts.': 'Die Scores sind die, die der Lauf zählt.',
  'Figures elsewhere on the page stay as they are by default.':
    'Kennzahlen anderswo auf der Seite bleiben beim Standard.',
  'What each switch alone does to {figure}': 'Was jeder Schalter allein mit {figure} macht',
  Switch: 'Schalter',
  Choice: 'Wahl',
  Options: 'Möglichkeiten',
  Alone: 'Allein',
  Change: 'Änderung',
  'Who does so': 'Wer es so macht',
  'not kept': 'nicht behalten',
  'Annotations of one dataset differ between repositories.':
    'Annotationen desselben Datensatzes unterscheiden sich zwischen Repositorys.',
  'Truth file': 'Wahrheitsdatei',
  'By which annotation the test videos are judged; the project keeps its own.':
    'Nach welcher Annotation die Testvideos beurteilt werden; das Projekt behält seine eigene.',
  'Reads another annotation of the same videos, to judge by beside the project’s own.':
    'Liest eine andere Annotation derselben Videos, um neben der des Projekts danach zu urteilen.',
  'Another …': 'Andere …',
  'UMIL’s annotation of UCF-Crime differs from Sultani’s in 14 videos; the same scores were 0.761 by one and 0.789 by the other.':
    'Die Annotation von UCF-Crime, die UMIL hat, weicht in 14 Videos von der Sultanis ab; dieselben Scores waren nach der einen 0,761 und nach der anderen 0,789.',
  'the project’s own': 'die des Projekts',

  // Switches
  Weaklens: 'Weaklens',
  'What every other figure of this page is made under.':
    'Wonach jede andere Kennzahl dieser Seite gemacht ist.',
  'RTFM and MGFN, code': 'RTFM und MGFN, Code',
  'Snippets repeated, intervals read from 0, whole snippets, best step on the test videos.':
    'Snippets wiederholt, Intervalle ab 0 gelesen, ganze Snippets, bester Schritt auf den Testvideos.',
  'Sultani, code': 'Sultani, Code',
  '32 segments with the tail at 0, as the MATLAB evaluation leaves it.':
    '32 Segmente mit dem Rest auf 0, wie es die MATLAB-Auswertung hinterlässt.',
  'WSAL, code': 'WSAL, Code',
  'Scores stretched over the frames with rounded borders; videos ranked by the span of their scores.':
    'Scores über die Bilder gestreckt, mit gerundeten Grenzen; Videos nach der Spanne ihrer Scores geordnet.',
  'WSAL, anomalous videos': 'WSAL, anomale Videos',
  'WSAL’s other figure: the same without the videos that are called normal.':
    'Die andere Kennzahl von WSAL: dasselbe ohne die Videos, die normal heißen.',
  'Watanabe, code': 'Watanabe, Code',
  'One score per bag of 28 snippets, RTFM’s truth, best step on the test videos.':
    'Ein Score je Bag aus 28 Snippets, die Wahrheit von RTFM, bester Schritt auf den Testvideos.',
  'GIG, paper': 'GIG, Arbeit',
  'Windows of 6 frames every 3, a Gaussian of 2 frames.':
    'Fenster von 6 Bildern alle 3, eine Gauß-Glättung von 2 Bildern.',
  'VadCLIP and XDVioDet, code': 'VadCLIP und XDVioDet, Code',
  'Ends left out, the last snippet lost, best step on the test videos.':
    'Enden ausgelassen, das letzte Snippet verloren, bester Schritt auf den Testvideos.',
  'Per video': 'Je Video',
  'Each video ranked by itself, its scores stretched to 0..1.':
    'Jedes Video für sich geordnet, seine Scores auf 0..1 gestreckt.',
  'Pairs (seominseok0429)': 'Paare (seominseok0429)',
  'The mean over pairs of an anomalous and a normal video.':
    'Das Mittel über Paare aus einem anomalen und einem normalen Video.',
  'Average over': 'Gemittelt über',
  'Whether all frames are ranked together, or each video by itself.':
    'Ob alle Bilder zusammen geordnet werden oder jedes Video für sich.',
  'all frames (micro)': 'alle Bilder (Mikro)',
  'Every official code of this field: Sultani, GCN, RTFM, WSAL, MGFN, Watanabe, UR-DMU.':
    'Jeder offizielle Code dieses Felds: Sultani, GCN, RTFM, WSAL, MGFN, Watanabe, UR-DMU.',
  'each video (macro)': 'jedes Video (Makro)',
  'Common where only normal videos are trained on (ShanghaiTech, Avenue); it forgives scores that do not compare between videos.':
    'Üblich, wo nur mit normalen Videos trainiert wird (ShanghaiTech, Avenue); es verzeiht Scores, die sich zwischen Videos nicht vergleichen lassen.',
  'pairs of videos': 'Paare von Videos',
  'The re-implementation of Sultani by seominseok0429, whose 84.45 is the mean over 140 pairs of an anomalous and a normal video (there by chance, here in order).':
    'Die Neuumsetzung von Sultani durch seominseok0429, deren 84,45 das Mittel über 140 Paare aus einem anomalen und einem normalen Video ist (dort zufällig, hier der Reihe nach).',
  'Whose frames are counted. Normal videos are the easy part: they raise the figure.':
    'Wessen Bilder gezählt werden. Normale Videos sind der leichte Teil: Sie heben die Kennzahl.',
  'all test videos': 'alle Testvideos',
  'The headline figure of every paper here.': 'Die Hauptkennzahl jeder Arbeit hier.',
  'anomalous only': 'nur anomale',
  'WSAL and AR-Net report it beside the headline figure: their normal frames stay in, normal videos do not.':
    'WSAL und AR-Net geben sie neben der Hauptkennzahl an: Ihre normalen Bilder bleiben drin, normale Videos nicht.',
  'Scores per video': 'Scores je Video',
  'Whether every video’s scores are stretched to 0..1 before they are compared with those of others.':
    'Ob die Scores jedes Videos auf 0..1 gestreckt werden, bevor sie mit denen anderer verglichen werden.',
  'Sultani, RTFM, WSAL, MGFN, Watanabe.': 'Sultani, RTFM, WSAL, MGFN und Watanabe.',
  'min to max, each video': 'Minimum bis Maximum, jedes Video',
  'Work on predicting frames that trains on normal videos only; in a normal video some frame then scores 1 too.':
    'Arbeiten zur Vorhersage von Bildern, die nur mit normalen Videos trainieren; auch in einem normalen Video hat dann irgendein Bild den Score 1.',
  'min to max, anomalous only': 'Minimum bis Maximum, nur anomale',
  'A flag of the evaluation in GCN’s code, which leaves normal videos out: it takes knowing which videos are anomalous.':
    'Eine Option der Auswertung im Code von GCN, die normale Videos auslässt: Man muss dafür wissen, welche Videos anomal sind.',
  'Scores to frames': 'Scores auf Bilder',
  'Which frames a score holds for.': 'Für welche Bilder ein Score gilt.',
  'Snippets per bag': 'Snippets je Bag',
  'Watanabe et al. chose it by the test figure.':
    'Watanabe et al. wählten es nach der Kennzahl auf dem Testteil.',
  'as long as each segment': 'so lang wie jedes Segment',
  'What these features say of themselves: each score holds for the frames that its segment was made of.':
    'Was diese Merkmale von sich sagen: Jeder Score gilt für die Bilder, aus denen sein Segment gemacht ist.',
  'repeat 16': '16-mal wiederholen',
  'RTFM, MGFN, UR-DMU, XDVioDet, PEL4VAD, S3R: np.repeat(score, 16).':
    'RTFM, MGFN, UR-DMU, XDVioDet, PEL4VAD und S3R: np.repeat(score, 16).',
  'Whoever has as many scores per video and forgot how many frames each is of.':
    'Wer gleich viele Scores je Video hat und vergaß, aus wie vielen Bildern jeder ist.',
  'stretch, rounded': 'strecken, gerundet',
  'WSAL and GCN: both borders rounded to the nearest frame, every frame covered.':
    'WSAL und GCN: beide Grenzen auf das nächste Bild gerundet, jedes Bild abgedeckt.',
  'Sultani, tail 0': 'Sultani, Rest 0',
  'Sultani’s published evaluation: 32 segments, and for more than 17 clips the last clip and the tail stay 0.':
    'Sultanis veröffentlichte Auswertung: 32 Segmente, und bei mehr als 17 Clips bleiben der letzte Clip und der Rest auf 0.',
  'Sultani, tail held': 'Sultani, Rest gehalten',
  'What Sultani’s evaluation seems to mean: the tail keeps the score of the last segment.':
    'Was Sultanis Auswertung wohl meint: Der Rest behält den Score des letzten Segments.',
  'bags of snippets': 'Bags aus Snippets',
  'Watanabe et al.: one score per bag, of 28 snippets for UCF-Crime, 21 for ShanghaiTech, 9 for XD-Violence.':
    'Watanabe et al.: ein Score je Bag, aus 28 Snippets für UCF-Crime, 21 für ShanghaiTech, 9 für XD-Violence.',
  'GIG’s windows': 'Fenster von GIG',
  'GIG: windows of 6 frames every 3, and a Gaussian of 2 frames over the curve.':
    'GIG: Fenster von 6 Bildern alle 3 und eine Gauß-Glättung von 2 Bildern über die Kurve.',
  'widths of a file': 'Breiten einer Datei',
  'Features pooled to segments, where a file says how wide each is.':
    'Zu Segmenten zusammengefasste Merkmale, wo eine Datei sagt, wie breit jedes ist.',
  Smoothing: 'Glättung',
  'A Gaussian along time, cut at four deviations, the curve mirrored at its ends.':
    'Eine Gauß-Glättung entlang der Zeit, bei vier Abweichungen abgeschnitten, die Kurve an ihren Enden gespiegelt.',
  Deviation: 'Abweichung',
  'Standard deviation of the Gaussian, in frames or in scores.':
    'Standardabweichung der Gauß-Glättung, in Bildern oder in Scores.',
  'RTFM, MGFN, WSAL, Sultani’s figures.': 'RTFM, MGFN, WSAL und die Kennzahlen von Sultani.',
  'over frames': 'über Bilder',
  'GIG, with a deviation of 2 frames; its windows come with it.':
    'GIG, mit einer Abweichung von 2 Bildern; seine Fenster gehören dazu.',
  'over scores': 'über Scores',
  'The other reading of GIG: over its windows before they become frames; over snippets it reaches 16 times as far.':
    'Die andere Lesart von GIG: über seine Fenster, bevor sie Bilder werden; über Snippets reicht sie 16-mal so weit.',
  'Truth intervals': 'Wahrheitsintervalle',
  'How the start and end of an annotated interval are read.':
    'Wie Anfang und Ende eines annotierten Intervalls gelesen werden.',
  'from 1, both ends in': 'ab 1, beide Enden mit',
  'Sultani’s MATLAB evaluation, whose annotation it is.':
    'Sultanis MATLAB-Auswertung, von der die Annotation stammt.',
  'from 0, both ends in': 'ab 0, beide Enden mit',
  'RTFM’s make_gt_ucf, and those who took its file: MGFN, Watanabe.':
    'make_gt_ucf von RTFM und alle, die dessen Datei übernahmen: MGFN, Watanabe.',
  'from 0, end out': 'ab 0, ohne das Ende',
  'VadCLIP, XDVioDet and PEL4VAD.': 'VadCLIP, XDVioDet und PEL4VAD.',
  'WSAL, [start − 1, end)': 'WSAL, [Anfang − 1, Ende)',
  'WSAL; the same frames as Sultani’s reading.': 'WSAL; dieselben Bilder wie in Sultanis Lesart.',
  'Frames of a video': 'Bilder eines Videos',
  'How many frames of a video count: UCF-Crime has four totals in circulation.':
    'Wie viele Bilder eines Videos zählen: Für UCF-Crime sind vier Gesamtzahlen im Umlauf.',
  'WSAL, which counts its pictures, and Sultani, by duration: 1,111,808 frames over UCF-Crime.':
    'WSAL, das seine Bilder zählt, und Sultani, nach der Dauer: 1.111.808 Bilder über UCF-Crime.',
  'up to whole snippets': 'auf ganze Snippets aufgerundet',
  'RTFM, MGFN and Watanabe: 1,114,144 frames, the last snippets filled up.':
    'RTFM, MGFN und Watanabe: 1.114.144 Bilder, die letzten Snippets aufgefüllt.',
  'down to whole snippets': 'auf ganze Snippets abgerundet',
  'Whoever drops what does not fill a snippet: 1,109,824 frames.':
    'Wer fallen lässt, was kein Snippet füllt: 1.109.824 Bilder.',
  'down, last snippet lost': 'abgerundet, letztes Snippet verloren',
  'DeepMIL, UR-DMU and PEL4VAD: 1,109,680 frames; the extractor loses a snippet where frames divide by 16.':
    'DeepMIL, UR-DMU und PEL4VAD: 1.109.680 Bilder; beim Extrahieren geht ein Snippet verloren, wo sich die Bilder durch 16 teilen lassen.',
  'Score of a video': 'Score eines Videos',
  'By what videos are ranked for the video AUC; no other figure reads it.':
    'Wonach Videos für die Video-AUC geordnet werden; keine andere Kennzahl liest es.',
  'highest score': 'höchster Score',
  'WSSTAD (its top tube) and UR-DMU’s accuracy.':
    'WSSTAD (seine höchstbewertete Tube) und die Genauigkeit von UR-DMU.',
  'highest − lowest': 'höchster − niedrigster',
  'WSAL’s ablation: the largest difference of two scores.':
    'Der Ablationsversuch von WSAL: der größte Unterschied zweier Scores.',
  'Step that counts': 'Schritt, der zählt',
  'Whose weights are judged. Choosing by the test figure is choosing by what one is judged by.':
    'Wessen Gewichte beurteilt werden. Nach der Kennzahl auf dem Testteil auszuwählen heißt, nach dem auszuwählen, wonach man beurteilt wird.',
  'as the run was set up': 'wie der Lauf eingestellt war',
  'What the other tabs show.': 'Was die anderen Reiter zeigen.',
  'Whoever fixes the number of steps beforehand: the honest figure without held-out videos.':
    'Wer die Zahl der Schritte vorher festlegt: die ehrliche Kennzahl ohne zurückgehaltene Videos.',
  'marctimjen’s cleaned RTFM, MGFN and S3R, and the tables of this page.':
    'Die bereinigten RTFM, MGFN und S3R von marctimjen und die Tabellen dieser Seite.',
  'best on the test videos': 'bester auf den Testvideos',
  'The released code of RTFM, MGFN, S3R, UR-DMU, VadCLIP and Watanabe (there after every batch): too good by construction.':
    'Der veröffentlichte Code von RTFM, MGFN, S3R, UR-DMU, VadCLIP und Watanabe (dort nach jedem Batch): zu gut, weil so gebaut.',
  last: 'letzter',
};
