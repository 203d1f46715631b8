/** The street that is watched, as the page asks for it. */
import { expect, it, vi } from 'vitest';
import type { Live } from '../../../src/ui/state/live.svelte.ts';
import { WatchedStreet } from '../../../src/ui/state/street.svelte.ts';
import type { Client, StreetChoice } from '../../../src/workers/client.ts';

const CHOICES: StreetChoice[] = [
  { id: 'junction', title: 'junction', events: [{ class: 'accident', does: 'Crash.' }] },
];

function made() {
  let choose = () => {};
  const choices = new Promise<StreetChoice[]>((resolve) => (choose = () => resolve(CHOICES)));
  const client = {
    streetChoices: () => choices,
    watchStreet: vi.fn(() => new Promise<void>(() => {})),
    leaveStreet: vi.fn(async () => {}),
  };
  const street = new WatchedStreet({ filming: client } as unknown as Client, {} as Live);
  return { street, client, choose };
}

it('is watched once it is known what there is to choose', async () => {
  const { street, client, choose } = made();
  const watching = street.watch(() => {});
  expect(client.watchStreet).not.toHaveBeenCalled();
  choose();
  await watching;
  expect(client.watchStreet).toHaveBeenCalledOnce();
  expect(street.event).toBe('accident');
});

it('does not begin where it was left before it was known', async () => {
  const { street, client, choose } = made();
  const watching = street.watch(() => {});
  await street.leave();
  choose();
  await watching;
  expect(client.watchStreet).not.toHaveBeenCalled();
});
