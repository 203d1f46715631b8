import { expect, test } from 'vitest';
import { readAnnotations } from '../../../src/engine/datasets/annotations.ts';
import { isPlainPickle, sniff } from '../../../src/engine/formats/sniff.ts';
import { readUcfBoxes } from '../../../src/engine/formats/ucf-boxes.ts';

const text = (written: string) => new TextEncoder().encode(written);
const bytes = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

/**
 * `{'Fall001_x264': [['/x/Fall001_x264/image_0017.jpg', 10, 20, 30, 40], [the same, 25.5, 10, 60, 35],
 * ['/x/Fall001_x264/image_0033.jpg', '1', '2', '3', '4']]}` as Python 2 wrote it where nobody asked for a protocol, which
 * is how the real files are; then as Python 3.12 writes it with protocols 2 and 4.
 */
const PROTOCOL_0 = `(dp0
S'Fall001_x264'
p1
(lp2
(lp3
S'/x/Fall001_x264/image_0017.jpg'
p4
aI10
aI20
aI30
aI40
aa(lp5
g4
aF25.5
aI10
aI60
aI35
aa(lp6
S'/x/Fall001_x264/image_0033.jpg'
p7
aS'1'
aV2
aS"3"
aL4L
aas.`;
const PROTOCOL_2 =
  'gAJ9cQBYDAAAAEZhbGwwMDFfeDI2NHEBXXECKF1xAyhYHgAAAC94L0ZhbGwwMDFfeDI2NC9pbWFnZV8wMDE3LmpwZ3EESwpLFEseSyhlXXEFKGgER0A5gAAAAAAASwpLPEsjZV1xBihYHgAAAC94L0ZhbGwwMDFfeDI2NC9pbWFnZV8wMDMzLmpwZ3EHWAEAAAAxcQhYAQAAADJxCVgBAAAAM3EKWAEAAAA0cQtlZXMu';
const PROTOCOL_4 =
  'gASVjgAAAAAAAAB9lIwMRmFsbDAwMV94MjY0lF2UKF2UKIweL3gvRmFsbDAwMV94MjY0L2ltYWdlXzAwMTcuanBnlEsKSxRLHksoZV2UKGgER0A5gAAAAAAASwpLPEsjZV2UKIweL3gvRmFsbDAwMV94MjY0L2ltYWdlXzAwMzMuanBnlIwBMZSMATKUjAEzlIwBNJRlZXMu';

/** `{'a': [['image_0001.jpg', np.int64(1), np.float32(2.5), np.uint8(200), np.float64(4)]]}` by NumPy 2.4, protocols 0, 2, 4. */
const NUMPY = [
  'KGRwMApWYQpwMQoobHAyCihscDMKVmltYWdlXzAwMDEuanBnCnA0CmFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcDUKKGNudW1weQpkdHlwZQpwNgooVmk4CnA3CkkwMApJMDEKdHA4ClJwOQooSTMKVjwKcDEwCk5OTkktMQpJLTEKSTAKdHAxMQpiY19jb2RlY3MKZW5jb2RlCnAxMgooVgFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDAKcDEzClZsYXRpbjEKcDE0CnRwMTUKUnAxNgp0cDE3ClJwMTgKYWc1CihnNgooVmY0CnAxOQpJMDAKSTAxCnRwMjAKUnAyMQooSTMKZzEwCk5OTkktMQpJLTEKSTAKdHAyMgpiZzEyCihWXHUwMDAwXHUwMDAwIEAKcDIzCmcxNAp0cDI0ClJwMjUKdHAyNgpScDI3CmFnNQooZzYKKFZ1MQpwMjgKSTAwCkkwMQp0cDI5ClJwMzAKKEkzClZ8CnAzMQpOTk5JLTEKSS0xCkkwCnRwMzIKYmcxMgooVsgKcDMzCmcxNAp0cDM0ClJwMzUKdHAzNgpScDM3CmFnNQooZzYKKFZmOApwMzgKSTAwCkkwMQp0cDM5ClJwNDAKKEkzCmcxMApOTk5JLTEKSS0xCkkwCnRwNDEKYmcxMgooVlx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMFx1MDAwMBBACnA0MgpnMTQKdHA0MwpScDQ0CnRwNDUKUnA0NgphYXMu',
  'gAJ9cQBYAQAAAGFxAV1xAl1xAyhYDgAAAGltYWdlXzAwMDEuanBncQRjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQVjbnVtcHkKZHR5cGUKcQZYAgAAAGk4cQeJiIdxCFJxCShLA1gBAAAAPHEKTk5OSv////9K/////0sAdHELYmNfY29kZWNzCmVuY29kZQpxDFgIAAAAAQAAAAAAAABxDVgGAAAAbGF0aW4xcQ6GcQ9ScRCGcRFScRJoBWgGWAIAAABmNHETiYiHcRRScRUoSwNoCk5OTkr/////Sv////9LAHRxFmJoDFgEAAAAAAAgQHEXaA6GcRhScRmGcRpScRtoBWgGWAIAAAB1MXEciYiHcR1ScR4oSwNYAQAAAHxxH05OTkr/////Sv////9LAHRxIGJoDFgCAAAAw4hxIWgOhnEiUnEjhnEkUnElaAVoBlgCAAAAZjhxJomIh3EnUnEoKEsDaApOTk5K/////0r/////SwB0cSliaAxYCAAAAAAAAAAAABBAcSpoDoZxK1JxLIZxLVJxLmVhcy4=',
  'gASVHwEAAAAAAAB9lIwBYZRdlF2UKIwOaW1hZ2VfMDAwMS5qcGeUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwGc2NhbGFylJOUjAVudW1weZSMBWR0eXBllJOUjAJpOJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiQwgBAAAAAAAAAJSGlFKUaAdoCowCZjSUiYiHlFKUKEsDaA5OTk5K/////0r/////SwB0lGJDBAAAIECUhpRSlGgHaAqMAnUxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGJDAciUhpRSlGgHaAqMAmY4lImIh5RSlChLA2gOTk5OSv////9K/////0sAdJRiQwgAAAAAAAAQQJSGlFKUZWFzLg==',
];

test.each([
  ['0', text(PROTOCOL_0)],
  ['2', bytes(PROTOCOL_2)],
  ['4', bytes(PROTOCOL_4)],
])('protocol %s: pictures are counted from 1, and the boxes of one are united', (_, file) => {
  expect([sniff(file), isPlainPickle(file)]).toEqual(['pytorch', true]);
  expect(readUcfBoxes(file, 'x.pkl')).toEqual(
    new Map([['Fall001_x264', { byFrame: { 16: [10, 10, 60, 40], 32: [1, 2, 3, 4] }, picture: [320, 240] }]]),
  );
});

test.each(NUMPY)('single numbers of NumPy are numbers', (file) => {
  expect(readUcfBoxes(bytes(file), 'x.pkl').get('a')!.byFrame).toEqual({ 0: [1, 2.5, 200, 4] });
});

test('a picture numbered 0 says that all are counted from 0; a box beyond 320 x 240, that the picture is another', () => {
  const file = (rows: string) => text(`(dp0\nS'a.mp4'\np1\n(lp2\n${rows}s.`);
  const row = (number: string, corners: number[]) =>
    `(lS'image_${number}.jpg'\n${corners.map((one) => `aI${one}\n`).join('')}aa`;
  const corners = [1, 2, 3, 4];
  const fromZero = readUcfBoxes(file(row('0000', corners) + row('0016', corners)), 'x.pkl');
  expect(fromZero.get('a')).toEqual({ byFrame: { 0: corners, 16: corners }, picture: [320, 240] });
  const large = readUcfBoxes(file(row('0001', [0, 0, 640, 480])), 'x.pkl');
  expect(large.get('a')!.picture).toBeNull();
});

test('alone it is an annotation like others', () => {
  const read = readAnnotations(text(PROTOCOL_0), 'Test_annotation.pkl');
  expect(read.kind === 'boxes' && [...read.boxes.keys()]).toEqual(['Fall001_x264']);
});

test.each([
  [
    'code, protocol 0',
    'KGRwMApWYQpwMQpjcG9zaXgKc3lzdGVtCnAyCihWdHJ1ZQpwMwp0cDQKUnA1CnMu',
    /code \(it refers to posix\.system\).*plain values/,
  ],
  [
    'code, protocol 4',
    'gASVJgAAAAAAAAB9lIwBYZSMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpRzLg==',
    /code \(it refers to posix\.system\)/,
  ],
  [
    'three corners',
    'gASVJgAAAAAAAAB9lIwBYZRdlF2UKIwOaW1hZ2VfMDAwMS5qcGeUSwFLAksDZWFzLg==',
    /a box of a is not \[picture, x1, y1, x2, y2\]/,
  ],
])('%s is refused', (_, file, reason) => {
  expect(() => readUcfBoxes(bytes(file), 'x.pkl')).toThrow(reason);
});

test.each([
  ['a cut file', PROTOCOL_0.slice(0, 90), /its list of boxes breaks off/],
  ['a list', "(dp0\nS'a'\nI1\ns.", /"a" is not the name of a video with a list of boxes/],
  ['an empty dict', '(dp0\n.', /it has no boxes/],
  ['an object', "(dp0\nS'a'\n(ios\nsystem\ns.", /instruction 0x69/],
  ['a box inside out', "(dp0\nS'a'\n(l(lS'i_1.jpg'\naI9\naI0\naI1\naI1\naas.", /is not \[picture/],
  [
    'a frame that no video has',
    "(dp0\nS'a'\n(l(lS'i_900000000.jpg'\naI0\naI0\naI1\naI1\naas.",
    /more than 100,000,000 frames/,
  ],
  ['not a number', "(dp0\nS'a'\n(l(lS'i_1.jpg'\naInan\naI0\naI1\naI1\naas.", /a number in it is none/],
])('%s is refused', (_, file, reason) => {
  expect(() => readUcfBoxes(text(file), 'x.pkl')).toThrow(reason);
});

test('a hostile file costs no more than its length: many names of one video, and a text without an end', () => {
  // A dict whose keys, 0/a, 1/a, ..., all name the video "a", each with the same list of one box.
  const keys = Array.from({ length: 40_000 }, (_, i) => `S'${i}/a'\ng1\n`).join('');
  const many = text(
    `(dp0\nS'x'\n(lp1\n(S'p_1.jpg'\nI1\nI2\nI3\nI4\nlas${keys.replaceAll(/\ng1\n/g, '\ng1\ns')}.`,
  );
  const started = performance.now();
  expect([...readUcfBoxes(many, 'x.pkl').keys()].sort()).toEqual(['a', 'x']);
  const endless = new Uint8Array((16 << 20) + 7).fill(0x61);
  endless.set([0x80, 2, 0x7d, 0x54, 0, 0, 0, 1]); // BINSTRING of 16 MB, and then nothing
  expect(() => readUcfBoxes(endless, 'x.pkl')).toThrow(/not a sound file of boxes/);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a video without boxes is not annotated', () => {
  const file = text("(dp0\nS'none'\n(lsS'some'\n(l(S'p_1.jpg'\nI1\nI2\nI3\nI4\nlas.");
  expect([...readUcfBoxes(file, 'x.pkl').keys()]).toEqual(['some']);
});
