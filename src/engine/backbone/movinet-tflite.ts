/**
 * The weights of MoViNet-A0-Stream out of its TFLite original, by the engine's names and in its layouts.
 *
 * The graph says what each constant is for. The convolutions along the main path (stem; expand and project of every
 * block; head; classifier) each need the output of the one before, so they can only stand in the order of the network;
 * and likewise the spatial convolutions, the temporal ones and the scales. The skip of a block may stand anywhere among
 * the rest of it: it is told by its input, an average pool.
 */
import { Failure } from '../failure.ts';
import type { TfliteModel, TfliteTensor } from '../formats/tflite.ts';
import type { NumericArray } from '../types.ts';
import { A0_STREAM, weightShapes } from './movinet.ts';

const ROLES = ['main', 'skip', 'spatial', 'temporal', 'scale'] as const;
type Role = (typeof ROLES)[number];

/** The constants of one operator. */
interface Layer {
  weight?: TfliteTensor;
  bias?: TfliteTensor;
}

type Refuse = (why: string) => never;

/**
 * Names the weights: the backbone's as {@link weightShapes} has them, and in that order; the classifier's
 * `hidden.weight` `[480,2048]`, `hidden.bias`, `logits.weight` `[2048,600]`, `logits.bias`, or null where the model
 * ends with the head.
 * @throws Failure `weights-mismatch` when it is another network, `format-invalid` when a constant is damaged
 */
export function movinetFromTflite(model: TfliteModel): {
  backbone: Map<string, NumericArray>;
  classifier: Map<string, NumericArray> | null;
} {
  const refuse: Refuse = (why) => {
    throw new Failure({
      code: 'weights-mismatch',
      subject: model.name,
      what: `This is not MoViNet-A0-Stream: ${why}.`,
      next: 'Use movinet_a0_stream_int8.tflite of the TensorFlow Model Garden.',
    });
  };
  const layers = layersByRole(model);
  const next = (role: Role, name: string) => layers[role].shift() ?? refuse(`it has no "${name}"`);
  const shapes = weightShapes(A0_STREAM);
  const backbone = new Map<string, NumericArray>();
  const add = (name: string, found: NumericArray) => {
    const [is, should] = [found.shape.join(), shapes.get(name)!.join()];
    if (is !== should) refuse(`"${name}" is [${is}] and should be [${should}]`);
    backbone.set(name, found);
  };
  for (const path of shapes.keys()) {
    const [, name, part] = /^(.+)\.(\w+)$/.exec(path)!;
    if (part === 'scale')
      add(path, overPicture(constant(next('scale', path).weight, path, refuse), path, refuse));
    if (part !== 'weight') continue;
    const layer = next(ROLES.find((role) => name.endsWith(`.${role}`)) ?? 'main', name);
    add(path, firstAxisLast(constant(layer.weight, path, refuse)));
    add(`${name}.bias`, constant(layer.bias, `${name}.bias`, refuse));
  }
  const classifier = layers.main.length > 0 ? classifierOf(layers.main.splice(0), refuse) : null;
  const rest = ROLES.flatMap((role) => layers[role]);
  if (rest.length > 0) refuse(`it has layers that the network has not (${rest.length})`);
  return { backbone, classifier };
}

function layersByRole({ operators, tensors }: TfliteModel): Record<Role, Layer[]> {
  const layers: Record<Role, Layer[]> = { main: [], skip: [], spatial: [], temporal: [], scale: [] };
  /** Which kind of operator made a tensor, whatever shape it was given since. */
  const madeBy = new Map<number, string | undefined>();
  for (const { kind, inputs, outputs } of operators) {
    const source = madeBy.get(inputs[0]);
    const [, weight, bias] = inputs.map((index): TfliteTensor | undefined => tensors[index]);
    if (kind === 'CONV_2D') layers[source === 'AVERAGE_POOL_2D' ? 'skip' : 'main'].push({ weight, bias });
    // Stored as [1,height,width,channels]; where frames are the height, all pixels are the width.
    if (kind === 'DEPTHWISE_CONV_2D')
      layers[weight?.shape[2] === 1 ? 'temporal' : 'spatial'].push({ weight, bias });
    // The mean over the picture is a product with a constant too, but not of a convolution.
    if (kind === 'MUL' && source === 'CONV_2D' && weight?.isConstant) layers.scale.push({ weight });
    for (const output of outputs) madeBy.set(output, kind === 'RESHAPE' ? source : kind);
  }
  return layers;
}

function constant(tensor: TfliteTensor | undefined, name: string, refuse: Refuse): NumericArray {
  if (!tensor?.isConstant) return refuse(`"${name}" is not a constant of it`);
  return { shape: tensor.shape, values: tensor.values() };
}

/** `[outputs,height,width,inputs]` to `[height,width,inputs,outputs]`. */
function firstAxisLast({ shape: [outputs = 1, ...rest], values }: NumericArray): NumericArray {
  const moved = new Float32Array(values.length);
  const count = values.length / outputs;
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < count; i++) moved[i * outputs + o] = values[o * count + i];
  return { shape: [...rest, outputs], values: moved };
}

/** A scale, of which the file has a copy for every pixel. */
function overPicture({ shape, values }: NumericArray, name: string, refuse: Refuse): NumericArray {
  const width = shape.at(-1) ?? 1;
  if (values.some((value, i) => value !== values[i % width])) refuse(`"${name}" differs from pixel to pixel`);
  return { shape: [width], values: values.slice(0, width) };
}

/** Two 1x1 convolutions of a picture of one pixel. */
function classifierOf(layers: Layer[], refuse: Refuse): Map<string, NumericArray> {
  const names = ['hidden', 'logits'];
  if (layers.length !== names.length) refuse(`its classifier has ${layers.length} layers and should have 2`);
  const classifier = new Map<string, NumericArray>();
  let width = A0_STREAM.featureSize;
  names.forEach((name, i) => {
    const { shape, values } = firstAxisLast(constant(layers[i].weight, `${name}.weight`, refuse));
    const bias = constant(layers[i].bias, `${name}.bias`, refuse);
    const outputs = bias.values.length;
    if (shape.join() !== `1,1,${width},${outputs}`)
      refuse(`"${name}.weight" is [${shape.join()}] and should be [1,1,${width},${outputs}]`);
    classifier.set(`${name}.weight`, { shape: [width, outputs], values });
    classifier.set(`${name}.bias`, { shape: [outputs], values: bias.values });
    width = outputs;
  });
  return classifier;
}
