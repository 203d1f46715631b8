import { describe, expect, test } from 'vitest';
import { notesOf, parseNotes } from '../../../src/engine/formats/notes.ts';

const snippet = { firstFrame: 0, lastFrame: 15, startSeconds: 0, endSeconds: 0.6, missing: false };
const gap = { firstFrame: 3, lastFrame: 4, startSeconds: 0.1, endSeconds: 0.2 };
const notes = notesOf('gate.mp4', 25, {
  features: { shape: [1, 1], values: Float32Array.of(1) },
  snippets: [snippet],
  rowFrames: 16,
  gaps: [gap],
  frameSeconds: Float64Array.of(0, 0.04),
  warnings: ['It was cut short.'],
  provenance: {
    videoHash: 'h',
    backbone: 'weaklens-a0',
    backboneHash: 'b',
    framesPerSecond: 5,
    crops: 1,
    backend: 'wasm',
    pixels: 'copyTo',
    sampledFrames: 1,
    seconds: { decode: 1, pixels: 1, backbone: 1, total: 3 },
  },
});

test('notes come back as they were; what other tools add is let pass', () => {
  expect(parseNotes(JSON.stringify({ ...notes, licence: 'ours' }), 'gate.json')).toEqual(notes);
});

test('what stands beside features need say no more than what it is of', () => {
  const { timestamps, snippets, backbone, hash, videoHash } = notes;
  expect(parseNotes(JSON.stringify({ timestamps, snippets, backbone, hash, videoHash }), 'a.json')).toEqual({
    ...{ name: '', frames: 0, fps: null, gaps: [], warnings: [], sampledFps: 0, sampledFrames: 0, crops: 1 },
    ...{ backend: 'cpu', pixels: 'copyTo', seconds: { decode: 0, pixels: 0, backbone: 0, total: 0 } },
    ...{ timestamps, snippets, backbone, hash, videoHash },
  });
});

describe('what is not as it should be is named', () => {
  test.each<[string, object, RegExp]>([
    ['gaps in words', { gaps: 'x' }, /at gaps/],
    ['a gap in words', { gaps: [{ ...gap, lastFrame: 'x' }] }, /at gaps\.0\.lastFrame/],
    ['a number for warnings', { warnings: 7 }, /at warnings/],
    ['crops in words', { crops: 'many' }, /at crops/],
    ['no crops', { crops: 0 }, /at crops/],
    ['a rate in words', { fps: '25' }, /at fps/],
    ['another backend', { backend: 'abacus' }, /at backend/],
    ['a width of none', { rowFrames: 0 }, /at rowFrames/],
    ['times in words', { timestamps: ['x'] }, /at timestamps\.0/],
    ['no times', { timestamps: undefined }, /at timestamps/],
    ['no backbone', { backbone: undefined }, /at backbone/],
    [
      'a snippet that ends before it begins',
      { snippets: [{ ...snippet, firstFrame: 16 }] },
      /at snippets\.0 .it ends before it begins/,
    ],
    ['a gap that does', { gaps: [{ ...gap, lastFrame: 2 }] }, /at gaps\.0 .it ends before it begins/],
    ['frames before the first', { snippets: [{ ...snippet, firstFrame: -1 }] }, /at snippets\.0\.firstFrame/],
  ])('%s', (_, change, why) => {
    const parse = () => parseNotes(JSON.stringify({ ...notes, ...change }), 'gate.json');
    expect(parse).toThrow(why);
    expect(parse).toThrow(expect.objectContaining({ code: 'format-invalid', subject: 'gate.json' }));
  });
});
