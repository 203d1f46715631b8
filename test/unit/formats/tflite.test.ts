import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/engine/failure.ts';
import { writeSafetensors } from '../../../src/engine/formats/safetensors.ts';
import { readTflite } from '../../../src/engine/formats/tflite.ts';
import { Random } from '../../../src/engine/random.ts';
import { readShared, sharedIsHere } from '../../shared.ts';

/** A field of a flatbuffer's table; null where it is absent. */
type Field =
  | null
  | { int8: number }
  | { uint32: number }
  | { list: Uint8Array; items: number }
  | { tables: Table[] }
  | Table;
type Table = Field[];

const int8 = (value: number): Field => ({ int8: value });
const uint32 = (value: number): Field => ({ uint32: value });
const bytes = (data: Uint8Array): Field => ({ list: data, items: data.length });
const text = (value: string): Field => bytes(new TextEncoder().encode(value));
const list = (
  data: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
): Field => ({
  list: new Uint8Array(data.buffer),
  items: data.length,
});
const ints = (...values: number[]) => list(Int32Array.from(values));

/** Writes tables first and lists last, so that all offsets point forwards and one list may stand in many tables. */
function flatbuffer(root: Table): Uint8Array<ArrayBuffer> {
  const file = new DataView(new ArrayBuffer(1 << 16));
  [...'TFL3'].forEach((letter, i) => file.setUint8(4 + i, letter.charCodeAt(0)));
  let end = 8;
  const point = (from: number) => file.setUint32(from, end - from, true);
  const pendingLists: [number, { list: Uint8Array; items: number }][] = [];
  const write = (table: Table, from: number) => {
    file.setUint16(end, 4 + 2 * table.length, true);
    file.setUint16(end + 2, 4 + 4 * table.length, true);
    table.forEach((field, i) => file.setUint16(end + 4 + 2 * i, field ? 4 + 4 * i : 0, true));
    const start = end + 4 + 2 * table.length;
    file.setInt32(start, start - end, true);
    end = start;
    point(from);
    end += 4 + 4 * table.length;
    table.forEach((field, i) => {
      const at = start + 4 + 4 * i;
      if (field === null) return;
      if (Array.isArray(field)) write(field, at);
      else if ('int8' in field) file.setInt8(at, field.int8);
      else if ('uint32' in field) file.setUint32(at, field.uint32, true);
      else if ('list' in field) pendingLists.push([at, field]);
      else {
        point(at);
        file.setUint32(end, field.tables.length, true);
        const first = end + 4;
        end = first + 4 * field.tables.length;
        field.tables.forEach((item, n) => write(item, first + 4 * n));
      }
    });
  };
  write(root, 0);
  const written = new Map<object, number>();
  for (const [from, field] of pendingLists) {
    const position = written.get(field) ?? end;
    file.setUint32(from, position - from, true);
    if (position < end) continue;
    written.set(field, position);
    file.setUint32(end, field.items, true);
    new Uint8Array(file.buffer).set(field.list, end + 4);
    end += 4 + field.list.length;
  }
  return new Uint8Array(file.buffer.slice(0, end));
}

interface Parts {
  version?: number;
  weight?: Table;
  operatorInputs?: Field;
  moreTensors?: Table[];
  graphs?: Table[];
}

/** x [1,3] times an int8 matrix [2,3] with a scale per row, plus an int32 bias; and an operator of nobody's. */
function model({
  version = 3,
  weight,
  operatorInputs,
  moreTensors = [],
  graphs,
}: Parts = {}): Uint8Array<ArrayBuffer> {
  const perRow: Table = [
    null,
    null,
    list(Float32Array.of(0.5, 2)),
    list(BigInt64Array.of(0n, -1n)),
    null,
    null,
    uint32(0),
  ];
  const tensors: Table[] = [
    [ints(1, 3), null, null, text('x')],
    weight ?? [ints(2, 3), int8(9), uint32(1), text('weight'), perRow],
    [ints(2), int8(2), uint32(2), text('bias'), [null, null, list(Float32Array.of(0.25))]],
    [ints(1, 2), null, null, text('y')],
    [ints(), null, uint32(3), text('half'), [list(Float32Array.of(-1)), list(Float32Array.of(1))]],
    ...moreTensors,
  ];
  const operators: Table[] = [
    [null, operatorInputs ?? ints(0, 1, 2), ints(3)],
    [uint32(1), ints(3, -1), ints(3)],
    [uint32(2), ints(3), ints(3)],
  ];
  const graph: Table = [{ tables: tensors }, ints(0), ints(3), { tables: operators }];
  const buffers: Table[] = [
    [],
    [bytes(Uint8Array.of(1, 2, 3, 254, 255, 0))],
    [bytes(new Uint8Array(Int32Array.of(-4, 6).buffer))],
    [bytes(new Uint8Array(Float32Array.of(0.5).buffer))],
  ];
  return flatbuffer([
    uint32(version),
    {
      tables: [
        [int8(9), null, null, uint32(9)],
        [int8(32), text('Mine')],
        [int8(127), null, null, uint32(130)],
      ],
    },
    { tables: graphs ?? [graph] },
    null,
    { tables: buffers },
  ]);
}

/** The code of the Failure that a damaged file gives; null where it still reads. Any other error is a bug. */
function failureOf(damaged: Uint8Array): string | null {
  try {
    for (const tensor of readTflite(damaged).tensors) if (tensor.isConstant) tensor.values();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

test('tensors, operators and dequantised constants of a small model', () => {
  const { tensors, operators, name } = readTflite(model(), 'small.tflite');
  expect(name).toBe('small.tflite');
  expect(tensors.map(({ name, shape, type, isConstant }) => [name, shape, type, isConstant])).toEqual([
    ['x', [1, 3], 'float32', false],
    ['weight', [2, 3], 'int8', true],
    ['bias', [2], 'int32', true],
    ['y', [1, 2], 'float32', false],
    ['half', [], 'float32', true],
  ]);
  expect(tensors[1].quantisation).toEqual({ scales: [0.5, 2], zeroPoints: [0, -1], axis: 0 });
  expect([...tensors[1].values()]).toEqual([0.5, 1, 1.5, -2, 0, 2]);
  expect([...tensors[2].values()]).toEqual([-1, 1.5]);
  expect(tensors[4].quantisation).toBeNull();
  expect([...tensors[4].values()]).toEqual([0.5]);
  expect(operators).toEqual([
    { kind: 'FULLY_CONNECTED', inputs: [0, 1, 2], outputs: [3] },
    { kind: 'CUSTOM Mine', inputs: [3, -1], outputs: [3] },
    { kind: 'BUILTIN 130', inputs: [3], outputs: [3] },
  ]);
  expect(() => tensors[0].values()).toThrow(/tensor 0 has 0 bytes and should have 12/);
});

test('a scale for each index of the last axis', () => {
  const perColumn: Table = [null, null, list(Float32Array.of(1, 2, 4)), null, null, null, uint32(1)];
  const file = model({ weight: [ints(2, 3), int8(9), uint32(1), null, perColumn] });
  expect([...readTflite(file).tensors[1].values()]).toEqual([1, 4, 12, -2, -2, 0]);
});

describe('what is not sound is refused with the reason', () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52);
  const safetensors = writeSafetensors([['a', { shape: [1], values: new Float32Array(1) }]]);
  const weight = (shape: Field, type = 9, quantisation: Field = null, buffer = 1): Table => [
    shape,
    int8(type),
    uint32(buffer),
    text('weight'),
    quantisation,
  ];
  const scales = (...values: number[]): Table => [null, null, list(Float32Array.from(values))];
  const longName = bytes(new Uint8Array(1000));
  test.each([
    ['nothing', new Uint8Array(0), /it has 0 bytes/],
    ['a PNG', png, /lacks the mark "TFL3"/],
    ['a safetensors file', safetensors, /lacks the mark "TFL3"/],
    [
      'the mark alone',
      Uint8Array.of(255, 255, 255, 255, ...new TextEncoder().encode('TFL3')),
      /outside the file/,
    ],
    ['another version', model({ version: 2 }), /version is 2/],
    ['no graph', model({ graphs: [] }), /no graph/],
    ['a negative shape', model({ weight: weight(ints(-1, 3)) }), /tensor 1 has the shape \[-1,3\]/],
    ['too many axes', model({ weight: weight(ints(...new Array(9).fill(1))) }), /9 dimensions/],
    ['a huge shape', model({ weight: weight(ints(2147483647, 2147483647)) }), /should have 461168/],
    ['a type without a reader', model({ weight: weight(ints(2, 3), 5) }), /not read here \(string\)/],
    ['no such buffer', model({ weight: weight(ints(2, 3), 9, null, 7) }), /buffer that is not there/],
    ['no such tensor', model({ operatorInputs: ints(0, 5) }), /operator 0 refers to a tensor/],
    [
      'too few scales',
      model({ weight: weight(ints(6, 1), 9, scales(1, 1)) }),
      /2 scales along axis 0 of \[6,1\]/,
    ],
    ['a scale of NaN', model({ weight: weight(ints(2, 3), 9, scales(NaN)) }), /not a number/],
    [
      'a list in many places',
      model({ moreTensors: new Array(20).fill([null, null, null, longName]) }),
      /overlap/,
    ],
  ])('%s', (_, file, reason) => {
    const read = () => readTflite(file, 'x.tflite').tensors[1].values();
    expect(read).toThrow(reason);
    expect(read).toThrow(/^x\.tflite: .* Choose a \.tflite file/);
    expect(read).toThrow(Failure);
  });
});

test('a small model cut short anywhere is refused', () => {
  const whole = model();
  for (let length = 0; length < whole.length; length++)
    expect(failureOf(whole.subarray(0, length))).toBe('format-invalid');
});

test('a small model with any byte changed is read or refused, and nothing else happens', () => {
  const whole = model();
  let refused = 0;
  for (let i = 0; i < whole.length; i++) {
    for (const mask of [1, 2, 0x10, 0x80, 0xff]) {
      const damaged = whole.slice();
      damaged[i] ^= mask;
      if (failureOf(damaged) !== null) refused++;
    }
  }
  expect(refused).toBeGreaterThan(whole.length);
});

describe.skipIf(!sharedIsHere)('MoViNet-A0-Stream as it was published', () => {
  const file = async () => (await readShared('weights/movinet-a0-stream/movinet_a0_stream_int8.tflite'))!;

  test('has its 452 tensors and 227 operators', async () => {
    const { tensors, operators } = readTflite(await file());
    expect([tensors.length, operators.length]).toEqual([452, 227]);
    const stem = operators.find(({ kind }) => kind === 'CONV_2D')!;
    const weight = tensors[stem.inputs[1]];
    expect([weight.shape, weight.type, weight.quantisation?.scales.length]).toEqual([
      [8, 3, 3, 3],
      'int8',
      8,
    ]);
  });

  test('cut short at many lengths is refused', { timeout: 20_000 }, async () => {
    const whole = await file();
    const random = new Random(0).stream('lengths');
    const lengths = [1, 2, 100, 1000, ...Array.from({ length: 60 }, () => random.below(whole.length))];
    for (const length of lengths) expect(failureOf(whole.subarray(0, length))).toBe('format-invalid');
    expect(failureOf(whole.subarray(0, whole.length - 16))).toBe('format-invalid');
  });

  test('with bytes changed is read or refused', { timeout: 20_000 }, async () => {
    const whole = await file();
    const random = new Random(0).stream('flips');
    for (let round = 0; round < 40; round++) {
      const damaged = whole.slice();
      for (let flip = 0; flip < 100; flip++) damaged[random.below(whole.length)] ^= 1 + random.below(255);
      expect([null, 'format-invalid']).toContain(failureOf(damaged));
    }
  });
});
