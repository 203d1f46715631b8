/** What a link leaves out of the page, for a lesson: controls that are not there, and whose keys do nothing. */
class Lesson {
  hidden = $state.raw<ReadonlySet<string>>(new Set());

  /** Whether a control is there. */
  shows(control: string): boolean {
    return !this.hidden.has(control);
  }
}

export const lesson = new Lesson();
