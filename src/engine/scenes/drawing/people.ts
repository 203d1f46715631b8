/** People and dogs: a skeleton whose joints follow from what they do. */
import type { Actor, Held, Pose } from '../actors/actor.ts';
import type { Frame, Parts } from './parts.ts';

const SKIN = [0xc99b7a, 0xa87650, 0x7d5438, 0xe0b595];
const HAIR = [0x2a211c, 0x4d3827, 0x8a6a45, 0x1a1a1c, 0x9a9a98];
const SHOE = 0x1d1d1f;

/** Angles of the joints in radians, positive to the front; of the left and the right limb. */
interface Joints {
  hip: [number, number];
  /** Bends backwards. */
  knee: [number, number];
  shoulder: [number, number];
  /** Bends forwards. */
  elbow: [number, number];
  /** Of the trunk, forwards. */
  lean: number;
  /** How far the hips come down, metres. */
  drop: number;
  /** Arms away from the body. */
  spread: number;
}

const STRAIGHT: Joints = {
  hip: [0, 0],
  knee: [0, 0],
  shoulder: [0.05, 0.05],
  elbow: [0.15, 0.15],
  lean: 0,
  drop: 0,
  spread: 0.08,
};

/** @param stride metres gone, or seconds of the gesture */
function jointsOf(pose: Pose, stride: number): Joints {
  const swing = (rate: number) => Math.sin(stride * rate);
  switch (pose) {
    case 'walk': {
      const s = 0.55 * swing(4.4);
      return {
        ...STRAIGHT,
        hip: [s, -s],
        knee: [Math.max(0, -s) * 1.1, Math.max(0, s) * 1.1],
        shoulder: [-s * 0.8, s * 0.8],
      };
    }
    case 'run': {
      const s = swing(2.7);
      return {
        ...STRAIGHT,
        hip: [0.95 * s + 0.1, -0.95 * s + 0.1],
        knee: [0.5 + Math.max(0, -s) * 1.1, 0.5 + Math.max(0, s) * 1.1],
        shoulder: [-1.1 * s, 1.1 * s],
        elbow: [1.5, 1.5],
        lean: 0.25,
      };
    }
    case 'sit':
      return {
        ...STRAIGHT,
        hip: [1.5, 1.5],
        knee: [1.5, 1.5],
        shoulder: [0.5, 0.5],
        elbow: [0.7, 0.7],
        drop: 0.43,
      };
    case 'crouch':
      return {
        ...STRAIGHT,
        hip: [1.7, 1.3],
        knee: [2.2, 2.2],
        shoulder: [0.9, 0.9],
        elbow: [0.4, 0.4],
        lean: 0.5,
        drop: 0.5,
      };
    case 'punch': {
      const s = swing(9);
      return {
        ...STRAIGHT,
        hip: [0.35, -0.3],
        shoulder: [1.4 + 0.5 * s, 1.4 - 0.5 * s],
        elbow: [1.1 - 1.1 * s, 1.1 + 1.1 * s],
        lean: 0.15 + 0.1 * s,
      };
    }
    case 'kick': {
      const s = Math.max(0, swing(6));
      return {
        ...STRAIGHT,
        hip: [-0.1, 1.5 * s],
        knee: [0.1, 0.4],
        shoulder: [0.9, -0.5],
        spread: 0.5,
        lean: -0.2 * s,
      };
    }
    case 'aim':
      return { ...STRAIGHT, hip: [0.25, -0.25], shoulder: [1.5, 1.5], elbow: [0.05, 0.05], spread: -0.1 };
    case 'hands-up':
      return { ...STRAIGHT, shoulder: [2.8, 2.8], elbow: [0.3, 0.3], spread: 0.3 };
    case 'wave':
      return { ...STRAIGHT, shoulder: [0.1, 2.6], elbow: [0.1, 0.5 + 0.5 * swing(7)], spread: 0.3 };
    case 'smoke': {
      const s = swing(1.2) > 0.2 ? 1 : 0;
      return { ...STRAIGHT, shoulder: [0.05, 0.5 + 0.5 * s], elbow: [0.15, 1.1 + 1.1 * s] };
    }
    case 'sweep': {
      const s = swing(5);
      return {
        ...STRAIGHT,
        shoulder: [0.8 + 0.35 * s, 0.6 + 0.35 * s],
        elbow: [0.6, 0.9],
        lean: 0.35 + 0.08 * s,
        hip: [0.15, -0.15],
      };
    }
    case 'spray': {
      const s = swing(4);
      return { ...STRAIGHT, shoulder: [0.2, 1.5 + 0.45 * s], elbow: [0.2, 0.3], spread: 0.1 + 0.2 * s };
    }
    case 'carry': {
      const s = 0.4 * swing(4.4);
      return {
        ...STRAIGHT,
        hip: [s, -s],
        knee: [Math.max(0, -s), Math.max(0, s)],
        shoulder: [0.9, 0.9],
        elbow: [0.7, 0.7],
        lean: -0.12,
      };
    }
    case 'grab':
      return { ...STRAIGHT, hip: [0.5, -0.3], shoulder: [1.3, 1.5], elbow: [0.3, 0.1], lean: 0.45 };
    case 'lie':
    case 'stand':
      return STRAIGHT;
  }
}

/** Metres of someone who is 1.75 m tall. */
const BODY = { leg: 0.43, arm: 0.3, trunk: 0.56, hips: 0.88, shoulders: 0.2 };

/**
 * @param frame on the ground, looking ahead
 * @returns the right hand
 */
export function drawPerson(parts: Parts, frame: Frame, actor: Actor): Frame {
  const joints = jointsOf(actor.pose, actor.stride);
  // Who lies, lies on the back: the whole figure is tipped over.
  const root = actor.pose === 'lie' ? frame.at(0.85, 0, 0.16, { pitch: Math.PI / 2 }) : frame;
  return drawFigure(parts, root, actor, joints);
}

/** Someone on a bicycle. */
export function drawRider(parts: Parts, frame: Frame, actor: Actor): void {
  const turn = actor.stride * 1.9;
  const foot = (phase: number) => 0.9 + 0.45 * Math.sin(turn + phase);
  const bent = (phase: number) => 1.1 + 0.5 * Math.sin(turn + phase + 0.4);
  const joints: Joints = {
    ...STRAIGHT,
    hip: [foot(0), foot(Math.PI)],
    knee: [bent(0), bent(Math.PI)],
    shoulder: [1.1, 1.1],
    elbow: [0.3, 0.3],
    lean: 0.5,
    drop: -0.08,
  };
  drawFigure(parts, frame.at(-0.2, 0, 0), actor, joints);
}

function drawFigure(parts: Parts, frame: Frame, actor: Actor, joints: Joints): Frame {
  const { colour, accent } = actor.look;
  const tall = actor.kind === 'person' ? actor.size.height / 1.75 : 1;
  const s = (metres: number) => metres * tall;
  const hips = frame.at(0, 0, s(BODY.hips) - joints.drop);
  const trunk = hips.at(0, 0, 0, { pitch: -joints.lean });
  parts.put('box', trunk.at(0, 0, s(BODY.trunk / 2)), [s(0.24), s(0.4), s(BODY.trunk + 0.08)], colour);
  const skin = SKIN[actor.id % SKIN.length];
  const head = trunk.at(s(0.03), 0, s(BODY.trunk + 0.19));
  parts.put('ball', head, [s(0.24), s(0.22), s(0.28)], skin);
  parts.put('ball', head.at(-s(0.03), 0, s(0.05)), [s(0.25), s(0.24), s(0.25)], HAIR[actor.id % HAIR.length]);
  let hand = trunk;
  for (const [i, side] of [1, -1].entries()) {
    const thigh = hips.at(0, side * s(0.1), 0, { pitch: joints.hip[i] });
    limb(parts, thigh, s(BODY.leg), s(0.17), accent);
    const shin = thigh.at(0, 0, -s(BODY.leg), { pitch: -joints.knee[i] });
    limb(parts, shin, s(BODY.leg), s(0.14), accent);
    parts.put('box', shin.at(s(0.06), 0, -s(BODY.leg)), [s(0.26), s(0.1), s(0.08)], SHOE);
    const upper = trunk.at(0, side * s(BODY.shoulders + 0.05), s(BODY.trunk), {
      pitch: joints.shoulder[i] + joints.lean,
      roll: side * joints.spread,
    });
    limb(parts, upper, s(BODY.arm), s(0.13), colour);
    const fore = upper.at(0, 0, -s(BODY.arm), { pitch: joints.elbow[i] });
    limb(parts, fore, s(BODY.arm), s(0.11), colour);
    hand = fore.at(0, 0, -s(BODY.arm));
    parts.put('box', hand, [s(0.1), s(0.09), s(0.12)], skin);
  }
  if (actor.held) drawHeld(parts, { frame, trunk, hand }, actor.held, actor);
  return hand;
}

/** Hangs down from where its frame is. */
function limb(parts: Parts, frame: Frame, length: number, thick: number, hex: number): void {
  parts.put('box', frame.at(0, 0, -length / 2), [thick, thick, length + 0.05], hex);
}

/** What someone holds by: the feet, the trunk, and the right hand, whose z points back up the arm. */
interface Holder {
  frame: Frame;
  trunk: Frame;
  hand: Frame;
}

function drawHeld(
  parts: Parts,
  { frame, trunk, hand }: Holder,
  held: Held,
  { look, stride, pose }: Actor,
): void {
  switch (held) {
    case 'broom': {
      // From the hand down to the ground before the feet, where it goes to and fro.
      const reach = pose === 'sweep' ? 0.25 * Math.sin(stride * 5) : 0;
      const brush = frame.at(1.05 + reach, -0.15 + 0.6 * reach, 0.1);
      const grip = hand.place;
      const end = brush.place;
      parts.rod(grip.clone().addScaledVector(grip.clone().sub(end), 0.35), end, 0.055, 0xa07f4c);
      parts.put('box', brush, [0.16, 0.62, 0.2], 0xc9a94a);
      return;
    }
    case 'gun':
      parts.put('box', hand.at(0.02, 0, -0.22), [0.1, 0.08, 0.5], 0x0c0c0d);
      parts.put('box', hand.at(-0.1, 0, -0.04), [0.2, 0.07, 0.09], 0x0c0c0d);
      return;
    case 'can':
      parts.put('cylinder', hand.at(0.02, 0, -0.1, { roll: Math.PI / 2 }), [0.11, 0.26, 0.11], 0xc43a2e);
      return;
    case 'cigarette': {
      const isGlowing = Math.sin(stride * 1.2) > 0.2;
      parts.put('box', hand.at(0.05, 0, -0.1), [0.04, 0.04, 0.16], 0xf2f0ea);
      parts.shine('ball', hand.at(0.05, 0, -0.2), [0.07, 0.07, 0.07], isGlowing ? 0xff7a2a : 0xb04018);
      return;
    }
    case 'leash':
      parts.put('box', hand, [0.06, 0.06, 0.08], 0xb03030);
      return;
    case 'handbag':
      parts.put('box', hand.at(0, 0, -0.24), [0.34, 0.14, 0.28], look.accent ^ 0x402010);
      return;
    case 'umbrella': {
      const stick = trunk.at(0.16, -0.16, 0.85);
      parts.put('box', stick, [0.03, 0.03, 0.8], 0x222222);
      parts.put('ball', stick.at(0, 0, 0.38), [1.1, 1.1, 0.34], look.accent);
      return;
    }
    case 'phone':
      parts.put('box', hand.at(0.04, 0, -0.05), [0.03, 0.08, 0.15], 0x101114);
      return;
    case 'parcel':
      parts.put('box', trunk.at(0.48, 0, 0.22), [0.55, 0.75, 0.5], 0xb08a5a);
  }
}

/** @param frame on the ground, looking ahead */
export function drawDog(parts: Parts, frame: Frame, { look, stride, speed }: Actor): void {
  const { colour } = look;
  parts.put('box', frame.at(0, 0, 0.42), [0.6, 0.22, 0.24], colour);
  parts.put('ball', frame.at(0.4, 0, 0.58), [0.26, 0.2, 0.24], colour);
  parts.put('box', frame.at(0.54, 0, 0.54), [0.16, 0.1, 0.1], colour);
  parts.put('box', frame.at(-0.36, 0, 0.56, { pitch: -0.7 }), [0.28, 0.05, 0.05], colour);
  for (const [i, x] of [0.24, -0.24].entries()) {
    for (const [j, y] of [0.08, -0.08].entries()) {
      const swing = speed > 0.1 ? 0.6 * Math.sin(stride * 7 + Math.PI * (i + j)) : 0;
      parts.put('box', frame.at(x, y, 0.34, { pitch: swing }).at(0, 0, -0.16), [0.08, 0.07, 0.36], colour);
    }
  }
}
