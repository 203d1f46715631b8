/** Looking into the head: attention, provenance, the space, a bag of one’s own. */
import type { Table } from '../text.svelte.ts';

export const views: Table = {
  // Space
  'no picture': 'kein Bild',
  'Which points': 'Welche Punkte',
  'Features as they come out of the backbone.': 'Merkmale, wie sie aus dem Backbone kommen.',
  'Before the head': 'Vor dem Kopf',
  'What the last layer of the run on screen reads of each segment.':
    'Was die letzte Schicht des angezeigten Laufs von jedem Segment liest.',
  After: 'Danach',
  'Laid out by': 'Angeordnet nach',
  'The two axes along which segments differ most: at once, and distances mean something.':
    'Die zwei Achsen, entlang derer sich Segmente am meisten unterscheiden: sofort da, und Abstände bedeuten etwas.',
  'Neighbours stay neighbours: it takes its time, and distances between groups mean little.':
    'Nachbarn bleiben Nachbarn: Es dauert, und Abstände zwischen Gruppen bedeuten wenig.',
  'What tells points apart: each kind has a colour and a shape. Truth stays hidden until it is revealed.':
    'Was Punkte unterscheidet: Jede Art hat eine Farbe und eine Form. Die Wahrheit bleibt verborgen, bis sie aufgedeckt wird.',
  'The longer the feature of a segment, the larger its point.':
    'Je länger das Merkmal eines Segments, desto größer sein Punkt.',
  'size by magnitude': 'Größe nach Betrag',
  'Ends the layout; what was drawn before stays.': 'Beendet das Anordnen; was vorher gezeichnet war, bleibt.',
  'Lays the segments out by UMAP, in a worker of its own.':
    'Ordnet die Segmente mit UMAP an, in einem eigenen Worker.',
  'Lay out': 'Anordnen',
  Points: 'Punkte',
  'Segments in the space': 'Segmente im Raum',
  ', every {n}th snippet': ', jedes {n}. Snippet',
  'the axes show {across} and {up} of the variance of {n} dimensions.':
    'die Achsen zeigen {across} und {up} der Varianz von {n} Dimensionen.',
  '{n} dimensions, 15 neighbours.': '{n} Dimensionen, 15 Nachbarn.',
  'No truth is revealed yet: reveal it on the stage, video by video.':
    'Noch ist keine Wahrheit aufgedeckt: Deck sie auf der Bühne auf, Video für Video.',
  'Not of what is chosen now.': 'Das ist nicht, was jetzt gewählt ist.',
  'Pointed at and selected': 'Gezeigtes und Gewähltes',
  'point at a segment': 'zeig auf ein Segment',
  'selected in {n} video': 'gewählt in {n} Video',
  'selected in {n} videos': 'gewählt in {n} Videos',
  selected: 'gewählt',
  'Puts the selected segments into the bag that you compose, as far as there is room.':
    'Legt die gewählten Segmente in die Bag, die du zusammenstellst, soweit Platz ist.',
  'Into the bag': 'In die Bag',
  'Selects nothing.': 'Wählt nichts.',
  Clear: 'Aufheben',
  'Selected segments by video': 'Gewählte Segmente nach Video',
  'Goes to the next of its selected segments.': 'Geht zum nächsten seiner gewählten Segmente.',
  'Magnitudes of bags': 'Beträge der Bags',
  'Points as a table': 'Punkte als Tabelle',
  'The selected segments, or the first ones where none is selected':
    'Die gewählten Segmente oder die ersten, wo keins gewählt ist',
  Kind: 'Art',
  Across: 'Quer',
  Up: 'Hoch',
  Magnitude: 'Betrag',
  'No points.': 'Keine Punkte.',
  '{n} segments of {videos} videos in two dimensions, by features':
    '{n} Segmente von {videos} Videos in zwei Dimensionen, nach Merkmalen',
  '{n} segments of {videos} videos in two dimensions, by what the head makes of them at step {step}':
    '{n} Segmente von {videos} Videos in zwei Dimensionen, nach dem, was der Kopf bei Schritt {step} aus ihnen macht',
  'weak label': 'schwaches Label',
  prediction: 'Vorhersage',
  'truth, once revealed': 'Wahrheit, wenn aufgedeckt',
  points: 'Punkte',
  'Train a head, and what it makes of every segment is seen here.':
    'Trainiere einen Kopf, dann ist hier zu sehen, was er aus jedem Segment macht.',
  'Extract features, and every segment is a point here.':
    'Extrahiere Merkmale, dann ist hier jedes Segment ein Punkt.',
  'no point': 'kein Punkt',
  'magnitude {length}': 'Betrag {length}',
  videos: 'Videos',
  by: 'nach',

  // Composer
  'A bag of {n} snippets is full: take some out first.':
    'Eine Bag mit {n} Snippets ist voll: Nimm erst einige heraus.',
  'Train a head, and it weighs bags that you compose here.':
    'Trainiere einen Kopf, dann wägt er Bags, die du hier zusammenstellst.',
  'This head reads tubes, and a bag of snippets has none: show a run of another head.':
    'Dieser Kopf liest Tubes, und eine Bag aus Snippets hat keine: Zeig einen Lauf eines anderen Kopfes an.',
  'A loss compares bags: a training video with features that is labelled {label} is needed beside yours.':
    'Ein Verlust vergleicht Bags: Neben deiner braucht es ein Trainingsvideo mit Merkmalen und dem Label „{label}“.',

  // Attention
  'Train a head that attends (salient attention, MGFN, MGPR), and what it looks at is drawn here.':
    'Trainiere einen Kopf mit Aufmerksamkeit (Salient Attention, MGFN, MGPR), dann ist hier gezeichnet, worauf er achtet.',
  'This video is too long for a map of every two snippets.':
    'Dieses Video ist zu lang für eine Karte aus je zwei Snippets.',
  'This head, as it is set up, does not attend: there are no weights between snippets to show.':
    'Dieser Kopf hat, so wie er eingestellt ist, keine Aufmerksamkeit: Es gibt keine Gewichte zwischen Snippets zu zeigen.',
  'Each attention head has weights of its own.': 'Jeder Aufmerksamkeitskopf hat eigene Gewichte.',
  'mean of {n}': 'Mittel über {n}',
  '{n} of {total}': '{n} von {total}',
  'Attention at step {n}': 'Aufmerksamkeit bei Schritt {n}',
  'looks: {n}': 'von: {n}',
  'at: {n}': 'auf: {n}',
  'Attention as a table': 'Aufmerksamkeit als Tabelle',
  'Looks most at snippet (weight)': 'Achtet am meisten auf Snippet (Gewicht)',
  'snippet {row} takes {weight} from snippet {column}': 'Snippet {row} nimmt {weight} von Snippet {column}',
  'row {row} takes {weight} from snippet {column}': 'Zeile {row} nimmt {weight} von Snippet {column}',
  '{n} times an even share': 'das {n}-Fache eines gleichen Anteils',
  'Rows are snippets that look, columns what they look at.':
    'Zeilen sind Snippets, die achten, Spalten die, auf die sie achten.',
  'Rows: the head’s attention maps. Columns: snippets of the video, taken as one bag.':
    'Zeilen: die Aufmerksamkeitskarten des Kopfes. Spalten: Snippets des Videos, als eine Bag genommen.',
  'Weights of a graph, not shares.': 'Gewichte eines Graphen, keine Anteile.',
  'Each row sums to 1.': 'Jede Zeile summiert sich zu 1.',

  // Bag
  'The bag that is composed': 'Die Bag, die zusammengestellt wird',
  'Label of the bag': 'Label der Bag',
  'What the bag is called: the loss asks for other scores then.':
    'Wie die Bag genannt wird: Der Verlust verlangt dann andere Scores.',
  'The snippet of the video on stage that the cursor is in becomes the last segment of the bag.':
    'Das Snippet des Videos auf der Bühne, in dem der Cursor steht, wird das letzte Segment der Bag.',
  'Add the snippet under the cursor': 'Snippet unter dem Cursor hinzufügen',
  'Takes everything out of the bag.': 'Nimmt alles aus der Bag.',
  Empty: 'Leeren',
  'Snippets of the video on stage': 'Snippets des Videos auf der Bühne',
  'Drag it into the bag, or press it to add it.': 'Zieh es in die Bag oder drück darauf, um es hinzuzufügen.',
  'Add snippet {n}': 'Snippet {n} hinzufügen',
  'Put a video with features on stage: its snippets go into the bag.':
    'Hol ein Video mit Merkmalen auf die Bühne: Seine Snippets kommen in die Bag.',
  'Segments of the bag': 'Segmente der Bag',
  'Delete takes it out; arrows go along, with Shift they move it.':
    'Entf nimmt es heraus; Pfeile gehen weiter, mit Umschalt verschieben sie es.',
  'Drag snippets here, or add them by the buttons.':
    'Zieh Snippets hierher oder füge sie über die Knöpfe hinzu.',
  'Earlier in the bag': 'Früher in der Bag',
  'Moves the segment one place to the front.': 'Rückt das Segment einen Platz nach vorn.',
  'Later in the bag': 'Später in der Bag',
  'Moves the segment one place to the back.': 'Rückt das Segment einen Platz nach hinten.',
  'Takes the segment out of the bag.': 'Nimmt das Segment aus der Bag.',
  'What is beside it': 'Was daneben ist',
  'How many segments speak for a bag: for this bag only, the run keeps its own.':
    'Wie viele Segmente für eine Bag sprechen: nur für diese Bag, der Lauf behält sein eigenes k.',
  'No k: this head takes one segment, or the whole bag.':
    'Kein k: Dieser Kopf nimmt ein Segment oder die ganze Bag.',
  'Training videos of the other label, as bags of as many segments; of the same label there is one fewer.':
    'Trainingsvideos des anderen Labels, als Bags aus ebenso vielen Segmenten; vom selben Label ist es eine weniger.',
  'reference bags': 'Vergleichs-Bags',
  'Share of the reference bags whose label is turned round: what wrong labels do to the loss.':
    'Anteil der Vergleichs-Bags, deren Label umgedreht ist: was falsche Labels mit dem Verlust machen.',
  'label noise {n} %': 'Label-Rauschen {n} %',
  'Which training videos are taken, and whose labels are turned.':
    'Welche Trainingsvideos genommen und wessen Labels umgedreht werden.',
  'speaks for the bag': 'spricht für die Bag',
  seed: 'Startwert',

  // Bag result
  'What the head makes of it': 'Was der Kopf daraus macht',
  'Scores and loss of the bag stand here, by the run on screen; nothing is trained.':
    'Hier stehen Scores und Verlust der Bag, nach dem angezeigten Lauf; trainiert wird nichts.',
  'What the head makes of the bag as a whole.': 'Was der Kopf aus der Bag als Ganzem macht.',
  'Bag score': 'Bag-Score',
  'The weighted sum of the terms, over the bag and those beside it, without dropout.':
    'Die gewichtete Summe der Terme, über die Bag und die daneben, ohne Dropout.',
  'Loss, called normal': 'Verlust, wenn sie normal heißt',
  'Loss, called anomalous': 'Verlust, wenn sie anomal heißt',
  'Terms of the loss': 'Terme des Verlusts',
  'Beside it, by the weights of step {n}': 'Daneben, mit den Gewichten von Schritt {n}',
  '; {n} of {total} labels are turned round': '; {n} von {total} Labels sind umgedreht',
  'Reference bags': 'Vergleichs-Bags',
  'Training videos as bags of as many segments, with the labels that the loss is told. A bag’s name puts its video on stage.':
    'Trainingsvideos als Bags aus ebenso vielen Segmenten, mit den Labels, die dem Verlust gesagt werden. Der Name einer Bag holt ihr Video auf die Bühne.',

  // Provenance
  'Train a head, put a video on stage, and the score under the cursor is walked back here.':
    'Trainiere einen Kopf und hol ein Video auf die Bühne, dann wird der Score unter dem Cursor hier zurückverfolgt.',
  Segment: 'Segment',
  'of {total}': 'von {total}',
  ', in training segments': ', im Training Segmente',
  ', in training part of segment': ', im Training Teil von Segment',
  'The latest step’s loss looked at it.': 'Der Verlust des letzten Schritts hat darauf gesehen.',
  'The latest step’s loss did not look at it.': 'Der Verlust des letzten Schritts hat nicht darauf gesehen.',
  Feature: 'Merkmal',
  '{n} numbers of length': '{n} Zahlen der Länge',
  '(video: {length})': '(Video: {length})',
  '; farthest from the video’s mean, in deviations:':
    '; am weitesten vom Mittel des Videos, in Abweichungen:',
  'Dimensions of the feature that are farthest from the video’s mean':
    'Dimensionen des Merkmals, die am weitesten vom Mittel des Videos entfernt sind',
  'dim {n}': 'Dim. {n}',
  'The score is the weighted sum of these numbers; choose whose way is shown.':
    'Der Score ist die gewichtete Summe dieser Zahlen; wähle, wessen Weg gezeigt wird.',
  'Part of the score': 'Teil des Scores',
  '{n} activations times the weights of': '{n} Aktivierungen mal die Gewichte von',
  'for “{name}”': 'für „{name}“',
  'add up to': 'ergeben zusammen',
  'What each activation adds': 'Was jede Aktivierung beiträgt',
  'How much the snippet differs from those beside it; no layer in between.':
    'Wie sehr sich das Snippet von denen daneben unterscheidet; dazwischen liegt keine Schicht.',
  Number: 'Zahl',
  'What the score is the sum of': 'Woraus sich der Score zusammensetzt',
  'Share times value': 'Anteil mal Wert',
  '{n} others': '{n} andere',
  'at step {n}': 'bei Schritt {n}',
  'unit {n}': 'Nr. {n}',
  bias: 'Bias',

  // Relation table
  'Snippet {n}: how much each cell looks like what the whole video is about (cosine, {low} to {high} in this video). Marked with ▪ are the cells that speak for the snippet, with ▫ those that do so in some of its windows. “Where” (h) lays this over the picture.':
    'Snippet {n}: wie sehr jede Zelle dem gleicht, worum es im ganzen Video geht (Kosinus, {low} bis {high} in diesem Video). Mit ▪ markiert sind die Zellen, die für das Snippet sprechen, mit ▫ die, die es in einigen seiner Fenster tun. „Wo“ (h) legt das über das Bild.',
  'Relation map of snippet {n}': 'Beziehungskarte von Snippet {n}',

  // Where
  'like the whole video: cosine': 'wie das ganze Video: Kosinus',
  '; outlined: the cells that speak': '; umrandet: die Zellen, die sprechen',
  'Relation map of snippet {n}: strongest in row {row}, column {column} of {rows} by {columns}, cosine {cosine}.':
    'Beziehungskarte von Snippet {n}: am stärksten in Zeile {row}, Spalte {column} von {rows} mal {columns}, Kosinus {cosine}.',
};
