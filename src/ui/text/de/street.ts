/** The simulated street: what is chosen of it, its worlds and what can happen in them. */
import type { Table } from '../text.svelte.ts';

export const street: Table = {
  World: 'Welt',
  'Where the camera hangs.': 'Wo die Kamera hängt.',
  Light: 'Licht',
  'Time of day; left open, the seed decides.': 'Tageszeit; bleibt sie offen, entscheidet der Startwert.',
  Weather: 'Wetter',
  'Left open, the seed decides.': 'Bleibt es offen, entscheidet der Startwert.',
  'as it comes': 'wie es kommt',
  day: 'Tag',
  dusk: 'Dämmerung',
  night: 'Nacht',
  clear: 'klar',
  rain: 'Regen',
  fog: 'Nebel',
  'The same seed gives the same street.': 'Derselbe Startwert ergibt dieselbe Straße.',
  Event: 'Ereignis',
  'Waiting for its moment …': 'Wartet auf seinen Moment …',
  'Set it off': 'Auslösen',
  'Names what is wrong at the moment; the head never sees it.':
    'Nennt, was gerade nicht stimmt; der Kopf sieht das nie.',
  'Twenty videos of twelve seconds in this world, light and weather, half of them with an event, labelled and split.':
    'Zwanzig Videos von zwölf Sekunden in dieser Welt, diesem Licht und Wetter, die Hälfte mit einem Ereignis, gelabelt und aufgeteilt.',
  'Add 20 videos': '20 Videos hinzufügen',

  // Worlds
  'signalled junction': 'Kreuzung mit Ampeln',
  'two-way road': 'Straße mit Gegenverkehr',
  square: 'Platz',
  'shop front': 'Ladenfront',
  'car park': 'Parkplatz',

  // Events
  'Two vehicles collide, slide askew and stand smoking in the road.':
    'Zwei Fahrzeuge stoßen zusammen, rutschen quer und stehen qualmend auf der Fahrbahn.',
  'A vehicle turns round in the road and goes back where it came from.':
    'Ein Fahrzeug wendet auf der Fahrbahn und fährt zurück, woher es kam.',
  'A vehicle stops on a crossing or in a free lane, warning lights on, and blocks it.':
    'Ein Fahrzeug hält mit Warnblinker auf einem Überweg oder einer freien Spur und versperrt ihn oder sie.',
  'A vehicle drives against the traffic of its lane.': 'Ein Fahrzeug fährt gegen den Verkehr seiner Spur.',
  'Someone walks into the road, along it among the traffic, and over it.':
    'Jemand geht auf die Fahrbahn, im Verkehr auf ihr entlang und hinüber.',
  'A lorry loses barrels and crates, which tumble and roll across the road.':
    'Ein Lastwagen verliert Fässer und Kisten, die über die Fahrbahn purzeln und rollen.',
  'A vehicle swerves along the road from side to side.':
    'Ein Fahrzeug fährt in Schlangenlinien die Straße entlang.',
  'Someone lifts a large crate and carries it along, leaning back.':
    'Jemand hebt eine große Kiste und trägt sie, zurückgelehnt, umher.',
  'Many people run together and stand crowded round one place.':
    'Viele Menschen laufen zusammen und stehen dicht gedrängt um eine Stelle.',
  'A flash, then fire and dark smoke; everyone near runs away.':
    'Ein Blitz, dann Feuer und dunkler Rauch; alle in der Nähe laufen weg.',
  'Two people punch and kick each other.': 'Zwei Menschen schlagen und treten sich.',
  'Someone sprays paint on a wall, which shows more and more of it.':
    'Jemand sprüht Farbe an eine Wand, die immer mehr davon zeigt.',
  'Someone grabs another, who puts the hands up, tears the bag away and runs off.':
    'Jemand packt einen anderen, der die Hände hebt, reißt die Tasche weg und läuft davon.',
  'Someone aims a gun and fires: flashes; one falls, the others run.':
    'Jemand zielt mit einer Pistole und schießt: Blitze; einer fällt, die anderen laufen weg.',
  'Someone stands and smokes: the hand goes to the mouth, smoke rises.':
    'Jemand steht und raucht: Die Hand geht zum Mund, Rauch steigt auf.',
  'Someone reaches into a stall or a parked car, takes a parcel and runs off with it.':
    'Jemand greift in einen Stand oder ein geparktes Auto, nimmt ein Paket und läuft damit davon.',
  'Someone sweeps the ground with a broom, step by step.':
    'Jemand fegt den Boden mit einem Besen, Schritt für Schritt.',
  'Someone walks a dog on a leash.': 'Jemand führt einen Hund an der Leine.',
};
