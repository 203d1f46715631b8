/** The street that is watched: which one, and what the picture shows at the moment. */
import type { Client, StreetChoice, StreetMoment } from '../../workers/client.ts';
import type { Live } from './live.svelte.ts';

export type World = StreetChoice['id'];
export type EventClass = StreetChoice['events'][number]['class'];
type Options = Parameters<Client['filming']['watchStreet']>[0];
type Wishes = NonNullable<Options['conditions']>;

/** Seconds that an event which is set off by hand should be seen. */
const EVENT_SECONDS = 4;
/** What a street is drawn for: a camera's quirks come up within the first minutes. */
const DRAWN_SECONDS = 120;

export class WatchedStreet {
  readonly #client: Client;
  readonly live: Live;
  choices = $state.raw<StreetChoice[]>([]);
  world = $state<World>('junction');
  daylight = $state<'' | NonNullable<Wishes['daylight']>>('day');
  weather = $state<'' | NonNullable<Wishes['weather']>>('clear');
  seed = $state(1);
  event = $state<EventClass | ''>('');
  isTruthShown = $state(false);
  moment = $state.raw<StreetMoment | null>(null);
  /** What was set off and has not been seen yet. */
  expected = $state<EventClass | null>(null);
  #isOver = false;

  constructor(client: Client, live: Live) {
    this.#client = client;
    this.live = live;
  }

  get choice(): StreetChoice | null {
    return this.choices.find(({ id }) => id === this.world) ?? null;
  }

  /** Begins, or begins again as it is set up now. */
  async watch(onFailure: (error: unknown) => void): Promise<void> {
    if (this.choices.length === 0) this.choices = await this.#client.filming.streetChoices();
    if (this.#isOver) return;
    if (!this.choice?.events.some(({ class: name }) => name === this.event))
      this.event = this.choice!.events[0].class;
    this.expected = null;
    const { world, seed, conditions } = this;
    const options: Options = { world, seed, seconds: DRAWN_SECONDS, conditions, events: [] };
    this.#client.filming
      .watchStreet(options, (moment) => {
        this.moment?.picture.close();
        this.moment = moment;
        if (this.expected && moment.showing.includes(this.expected)) this.expected = null;
      })
      .catch((error: unknown) => {
        if (!this.#isOver) onFailure(error);
      });
  }

  get conditions(): Wishes {
    const { daylight, weather } = this;
    return { ...(daylight && { daylight }), ...(weather && { weather }) };
  }

  async trigger(): Promise<void> {
    if (!this.event) return;
    this.expected = this.event;
    await this.#client.filming.trigger(this.event, EVENT_SECONDS);
  }

  async leave(): Promise<void> {
    this.#isOver = true;
    await this.#client.filming.leaveStreet();
    this.moment?.picture.close();
    this.moment = null;
  }
}
