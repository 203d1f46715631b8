/**
 * Draws a street as its camera sees it, moment by moment. Only pictures are made here: who is where is the street's
 * own, and the same everywhere; a picture may differ from one graphics card to the next.
 */
import * as THREE from 'three';
import type { Actor } from '../actors/actor.ts';
import { distance, groundAt } from '../ground.ts';
import type { Street } from '../street.ts';
import type { World } from '../worlds/world.ts';
import { glowsOf, lamplightAt, lampStrength, poolsOf } from './lamplight.ts';
import { Lens } from './lens.ts';
import { Frame, Parts, placed } from './parts.ts';
import { drawDog, drawPerson } from './people.ts';
import { buildSky } from './sky.ts';
import { patchesOf, Sprites } from './sprites.ts';
import { buildStatics, disposeStatics, frustumOf } from './statics.ts';
import { drawThing } from './things.ts';
import { drawVehicle } from './vehicles.ts';

const sphere = new THREE.Sphere();

/** Metres between hand and dog at most. */
const LEASH = 5;

export class StreetDrawing {
  readonly #renderer: THREE.WebGLRenderer;
  readonly #scene = new THREE.Scene();
  readonly #camera: THREE.PerspectiveCamera;
  readonly #parts: Parts;
  readonly #statics: THREE.Group;
  /** Light on the ground. */
  readonly #pools: Sprites;
  /** What hides what is behind it, and what shines over it. */
  readonly #smoke: Sprites;
  readonly #fire: Sprites;
  readonly #lens: Lens;
  /** How much of the light is that of lamps. */
  readonly #lamps: number;
  readonly #seen: THREE.Frustum;
  /** Of something a metre high, metres. */
  readonly #shadowLength: number;

  /** @param canvas takes the size of the camera's picture */
  constructor(canvas: OffscreenCanvas, street: Street) {
    const { camera, conditions, world } = street;
    const { width, height } = camera.size;
    this.#renderer = new THREE.WebGLRenderer({ canvas, antialias: false, preserveDrawingBuffer: true });
    this.#renderer.setSize(width, height, false);
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = THREE.PCFShadowMap;
    this.#lamps = lampStrength(conditions);
    const { mount } = camera;
    this.#camera = new THREE.PerspectiveCamera(mount.fieldOfView, width / height, 1.5, 400);
    this.#camera.up.set(0, 0, 1);
    this.#camera.position.set(mount.position.x, mount.position.y, mount.height);
    this.#camera.lookAt(mount.target.x, mount.target.y, mount.targetHeight);
    this.#camera.updateMatrixWorld();
    this.#seen = frustumOf(this.#camera);
    const { light, sun } = buildSky(conditions, mount.target);
    this.#shadowLength = Math.hypot(light.sunWay.x, light.sunWay.y) / light.sunWay.z;
    this.#scene.background = light.haze;
    this.#scene.fog = new THREE.Fog(light.haze, ...light.hazed.toArray());
    this.#parts = new Parts(light);
    this.#pools = new Sprites(light, { isFlat: true, isLight: true });
    this.#smoke = new Sprites(light, { isFlat: false, isLight: false });
    this.#fire = new Sprites(light, { isFlat: false, isLight: true });
    this.#statics = buildStatics(world, { light, sun, camera: this.#camera, lamps: this.#lamps });
    this.#scene.add(this.#statics, sun, sun.target, ...this.#parts.meshes);
    this.#scene.add(this.#pools.mesh, this.#smoke.mesh, this.#fire.mesh);
    this.#lens = new Lens(camera.size, conditions, street.options.seed);
  }

  /** Draws the moment that the street is at. */
  draw(street: Street): void {
    this.#parts.clear();
    for (const actor of street.actors) if (this.#isShown(actor)) this.#drawActor(street, actor);
    this.#drawSignals(street);
    this.#parts.send();
    const effects = street.effects.map(patchesOf);
    this.#smoke.show(effects.flatMap(({ covering }) => covering));
    this.#fire.show([...glowsOf(street), ...effects.flatMap(({ shining }) => shining)]);
    this.#pools.show(poolsOf(street));
    this.#renderer.setRenderTarget(this.#lens.target);
    this.#renderer.render(this.#scene, this.#camera);
    this.#lens.draw(this.#renderer, street.seconds);
  }

  /** Whether the graphics device went away: what is drawn then is nothing, and nobody else says so. */
  get isLost(): boolean {
    return this.#renderer.getContext().isContextLost();
  }

  dispose(): void {
    disposeStatics(this.#statics);
    this.#parts.dispose();
    for (const sprites of [this.#pools, this.#smoke, this.#fire]) sprites.dispose();
    this.#lens.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  /** Whether any of it, or of its shadow, can be in the picture. */
  #isShown({ position, elevation, size }: Actor): boolean {
    const reach = size.length / 2 + size.height * (1 + this.#shadowLength);
    sphere.center.set(position.x, position.y, elevation);
    sphere.radius = reach;
    return this.#seen.intersectsSphere(sphere);
  }

  #drawActor(street: Street, actor: Actor): void {
    const { world, seconds, actors } = street;
    const others = actors.filter((other) => other !== actor);
    this.#parts.lamplight = lamplightAt(actor.position, world, this.#lamps, others);
    const frame = frameOf(actor, world);
    if (actor.kind === 'person') {
      const hand = drawPerson(this.#parts, frame, actor);
      if (actor.held === 'leash') this.#drawLeash(street, actor, hand);
    } else if (actor.kind === 'dog') drawDog(this.#parts, frame, actor);
    else if (actor.kind === 'thing') drawThing(this.#parts, frame, actor);
    else drawVehicle(this.#parts, frame, actor, seconds, this.#lamps > 0);
  }

  /** From the hand to the neck of the nearest dog. */
  #drawLeash({ world, actors }: Street, owner: Actor, hand: Frame): void {
    const away = (dog: Actor) => distance(dog.position, owner.position);
    const near = actors.filter((dog) => dog.kind === 'dog' && away(dog) < LEASH);
    if (near.length === 0) return;
    const dog = near.reduce((a, b) => (away(b) < away(a) ? b : a));
    this.#parts.rod(hand.place, frameOf(dog, world).at(0.32, 0, 0.55).place, 0.045, 0x9a2a26);
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
        if (isOn) this.#parts.shine('ball', lamp, [0.14, 0.27, 0.27], hex);
        else this.#parts.put('ball', lamp, [0.12, 0.24, 0.24], 0x141414);
      }
    }
  }
}

/** Where an actor is and how it is tipped: x ahead, y to the left, z up. */
function frameOf({ position, facing, elevation, pitch, roll }: Actor, { surfaces }: World): Frame {
  const z = elevation + groundAt(surfaces, position);
  return new Frame(placed(position, facing, z)).at(0, 0, 0, { pitch, roll });
}
