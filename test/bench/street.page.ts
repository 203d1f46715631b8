/**
 * Streets drawn in a worker, and beside them what three.js needs at least: 240 boxes with shadows and nothing else. One
 * script for both sides: in a page it starts itself as a worker and watches whether the page still answers.
 */
import * as Comlink from 'comlink';
import * as THREE from 'three';
import { StreetDrawing } from '../../src/engine/scenes/drawing/street-drawing.ts';
import { Street, STREET_RATE, STREET_SIZE, type StreetOptions } from '../../src/engine/scenes/street.ts';

const { width, height } = STREET_SIZE;

/** Milliseconds per frame. */
export interface Costs {
  simulation: number;
  /** With reading the picture back. */
  drawing: number;
  /** Through JPEG and back to a picture. */
  compression: number;
}

/** Something that is drawn again and again on a canvas of WebGL. */
interface Subject {
  canvas: OffscreenCanvas;
  advance(): void;
  draw(): void;
  dispose(): void;
}

const worker = {
  measureStreet(options: Omit<StreetOptions, 'events'>, seconds: number): Promise<Costs> {
    const street = new Street({ ...options, events: [] });
    const canvas = new OffscreenCanvas(width, height);
    const drawing = new StreetDrawing(canvas, street);
    const subject: Subject = {
      canvas,
      advance: () => street.advance(),
      draw: () => drawing.draw(street),
      dispose: () => drawing.dispose(),
    };
    return measure(subject, seconds);
  },

  measureBoxes: (seconds: number): Promise<Costs> => measure(boxes(), seconds),
};

async function measure(subject: Subject, seconds: number): Promise<Costs> {
  const gl = subject.canvas.getContext('webgl2')!;
  const pixels = new Uint8Array(4 * width * height);
  const drawAndRead = () => {
    subject.draw();
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  };
  for (let i = 0; i < 3; i++) drawAndRead(); // shaders are compiled
  const taken: Costs[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const start = performance.now();
    subject.advance();
    const advanced = performance.now();
    drawAndRead();
    const drawn = performance.now();
    const file = await subject.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.6 });
    (await createImageBitmap(file)).close();
    const compression = performance.now() - drawn;
    taken.push({ simulation: advanced - start, drawing: drawn - advanced, compression });
  }
  subject.dispose();
  const median = (key: keyof Costs) => {
    const values = taken.map((costs) => costs[key]).sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)];
  };
  return {
    simulation: median('simulation'),
    drawing: median('drawing'),
    compression: median('compression'),
  };
}

/** A bare street of three.js: 240 boxes on a plane under a sun, a mesh each, as one would begin. */
function boxes(): Subject {
  const canvas = new OffscreenCanvas(width, height);
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true });
  renderer.setSize(width, height, false);
  renderer.shadowMap.enabled = true;
  const scene = new THREE.Scene();
  const camera = new THREE.PerspectiveCamera(46, width / height, 1, 300);
  camera.up.set(0, 0, 1);
  camera.position.set(-4, -24, 10);
  camera.lookAt(0, 0, 0);
  const sun = new THREE.DirectionalLight(0xffffff, 3);
  sun.position.set(-20, -30, 40);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  Object.assign(sun.shadow.camera, { left: -30, right: 30, bottom: -30, top: 30, near: 5, far: 120 });
  scene.add(new THREE.HemisphereLight(0xffffff, 0x777777, 2), sun);
  const ground = new THREE.Mesh(new THREE.PlaneGeometry(200, 200), new THREE.MeshLambertMaterial());
  ground.receiveShadow = true;
  scene.add(ground);
  const geometry = new THREE.BoxGeometry(1, 1, 1.8);
  const material = new THREE.MeshLambertMaterial({ color: 0x8a5a4a });
  const meshes = Array.from({ length: 240 }, (_, i) => {
    const mesh = new THREE.Mesh(geometry, material);
    mesh.position.set(((i * 7) % 48) - 24, ((i * 13) % 40) - 20, 0.9);
    mesh.castShadow = mesh.receiveShadow = true;
    scene.add(mesh);
    return mesh;
  });
  return {
    canvas,
    advance: () => meshes.forEach((mesh, i) => (mesh.position.x += (i % 2 ? 1 : -1) / STREET_RATE)),
    draw: () => renderer.render(scene, camera),
    dispose: () => {
      renderer.dispose();
      renderer.forceContextLoss();
    },
  };
}

/** The longest time for which the page did not answer while the worker drew; milliseconds. */
async function silenceDuring(job: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await job();
  clearInterval(timer);
  return longest;
}

if ('document' in globalThis) {
  const remote = Comlink.wrap<typeof worker>(new Worker(import.meta.url, { type: 'module' }));
  Object.assign(globalThis, { streetBench: { ...proxied(remote), silenceDuring } });
} else {
  Comlink.expose(worker);
}

/** Plain functions: the page's functions are called by name from outside. */
function proxied(remote: Comlink.Remote<typeof worker>) {
  return {
    measureStreet: (...given: Parameters<typeof worker.measureStreet>) => remote.measureStreet(...given),
    measureBoxes: (seconds: number) => remote.measureBoxes(seconds),
  };
}

export type StreetBench = ReturnType<typeof proxied> & { silenceDuring: typeof silenceDuring };
