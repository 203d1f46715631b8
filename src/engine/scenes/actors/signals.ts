/** Traffic lights: a fixed cycle of phases. */

export type Light = 'green' | 'amber' | 'red';

export interface SignalPhase {
  seconds: number;
  /** Groups that have green (or amber); all others have red. */
  green: readonly string[];
  amber?: readonly string[];
}

export type SignalPlan = readonly SignalPhase[];

/** What a group of lights shows at a time. */
export function lightOf(plan: SignalPlan, group: string, seconds: number): Light {
  const { phase } = phaseAt(plan, seconds);
  if (phase.green.includes(group)) return 'green';
  return phase.amber?.includes(group) ? 'amber' : 'red';
}

/** The phase at a time, and how long it will go on. */
export function phaseAt(plan: SignalPlan, seconds: number): { phase: SignalPhase; left: number } {
  const cycle = plan.reduce((sum, phase) => sum + phase.seconds, 0);
  let into = seconds - cycle * Math.floor(seconds / cycle);
  for (const phase of plan) {
    if (into < phase.seconds) return { phase, left: phase.seconds - into };
    into -= phase.seconds;
  }
  return { phase: plan[plan.length - 1], left: 0 };
}
