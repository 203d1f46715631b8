import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { readJsonFile } from '../../../src/engine/formats/json-file.ts';
import { parseObject, readJson } from '../../../src/engine/formats/json.ts';

const parse = (text: string | Uint8Array) =>
  parseObject(text, (why) => {
    throw new Error(why);
  });

test('any object that JSON can hold is read as JSON reads it', () => {
  const name = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
  const values = fc
    .jsonValue({ maxDepth: 5 })
    .filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(fc.dictionary(name, values), fc.constantFrom('', '\ufeff'), (value, mark) => {
      expect(parse(mark + JSON.stringify(value, null, 1))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test.each([
  ['an empty file', '', /empty/],
  ['a list', '[]', /a list/],
  ['null', 'null', /null, not an object/],
  ['a repeated name', '{"a":1,"b":{"c":1,"c":2}}', /the name "c" occurs twice/],
  ['one repeated in other letters', '{"a":1,"\\u0061":2}', /the name "a" occurs twice/],
  ['a prototype', '{"a":{"__proto__":{"x":1}}}', /"__proto__", which is none for data/],
  ['depth', `{"a":${'['.repeat(200_000)}`, /nested more than 64 deep/],
  ['NaN', '{"a":[1, NaN]}', /it has NaN/],
  ['half an object', '{"a":1', /not JSON/],
])('%s is refused', (_, text, why) => {
  expect(() => parse(text)).toThrow(why);
});

test('text that is no UTF-8 is refused, and a brace in a text opens nothing', () => {
  expect(() => parse(Uint8Array.of(0xff, 0xfe, 0x7b, 0))).toThrow(/UTF-16/);
  expect(() => parse(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d))).toThrow(/not UTF-8/);
  expect(parse('{"a":"{[\\"{","b":"x"}')).toEqual({ a: '{["{', b: 'x' });
});

test('a later version is told apart from nonsense', () => {
  const schema = v.object({ version: v.literal(1) });
  expect(readJson(schema, '{"version":1}', 'x.json', { newest: 1 })).toEqual({ version: 1 });
  expect(() => readJson(schema, '{"version":2}', 'x.json', { newest: 1 })).toThrow(
    /^x\.json: It was made by a later version of Weaklens \(format 2; 1 is read here\)/,
  );
  expect(() => readJson(schema, '{"version":"1"}', 'x.json', { newest: 1 })).toThrow(/at version/);
});

test('a run speaks of the weights beside it, and they must be those', async () => {
  const weights = new TextEncoder().encode('weights');
  const hash = 'b8535cdd9d0a2f1a0e8b3c8d4f3d1c3f'.padEnd(64, '0');
  const text = (hash: string) =>
    new TextEncoder().encode(JSON.stringify({ head: 'rtfm', config: { k: 3 }, seed: 1, step: 7, hash }));
  const { createHash } = await import('node:crypto');
  const own = createHash('sha256').update(weights).digest('hex');
  const beside = (name: string) => Promise.resolve(name === 'run.safetensors' ? weights : null);
  const alone = () => Promise.resolve(null);
  await expect(readJsonFile(text(own), 'run.json', beside)).resolves.toEqual({
    kind: 'run',
    says: 'a run of rtfm, 7 steps',
    warnings: [],
  });
  await expect(readJsonFile(text(hash), 'run.json', beside)).rejects.toThrow(/have changed/);
  const { warnings } = await readJsonFile(text(own), 'run.json', alone);
  expect(warnings).toEqual([expect.stringMatching(/run\.safetensors, are not beside it/)]);
  await expect(readJsonFile(new TextEncoder().encode('{"x":1}'), 'x.json', alone)).rejects.toThrow(
    /none of the kinds/,
  );
});
