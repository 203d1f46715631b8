/** Traffic lights: a fixed cycle of phases. */

export type Light = 'green' | 'amber' | 'red';

interface SignalPhase {
  seconds: number;
  /** Groups that have green (or amber); all others have red. */
  green: readonly string[];
  amber?: readonly string[];
}

export type SignalPlan = readonly SignalPhase[];

/** What a group of lights shows at a time. */
export function lightOf(plan: SignalPlan, group: string, seconds: number): Light {
  const { green, amber } = phaseAt(plan, seconds);
  if (green.includes(group)) return 'green';
  return amber?.includes(group) ? 'amber' : 'red';
}

function phaseAt(plan: SignalPlan, seconds: number): SignalPhase {
  const cycle = plan.reduce((sum, phase) => sum + phase.seconds, 0);
  let into = seconds - cycle * Math.floor(seconds / cycle);
  for (const phase of plan) {
    if (into < phase.seconds) return phase;
    into -= phase.seconds;
  }
  return plan[plan.length - 1];
}
