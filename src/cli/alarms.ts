/** Alarms of a scored video, counted as the page draws them: runs of snippets at or above the threshold. */
export function findAlarmsOf(
  {
    scores,
    truth,
  }: { scores: readonly number[]; truth: readonly { startFrame: number; endFrame: number }[] },
  threshold: number,
): { alarms: number; trueAlarms: number } {
  let [alarms, trueAlarms] = [0, 0];
  for (let start = 0; start < scores.length; start++) {
    if (scores[start] < threshold || scores[start - 1] >= threshold) continue;
    let end = start;
    while (scores[end + 1] >= threshold) end++;
    alarms++;
    const [first, last] = [start * 16 + 1, (end + 1) * 16];
    if (truth.some(({ startFrame, endFrame }) => startFrame <= last && endFrame >= first)) trueAlarms++;
  }
  return { alarms, trueAlarms };
}
