/** The tabs of the evidence, in order, each with its sentence. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  Figures: 'What the run on screen is worth over the test part.',
  Curve: 'ROC and precision-recall, the operating point, and the alarms that are false or missing.',
  Attention: 'What the head looks at, from the first step of the run to the last.',
  Provenance: 'How the score under the cursor came about, back to the frames.',
  Runs: 'Every run of this project, to draw, to keep or to delete.',
  Cost: 'What lies in this browser, and what computes.',
};
