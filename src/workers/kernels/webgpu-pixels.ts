/**
 * Pictures on the graphics device: a decoded frame becomes a texture without leaving it, and one compute pass turns,
 * scales and crops it into the batch, as `resizeAndCrop` does it, four taps and all.
 *
 * The geometry is exact to a hundredth of a level. The colours are the browser's, which converts YUV to RGB on the device
 * by other code than in `VideoFrame.copyTo`: it blends colour between its coarser pixels, where `copyTo` repeats them
 * (and on x86 cuts the weight of blue off at 2, where BT.709 asks for 2.11). On the mean that is less than a level. Some
 * browsers do worse, down to green borders, so the first pictures of a run are read both ways; where they disagree, or
 * the device reports an error, the next way of getting at the pixels is taken, the last of which is the portable one.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Provenance } from '../../engine/types.ts';
import type { PictureLayout, Pictures, ShownFrame } from '../../engine/video/pictures.ts';
import { PictureReader, resizeAndCrop, samplingMap } from '../../engine/video/pixels.ts';

/** How a frame gets to the device, best first: as it is, as a copy in RGB, or as a finished picture. */
const WAYS = ['external', 'copied', 'uploaded'] as const;
type Way = (typeof WAYS)[number];

/** Pictures that are read both ways. One without contrast proves nothing and does not count. */
const PROOFS = 4;
const CONTRAST = 32 / 255;

/** Mean deviation from the portable path beyond which it is another picture, of all of it and of a row or column. */
const TOLERANCE = { picture: 1 / 255, line: 4 / 255 };

/** Batches under way at most, this one included. */
const BATCHES = 2;

/**
 * Pictures that are put together on the device of the WebGPU backend; null where that is not the backend.
 * @param only takes this way whatever comes of it; for tests
 */
export function gpuPictures(layout: PictureLayout, only?: Way): GpuPictures | null {
  if (tf.getBackend() !== 'webgpu') return null;
  return new GpuPictures((tf.backend() as WebGPUBackend).device as GPUDevice, layout, only);
}

export class GpuPictures implements Pictures {
  readonly #device: GPUDevice;
  readonly #layout: PictureLayout;
  readonly #reader = new PictureReader();
  /** Filled in turn. Buffers are read and written in the order of submission, so that none is ever waited for. */
  readonly #batches: GPUBuffer[];
  readonly #latest: GPUBuffer;
  readonly #sampling: GPUBuffer;
  readonly #pipelines = new Map<Way, GPUComputePipeline>();
  readonly #pictureBytes: number;
  #turn = 0;
  #way: Way;
  #proofs: number;
  /** Size of the frame that `#sampling` is for. */
  #stored = { width: 0, height: 0 };
  #texture: GPUTexture | null = null;

  constructor(device: GPUDevice, layout: PictureLayout, only?: Way) {
    this.#device = device;
    this.#layout = layout;
    this.#way = only ?? WAYS[0];
    this.#proofs = only ? 0 : PROOFS;
    this.#pictureBytes = layout.size ** 2 * 3 * Float32Array.BYTES_PER_ELEMENT;
    const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = GPUBufferUsage;
    const usage = STORAGE | COPY_SRC | COPY_DST;
    this.#batches = Array.from({ length: BATCHES }, () =>
      device.createBuffer({ size: layout.places * this.#pictureBytes, usage }),
    );
    this.#latest = device.createBuffer({ size: this.#pictureBytes, usage });
    this.#sampling = device.createBuffer({ size: SAMPLING_BYTES, usage: UNIFORM | COPY_DST });
  }

  get source(): Provenance['pixels'] {
    return this.#way === 'uploaded' ? this.#reader.source : 'gpu';
  }

  async put({ picture }: ShownFrame, place: number): Promise<void> {
    if (this.#proofs === 0) await this.#read(picture);
    else await this.#readAndProve(picture);
    this.repeat(place);
  }

  repeat(place: number): void {
    const commands = this.#device.createCommandEncoder();
    const at = place * this.#pictureBytes;
    commands.copyBufferToBuffer(this.#latest, 0, this.#batches[this.#turn], at, this.#pictureBytes);
    this.#device.queue.submit([commands.finish()]);
  }

  take(count: number): tf.Tensor4D {
    const buffer = this.#batches[this.#turn];
    this.#turn = (this.#turn + 1) % BATCHES;
    const { size } = this.#layout;
    const shape: [number, number, number, number] = [count, size, size, 3];
    return tf.tensor({ buffer: buffer as never, zeroCopy: true }, shape, 'float32');
  }

  dispose(): void {
    for (const buffer of [...this.#batches, this.#latest, this.#sampling]) buffer.destroy();
    this.#texture?.destroy();
  }

  /** Goes on to the next way until nothing fails and the colours are right. */
  async #readAndProve(frame: VideoFrame): Promise<void> {
    const expected = await this.#portable(frame);
    if (!hasPrimariesOfScreen(frame)) this.#way = 'uploaded';
    for (this.#way of WAYS.slice(WAYS.indexOf(this.#way))) {
      if (this.#way === 'uploaded') {
        this.#proofs = 0;
        this.#device.queue.writeBuffer(this.#latest, 0, expected);
      } else if (await this.#isSound(frame, expected)) {
        if (contrast(expected) > CONTRAST) this.#proofs--;
        break;
      }
    }
  }

  async #isSound(frame: VideoFrame, expected: Float32Array): Promise<boolean> {
    this.#device.pushErrorScope('validation');
    const isThrown = await this.#read(frame).then(
      () => false,
      () => true,
    );
    const isReported = (await this.#device.popErrorScope()) !== null;
    return !isThrown && !isReported && agree(await this.#download(), expected, this.#layout.size);
  }

  /** Into `#latest`. */
  async #read(frame: VideoFrame): Promise<void> {
    if (this.#way === 'uploaded') {
      this.#device.queue.writeBuffer(this.#latest, 0, await this.#portable(frame));
      return;
    }
    const { width, height } = frame.visibleRect!;
    this.#sampleFor(width, height);
    // The device shows a frame at its display size; the aspect of the pixels is for the sampling to see to.
    const isSquare = frame.displayWidth === width && frame.displayHeight === height;
    const source = isSquare ? frame : new VideoFrame(frame, { displayWidth: width, displayHeight: height });
    try {
      this.#draw(
        this.#way === 'external' ? this.#device.importExternalTexture({ source }) : this.#copy(source),
      );
    } finally {
      if (source !== frame) source.close();
    }
  }

  async #portable(frame: VideoFrame): Promise<Float32Array<ArrayBuffer>> {
    const { geometry, size } = this.#layout;
    const picture = new Float32Array(size ** 2 * 3);
    resizeAndCrop(await this.#reader.read(frame), geometry, size, picture);
    return picture;
  }

  /** Frames of one video may differ in size. */
  #sampleFor(width: number, height: number): void {
    if (this.#stored.width === width && this.#stored.height === height) return;
    this.#stored = { width, height };
    const { x, y } = samplingMap(this.#layout.geometry, this.#stored, this.#layout.size);
    const numbers = Float32Array.of(...x, width - 1, ...y, height - 1);
    this.#device.queue.writeBuffer(this.#sampling, 0, numbers);
  }

  #copy(source: VideoFrame): GPUTextureView {
    const { width, height } = this.#stored;
    if (this.#texture?.width !== width || this.#texture.height !== height) {
      this.#texture?.destroy();
      const { TEXTURE_BINDING, COPY_DST, RENDER_ATTACHMENT } = GPUTextureUsage;
      const usage = TEXTURE_BINDING | COPY_DST | RENDER_ATTACHMENT;
      this.#texture = this.#device.createTexture({ size: [width, height], format: 'rgba8unorm', usage });
    }
    this.#device.queue.copyExternalImageToTexture({ source }, { texture: this.#texture }, [width, height]);
    return this.#texture.createView();
  }

  /** Submitted at once: the frame may be closed as soon as this returns. */
  #draw(source: GPUExternalTexture | GPUTextureView): void {
    const pipeline = this.#pipelineFor(this.#way);
    const commands = this.#device.createCommandEncoder();
    const pass = commands.beginComputePass();
    pass.setPipeline(pipeline);
    const resources = [{ buffer: this.#latest }, { buffer: this.#sampling }, source];
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    const groups = Math.ceil(this.#layout.size / TILE);
    pass.dispatchWorkgroups(groups, groups);
    pass.end();
    this.#device.queue.submit([commands.finish()]);
  }

  #pipelineFor(way: Way): GPUComputePipeline {
    const known = this.#pipelines.get(way);
    if (known) return known;
    const module = this.#device.createShaderModule({ code: program(way, this.#layout.size) });
    const made = this.#device.createComputePipeline({ layout: 'auto', compute: { module } });
    this.#pipelines.set(way, made);
    return made;
  }

  async #download(): Promise<Float32Array> {
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#device.createBuffer({ size: this.#pictureBytes, usage: MAP_READ | COPY_DST });
    try {
      const commands = this.#device.createCommandEncoder();
      commands.copyBufferToBuffer(this.#latest, 0, staging, 0, this.#pictureBytes);
      this.#device.queue.submit([commands.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }
}

/** Side of a workgroup's share of the picture. */
const TILE = 8;

/** Two rows of a map, and behind each the last column or row. */
const SAMPLING_BYTES = 8 * Float32Array.BYTES_PER_ELEMENT;

/** The sampling; pixels are rounded to the 8 bits that `VideoFrame.copyTo` would give. */
const program = (way: Way, size: number) => `
  struct Sampling { x : vec4<f32>, y : vec4<f32> };
  @group(0) @binding(0) var<storage, read_write> picture : array<f32>;
  @group(0) @binding(1) var<uniform> sampling : Sampling;
  @group(0) @binding(2) var source : ${way === 'external' ? 'texture_external' : 'texture_2d<f32>'};

  fn pixel(at : vec2<f32>) -> vec3<f32> {
    let held = vec2<i32>(clamp(at, vec2<f32>(0.0), vec2<f32>(sampling.x.w, sampling.y.w)));
    return round(textureLoad(source, held${way === 'external' ? '' : ', 0'}).rgb * 255.0);
  }

  @compute @workgroup_size(${TILE}, ${TILE})
  fn main(@builtin(global_invocation_id) id : vec3<u32>) {
    if (id.x >= ${size}u || id.y >= ${size}u) { return; }
    let here = vec3<f32>(vec2<f32>(id.xy), 1.0);
    let at = vec2<f32>(dot(sampling.x.xyz, here), dot(sampling.y.xyz, here));
    let first = floor(at);
    let share = at - first;
    let above = mix(pixel(first), pixel(first + vec2<f32>(1.0, 0.0)), share.x);
    let below = mix(pixel(first + vec2<f32>(0.0, 1.0)), pixel(first + vec2<f32>(1.0, 1.0)), share.x);
    let rgb = mix(above, below, share.y) / 255.0;
    let place = 3u * (id.y * ${size}u + id.x);
    picture[place] = rgb.r;
    picture[place + 1u] = rgb.g;
    picture[place + 2u] = rgb.b;
  }`;

/** The device maps colours of other primaries to the screen's; `copyTo` leaves them, which a grey picture cannot show. */
function hasPrimariesOfScreen({ colorSpace: { primaries } }: VideoFrame): boolean {
  return primaries === null || primaries === 'bt709';
}

function contrast(picture: Float32Array): number {
  const most = picture.reduce((a, b) => Math.max(a, b));
  return most - picture.reduce((a, b) => Math.min(a, b));
}

/** Whether two pictures are the same as a whole, and in each row and column: faults are often at a border. */
function agree(found: Float32Array, expected: Float32Array, size: number): boolean {
  const [rows, columns] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < found.length; i++) {
    const deviation = Math.abs(found[i] - expected[i]);
    rows[Math.floor(i / (3 * size))] += deviation;
    columns[Math.floor(i / 3) % size] += deviation;
  }
  const mean = rows.reduce((sum, row) => sum + row, 0) / found.length;
  return mean < TOLERANCE.picture && Math.max(...rows, ...columns) / (3 * size) < TOLERANCE.line;
}
