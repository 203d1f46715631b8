/** Which step of a run counts, as it is said on the command line. */
import { UsageError } from './verb.ts';

export const SELECTIONS = ['last', 'val', 'test'] as const;

/** @throws UsageError */
export function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new UsageError('--validate must be a share between 0 and 1');
  return share;
}
