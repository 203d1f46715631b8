/**
 * Draws a street as its camera sees it, moment by moment. Only pictures are made here: who is where is the street's
 * own, and the same everywhere; a picture may differ from one graphics card to the next.
 */
import * as THREE from 'three';
import type { Actor } from '../actors/actor.ts';
import { groundAt } from '../ground.ts';
import type { Street } from '../street.ts';
import { Lens } from './lens.ts';
import { Frame, Parts } from './parts.ts';
import { drawDog, drawPerson } from './people.ts';
import { buildSky } from './sky.ts';
import { patchesOf, Sprites, type Patch } from './sprites.ts';
import { buildStatics, disposeStatics, placed } from './statics.ts';
import { drawThing } from './things.ts';
import { drawVehicle } from './vehicles.ts';

export class StreetDrawing {
  readonly #renderer: THREE.WebGLRenderer;
  readonly #scene = new THREE.Scene();
  readonly #camera: THREE.PerspectiveCamera;
  readonly #parts = new Parts();
  readonly #statics: THREE.Group;
  readonly #pools = new Sprites({ isFlat: true, isLight: true });
  readonly #smoke = new Sprites({ isFlat: false, isLight: false });
  readonly #fire = new Sprites({ isFlat: false, isLight: true });
  readonly #lens: Lens;
  readonly #isDark: boolean;

  /** @param canvas takes the size of the camera's picture */
  constructor(canvas: OffscreenCanvas, street: Street) {
    const { camera, conditions, world } = street;
    const { width, height } = camera.size;
    this.#renderer = new THREE.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true });
    this.#renderer.setSize(width, height, false);
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = THREE.PCFShadowMap;
    this.#isDark = conditions.daylight !== 'day';
    const { mount } = camera;
    this.#camera = new THREE.PerspectiveCamera(mount.fieldOfView, width / height, 1.5, 400);
    this.#camera.up.set(0, 0, 1);
    this.#camera.position.set(mount.position.x, mount.position.y, mount.height);
    this.#camera.lookAt(mount.target.x, mount.target.y, mount.targetHeight);
    const sky = buildSky(conditions, mount.target);
    this.#scene.background = sky.background;
    this.#scene.fog = sky.fog;
    this.#statics = buildStatics(world, mount.position, this.#isDark);
    this.#scene.add(this.#statics, ...sky.lights, ...this.#parts.meshes);
    this.#scene.add(this.#pools.mesh, this.#smoke.mesh, this.#fire.mesh);
    this.#lens = new Lens(camera.size, conditions, street.options.seed);
  }

  /** Draws the moment that the street is at. */
  draw(street: Street): void {
    this.#parts.clear();
    for (const actor of street.actors) this.#drawActor(street, actor);
    this.#drawSignals(street);
    this.#parts.send();
    const effects = street.effects.map(patchesOf);
    this.#smoke.show(effects.flatMap(({ covering }) => covering));
    this.#fire.show(effects.flatMap(({ shining }) => shining));
    this.#pools.show(this.#isDark ? pools(street) : []);
    this.#renderer.setRenderTarget(this.#lens.target);
    this.#renderer.render(this.#scene, this.#camera);
    this.#lens.draw(this.#renderer, street.seconds);
  }

  dispose(): void {
    disposeStatics(this.#statics);
    this.#parts.dispose();
    for (const sprites of [this.#pools, this.#smoke, this.#fire]) sprites.dispose();
    this.#lens.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #drawActor({ world, seconds }: Street, actor: Actor): void {
    const z = actor.elevation + groundAt(world.surfaces, actor.position);
    const { pitch, roll } = actor;
    const frame = new Frame(placed(actor.position, actor.facing, z)).at(0, 0, 0, { pitch, roll });
    if (actor.kind === 'person') drawPerson(this.#parts, frame, actor);
    else if (actor.kind === 'dog') drawDog(this.#parts, frame, actor);
    else if (actor.kind === 'thing') drawThing(this.#parts, frame, actor);
    else drawVehicle(this.#parts, frame, actor, seconds, this.#isDark);
  }

  /** The lights of traffic lights, as they are at the moment. */
  #drawSignals(street: Street): void {
    if (!street.world.signals) return;
    for (const { kind, centre, facing, height } of street.world.solids) {
      if (kind !== 'signal') continue;
      const group = Math.abs(facing.y) > Math.abs(facing.x) ? 'ns' : 'ew';
      const light = street.light(group);
      const frame = new Frame(placed(centre, facing));
      for (const [i, [name, hex]] of Object.entries({
        red: 0xff3020,
        amber: 0xffb020,
        green: 0x30e070,
      }).entries()) {
        const isOn = light === name;
        const lamp = frame.at(0.28, 0, height - 0.2 - 0.3 * i);
        this.#parts.put('ball', lamp, [0.12, 0.24, 0.24], isOn ? hex : 0x141414, isOn ? 'glow' : 'lit');
      }
    }
  }
}

/** Light on the ground: under lamps, and before vehicles. */
function pools({ world, actors, conditions }: Street): Patch[] {
  const strength = conditions.daylight === 'night' ? 1 : 0.35;
  const lamps = world.solids
    .filter(({ kind }) => kind === 'lamp')
    .map(({ centre, facing }): Patch => {
      const [x, y] = [centre.x + 1.1 * facing.x, centre.y + 1.1 * facing.y];
      return { x, y, z: 0.16, radius: 9, colour: [1, 0.78, 0.48], alpha: 0.26 * strength };
    });
  const beams = actors
    .filter(({ kind }) => ['car', 'van', 'lorry', 'bus'].includes(kind))
    .flatMap(({ position, facing, size }) =>
      [3, 6].map((ahead): Patch => {
        const reach = size.length / 2 + ahead;
        const [x, y] = [position.x + reach * facing.x, position.y + reach * facing.y];
        return { x, y, z: 0.17, radius: 1.2 + 0.35 * ahead, colour: [1, 0.95, 0.82], alpha: 0.13 * strength };
      }),
    );
  return [...lamps, ...beams];
}
