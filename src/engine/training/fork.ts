/** How a run goes on under another configuration. */
import type { Head, Parameters } from '../heads/head.ts';
import type { Config } from '../heads/config.fields.ts';
import type { Checkpoint } from './loop.ts';

export interface Forked {
  checkpoint: Checkpoint;
  /** Parameters that the run had not: they start as the seed has it. */
  fresh: string[];
  /** Parameters that there is no use for any more. */
  dropped: string[];
}

/**
 * The checkpoint that a run goes on from with another configuration. Parameters of the same name and shape are kept
 * with the optimiser's memory of them, what is missing starts from `initial`, and what is superfluous is dropped.
 * @param initial the parameters that a new run of the other configuration and the same seed would start from
 */
export function forkCheckpoint(head: Head, config: Config, initial: Parameters, from: Checkpoint): Forked {
  const isKept = (name: string) => {
    const [own, other] = [from.parameters.get(name), initial.get(name)];
    return own !== undefined && other !== undefined && own.shape.join() === other.shape.join();
  };
  const parameters: Parameters = new Map(
    [...initial].map(([name, start]) => [name, isKept(name) ? from.parameters.get(name)! : start]),
  );
  const slots = new Map([...from.slots].filter(([key]) => isKept(key.slice(key.indexOf('/') + 1))));
  const remembered = head.memory?.(config);
  const memory = new Map([...from.memory].filter(([, { shape }]) => shape[0] === remembered));
  return {
    checkpoint: { step: from.step, parameters, slots, memory },
    fresh: [...initial.keys()].filter((name) => !isKept(name)),
    dropped: [...from.parameters.keys()].filter((name) => !isKept(name)),
  };
}
