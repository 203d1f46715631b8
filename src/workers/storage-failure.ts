import { Failure } from '../engine/failure.ts';

/** What the browser says of a failed write, in words for the one whose work it is. */
export function storageFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return new Failure({
      code: 'storage-full',
      what: 'The storage of this browser is full.',
      kept: 'Everything saved before is still there.',
      next: 'Free space under "Cost": kept copies of videos and features can be made again.',
      detail,
    });
  }
  return new Failure({
    code: 'storage-unavailable',
    what: 'The browser could not save.',
    kept: 'What is on the page is still there.',
    next: 'Reload the page; if it happens again, copy the diagnostics.',
    detail,
  });
}
