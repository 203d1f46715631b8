/** What the page has to say: failures that stay until they are read, and milestones that pass. */
import type { FailureReport } from '../../engine/failure.ts';
import type { Refusal } from '../../workers/script.ts';
import { t } from '../text/text.svelte.ts';

export interface Notice {
  id: number;
  kind: 'failure' | 'warning' | 'done';
  /** The file or video it is about. */
  subject?: string;
  text: string;
  /** The way out, or what was kept. */
  more?: string;
  action?: { label: string; run: () => void };
}

/** Milestones pass after this many milliseconds. */
const PASSING = 7000;

export class Notices {
  list = $state.raw<Notice[]>([]);
  /** Words of the libraries underneath, for the diagnostics. */
  readonly details: string[] = [];
  #count = 0;

  say(text: string, action?: Notice['action']): void {
    const id = this.#add({ kind: 'done', text, action });
    setTimeout(() => this.dismiss(id), PASSING);
  }

  /** Something that can be done now, until someone does it or closes it. */
  ask(text: string, action: Notice['action']): void {
    this.#add({ kind: 'done', text, action });
  }

  warn(text: string, subject?: string): void {
    this.#add({ kind: 'warning', text, subject });
  }

  /** A failure, once: cancelling is no failure. */
  fail(error: unknown, subject?: string): void {
    const report = toReport(error);
    if (report.code === 'cancelled') return;
    if (report.detail) this.details.push(`${report.code}: ${report.detail}`);
    const more = [report.kept, report.next].filter(Boolean).join(' ');
    this.#add({ kind: 'failure', subject: report.subject ?? subject, text: report.what, more });
  }

  /** A failure of one file among several, and the same for whoever asked. */
  refuse(error: unknown, name: string): Refusal {
    this.fail(error, name);
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = ++this.#count;
    const isSame = (other: Notice) => other.text === notice.text && other.subject === notice.subject;
    this.list = [...this.list.filter((other) => !isSame(other)), { ...notice, id }];
    return id;
  }
}

/** Anything thrown, as a report. What the workers reject with has the fields of one already. */
export function toReport(error: unknown): FailureReport {
  if (error instanceof Error && 'code' in error && 'what' in error) return error as Error & FailureReport;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'bug',
    what: t('Something went wrong inside Weaklens.'),
    next: t('Copy the diagnostics and report it.'),
    detail,
  };
}
