/**
 * A failure that a person can act on: what happened, to which file, what was kept, what to do next (design law 7).
 * Everything that can go wrong with a user's input is one of these; any other error is a bug of ours.
 */

/** Why something was refused or stopped. The page and the `lab` command group and word their messages by it. */
export type FailureCode =
  | 'empty-file'
  | 'not-a-video'
  | 'container-unsupported'
  | 'index-missing'
  | 'no-video-track'
  | 'codec-unsupported'
  | 'encrypted'
  | 'damaged'
  | 'no-frames'
  | 'stalled'
  | 'file-unreadable'
  | 'weights-missing'
  | 'weights-mismatch'
  | 'format-invalid'
  | 'data-missing'
  | 'data-mismatch'
  | 'config-invalid'
  | 'storage-full'
  | 'storage-unavailable'
  | 'device-unavailable'
  | 'device-lost'
  | 'device-fault'
  | 'diverged'
  | 'camera-unavailable'
  | 'worker-died'
  | 'cancelled'
  | 'bug';

/** The plain-data form of a {@link Failure}, which survives a message between threads. */
export interface FailureReport {
  code: FailureCode;
  /** The file, video or run that it happened to, by the name its owner gave it. */
  subject?: string;
  /** What happened, one sentence. */
  what: string;
  /** What was kept, when that is in doubt. */
  kept?: string;
  /** The way out. */
  next?: string;
  /** The words of the library underneath, for a bug report. */
  detail?: string;
}

export class Failure extends Error implements FailureReport {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly subject?: string;
  readonly what: string;
  readonly kept?: string;
  readonly next?: string;
  readonly detail?: string;

  constructor(report: FailureReport) {
    super(sentence(report));
    this.code = report.code;
    this.subject = report.subject;
    this.what = report.what;
    this.kept = report.kept;
    this.next = report.next;
    this.detail = report.detail;
  }

  /** The same failure as plain data. */
  toReport(): FailureReport {
    const { code, subject, what, kept, next, detail } = this;
    return { code, subject, what, kept, next, detail };
  }

  /** The same failure, said of `subject`. A failure that already has a subject keeps it. */
  about(subject: string): Failure {
    return this.subject === undefined ? new Failure({ ...this.toReport(), subject }) : this;
  }

  /** Anything thrown, as a failure. What is not one of ours becomes `code` with the original words as detail. */
  static from(
    thrown: unknown,
    code: FailureCode = 'bug',
    what = 'Something went wrong inside Weaklens.',
  ): Failure {
    if (thrown instanceof Failure) return thrown;
    if (isAbort(thrown)) return new Failure({ code: 'cancelled', what: 'Cancelled.' });
    const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new Failure({ code, what, detail });
  }
}

/** The report as one line: `name: what kept next`. */
export function sentence({ subject, what, kept, next }: FailureReport): string {
  return [subject === undefined ? what : `${subject}: ${what}`, kept, next].filter(Boolean).join(' ');
}

/** Whether `thrown` is the reason of an aborted signal. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
