/** The tabs of the evidence, in order, each with its sentence: in English, translated where they are drawn. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  Figures: 'What the run on screen is worth over the test part.',
  Curve: 'ROC and precision-recall, the operating point, and the alarms that are false or missing.',
  Protocol: 'The same scores, judged as other papers judge them: what each choice does to the figure.',
  Attention: 'What the head looks at, from the first step of the run to the last.',
  Provenance: 'How the score under the cursor came about, back to the frames.',
  Space: 'Every segment as a point, before and after the head, and how long bags’ features are.',
  Bag: 'A bag of your own making: its scores, what speaks for it and what the loss makes of it.',
  Runs: 'Every run of this project, to draw, to keep or to delete.',
  Experiments: 'The papers’ tables over this project: a queue of runs that goes on by itself.',
  Import: 'What the latest folder of features came to, video by video.',
  Cost: 'Time by stage, what computes, what lies in this browser and can be freed.',
};
