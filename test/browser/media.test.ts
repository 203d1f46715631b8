import { describe, expect, test } from 'vitest';
import { judge, readMediaIndex, walkMedia, type MediaEntry } from '../media.ts';

/** A dozen that stand for the kinds of trouble; `npm run test:long` takes the whole folder. */
const CORE = [
  'gen__ok_gop25.mp4',
  'gen__bitflip40_seed3.mp4',
  'gen__bitflip30_seed2.webm',
  'gen__trunc50_faststart.mp4',
  'gen__trunc50_moov_at_end.mp4',
  'gen__hevc_main.mp4',
  'gen__audio_only.mp4',
  'gen__html_named.mp4',
  'gen__zero_bytes.mp4',
  'gen__start_at_1h.mp4',
  'gen__fps_0.1.mp4',
  'gen__two_video_tracks.mp4',
  'gen__webm_named.mp4',
  'ax__invalid-bitstream.webm',
];

const isLong = import.meta.env.VITE_TEST_LONG === '1';
const index = await readMediaIndex();
const entries = isLong ? index : index.filter(({ file }) => CORE.includes(file));

describe.skipIf(index.length === 0)('odd and broken media', () => {
  test.each(entries.map((entry) => [entry.file, entry] as const))(
    '%s',
    { timeout: 90_000 },
    async (file, entry) => {
      const walk = await walkMedia(file, isLong ? 20 : 8);
      report(entry, walk);
      expect(judge(entry, walk)).toBeNull();
      expect(walk.mostOpen).toBeLessThanOrEqual(4);
    },
  );
});

function report({ file, asks }: MediaEntry, walk: Awaited<ReturnType<typeof walkMedia>>): void {
  const surprise =
    asks.startsWith('refuse') && walk.outcome === 'played' ? ' (played, though the index says refuse)' : '';
  const { outcome, frames, lost, gaps, sampled, mostOpen, longestSilence, mean, failure } = walk;
  console.info(
    `${file}: ${outcome}${surprise}, ${frames} frames, ${lost} lost in ${gaps} gaps, ${sampled} sampled, ` +
      `open ${mostOpen}, silence ${longestSilence} ms, mean ${mean.toFixed(3)}${failure ? `, ${failure.code}: ${failure.message} [${failure.detail ?? ''}]` : ''} <- ${asks}`,
  );
}
