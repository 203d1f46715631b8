/** Any fixture, checked by its kind. */
import { adapters } from './adapters.ts';
import type { ModelFixture } from './adapter.ts';
import { unknown, type Deviations, type Fixture } from './fixture.ts';
import { checkModel } from './model.ts';
import { checkOperation, type OperationFixture } from './operations.ts';
import { checkOptimiser, type OptimiserFixture } from './optimisers.ts';
import { checkPure, type PureFixture } from './pure.ts';
import { checkTrained, type TrainedFixture } from './trained.ts';

/**
 * @param weights reads another safetensors file that a fixture names; null where there is none
 * @throws Failure `format-invalid` for what we have no counterpart of
 */
export async function checkFixture(
  fixture: Fixture,
  weights: (name: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<Deviations> {
  switch (fixture.notes.kind) {
    case 'model': {
      const { method, variant } = (fixture as ModelFixture).notes;
      const adapter = adapters[`${method}-${variant}`] ?? adapters[method];
      if (!adapter) throw unknown(fixture, `the method "${method}"`);
      return checkModel(fixture as ModelFixture, adapter);
    }
    case 'op':
      return checkOperation(fixture as OperationFixture);
    case 'optim':
      return checkOptimiser(fixture as OptimiserFixture);
    case 'pure':
      return checkPure(fixture as PureFixture);
    case 'head_io':
      return checkTrained(fixture as TrainedFixture, weights);
    default:
      throw unknown(fixture, `the kind "${String(fixture.notes.kind)}"`);
  }
}
