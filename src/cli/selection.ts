/** What a run is made with, as it is said on the command line: fields of its head, and which step of it counts. */
import { UsageError } from './verb.ts';

export const SELECTIONS = ['last', 'val', 'test'] as const;

/** @throws UsageError */
export function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new UsageError('--validate must be a share between 0 and 1');
  return share;
}

export const PATIENCE_HELP =
  'with --select val or test: end a run after so many of its 20 looks have found nothing better; 0 for never';

/** @throws UsageError */
export function patienceOf(text: string): number {
  const patience = Number(text);
  if (!Number.isInteger(patience) || patience < 0)
    throw new UsageError('--patience must be a whole number, 0 for never');
  return patience;
}

/**
 * `name=value`, with which a field of a head is set.
 * @throws UsageError
 */
export function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}
