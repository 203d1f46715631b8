/** The demo's report: one HTML file with everything in it. */
import type { Evaluation } from '../engine/evaluation/evaluate.ts';
import type { TruthInterval } from '../engine/types.ts';

export interface ReportVideo {
  name: string;
  label: string;
  frames: number;
  fps: number;
  scores: number[];
  truth: TruthInterval[];
  /** The picture where the score is highest. */
  still: string | null;
}

export interface ReportSeed {
  seed: number;
  evaluation: Evaluation;
  alarms: number;
  trueAlarms: number;
  videos: ReportVideo[];
}

export interface Report {
  /** What was run, a line each. */
  facts: [string, string][];
  seeds: ReportSeed[];
  meanFrameAuc: number;
}

const WIDTH = 640;
const HEIGHT = 72;

export function reportPage({ facts, seeds, meanFrameAuc }: Report): string {
  const [first] = seeds;
  const rows = seeds.map(({ seed, evaluation, alarms, trueAlarms }) => {
    const { frameAuc, videoAuc, averagePrecision, falseAlarmsPerHour } = evaluation;
    const cells = [
      seed,
      figure(frameAuc),
      figure(averagePrecision),
      figure(videoAuc),
      `${trueAlarms} of ${alarms}`,
      figure(falseAlarmsPerHour, 0),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>Weaklens demo</title>
<style>${STYLE}</style>
<h1>Weaklens demo</h1>
<p>Drawn videos of one street camera. The head was told one bit per training video, and never where or when.
Below: what it makes of videos that it has not seen.</p>
<dl>${facts.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join('')}</dl>
<h2>Figures</h2>
<table>
<thead><tr><th>Seed</th><th>Frame AUC</th><th>AP</th><th>Video AUC</th><th>True alarms</th><th>False alarms an hour</th></tr></thead>
<tbody>${rows.join('')}</tbody>
<tfoot><tr><th>Mean</th><td><b>${figure(meanFrameAuc)}</b></td><td colspan="4"></td></tr></tfoot>
</table>
<h2>Test videos, seed ${first.seed}</h2>
<p class="key"><span class="score"></span> score <span class="truth"></span> truth (hidden from training) <span class="line"></span> alarm threshold</p>
${first.videos.map((video) => figureOf(video, first.evaluation.threshold)).join('\n')}
</html>
`;
}

function figureOf(
  { name, label, frames, fps, scores, truth, still }: ReportVideo,
  threshold: number,
): string {
  const x = (frame: number) => ((frame / frames) * WIDTH).toFixed(1);
  const y = (score: number) => (4 + (1 - score) * (HEIGHT - 8)).toFixed(1);
  const path = scores
    .map(
      (score, i) =>
        `${i === 0 ? 'M' : 'L'}${x(i * 16)} ${y(score)}L${x(Math.min((i + 1) * 16, frames))} ${y(score)}`,
    )
    .join('');
  const bands = truth.map(
    ({ startFrame, endFrame, class: kind }) =>
      `<rect class="truth" x="${x(startFrame - 1)}" y="0" width="${x(endFrame - startFrame + 1)}" height="${HEIGHT}"><title>${escape(kind)}</title></rect>`,
  );
  const peak = Math.max(...scores);
  const sentence = `${name}, ${label}: highest score ${peak.toFixed(2)}${truth.length > 0 ? `; truth: ${truth.map((t) => `${t.class}, frames ${t.startFrame} to ${t.endFrame}`).join(', ')}` : '; nothing unusual'}`;
  return `<figure>
${still ? `<img src="${still}" alt="Frame where the score of ${escape(name)} is highest" width="128">` : ''}
<div><figcaption><b>${escape(name)}</b> ${escape(label)}${truth.length > 0 ? `, ${escape(truth[0].class)}` : ''}, ${(frames / fps).toFixed(1)} s</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(sentence)}">
<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>${bands.join('')}
<path class="area" d="${path}L${WIDTH} ${y(0)}L0 ${y(0)}Z"/><path class="score" d="${path}"/>
<line x1="0" x2="${WIDTH}" y1="${y(threshold)}" y2="${y(threshold)}"/></svg></div>
</figure>`;
}

function figure(value: number | null, digits = 3): string {
  return value === null ? 'undefined' : value.toFixed(digits);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1b1f26,#ebe9e4);--soft:light-dark(#555b66,#a9aeb8);--line:light-dark(#dcd9d1,#2f343d);--ground:light-dark(#eceae4,#0f1114);--predicted:light-dark(#5a3ec2,#bda9ff);--true:light-dark(#006d57,#57d3b1)}
body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:32px auto;padding:0 16px;color:var(--ink);background:light-dark(#fff,#1b1e24)}
h1{margin:0 0 4px}h2{margin:28px 0 8px;font-size:17px}
dl{display:grid;gap:2px}dl div{display:flex;gap:12px}dt{width:140px;color:var(--soft)}dd{margin:0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{padding:3px 16px 3px 0;text-align:left;border-bottom:1px solid var(--line)}
figure{display:flex;gap:12px;align-items:center;margin:10px 0}figure div{flex:1}img{border-radius:4px}figcaption{font-size:13px;color:var(--soft)}figcaption b{color:var(--ink)}
svg{display:block;width:100%}.ground{fill:var(--ground)}svg .truth{fill:var(--true);opacity:.28}svg .score{fill:none;stroke:var(--predicted);stroke-width:2}.area{fill:var(--predicted);opacity:.16}line{stroke:var(--soft);stroke-dasharray:4 3}
.key{font-size:13px;color:var(--soft)}.key span{display:inline-block;width:22px;height:8px;margin-left:12px;vertical-align:middle}.key .score{background:var(--predicted)}.key .truth{background:var(--true);opacity:.4}.key .line{height:0;border-top:2px dashed var(--soft)}
`;
